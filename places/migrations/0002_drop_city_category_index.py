from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False  # an index is dropped without blocking writers

    dependencies = [
        ('places', '0001_places'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='place',
            name='place_city_category',
        ),
    ]
