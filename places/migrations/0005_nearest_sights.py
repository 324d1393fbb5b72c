import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0004_btree_gist'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('category__in', ('club', 'museum', 'gallery', 'heritage', 'park', 'shop', 'bookstore', 'activity', 'viewpoint')), ('is_active', True)), fields=['planar'], name='place_sights_planar_gist'),
        ),
    ]
