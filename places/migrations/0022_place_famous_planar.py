import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0021_place_visits'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True), ('popularity__gte', 0.6)), fields=['planar'], name='place_famous_planar'),
        ),
    ]
