import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0042_fill_place_listings'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='placelisting',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.Func('names', template='place_words(names, popularity)'), 'tsvector_ops'), name='listing_words'),
        ),
    ]
