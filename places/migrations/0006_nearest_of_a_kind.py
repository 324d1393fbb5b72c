import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0005_nearest_sights'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True)), fields=['category', 'planar'], name='place_category_planar_gist'),
        ),
    ]
