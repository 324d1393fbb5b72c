import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0023_place_well_known_planar'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True), ('popularity__gte', 0.4), ('popularity__lt', 0.45)), fields=['planar'], name='place_heard_of_planar'),
        ),
    ]
