import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0024_place_heard_of_planar'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func('name_search', template="REGEXP_REPLACE(REGEXP_REPLACE(NORMALIZE(name_search, NFD), '[^ᄀ-ᄒ]', '', 'g'), '(.)', '\\1\\1', 'g')"), 'gin_trgm_ops'), name='place_doubled_sounds'),
        ),
    ]
