from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """For an index over a category and a point; who owns the database may create it."""

    dependencies = [
        ('places', '0003_json_columns_are_objects'),
    ]

    operations = [
        BtreeGistExtension(),
    ]
