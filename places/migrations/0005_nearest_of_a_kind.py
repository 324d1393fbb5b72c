import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # indexes are built without blocking writers

    dependencies = [
        ('places', '0004_btree_gist'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('category__in', ('club', 'museum', 'gallery', 'heritage', 'park', 'shop', 'bookstore', 'activity', 'viewpoint')), ('is_active', True)), fields=['planar'], name='place_sights_planar_gist'),
        ),
        AddIndexConcurrently(
            model_name='place',
            index=django.contrib.postgres.indexes.GistIndex(condition=models.Q(('is_active', True)), fields=['category', 'planar'], name='place_category_planar_gist'),
        ),
    ]
