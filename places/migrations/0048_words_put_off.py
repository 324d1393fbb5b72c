"""
How much the indexes of words may put off: each search reads it through, for each band of popularities.

A setting of the index alone; what has been put off before is worked in by the next name that is stored.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

NAMES = ('listing_words', 'name_word_trigram')
WORDS = django.contrib.postgres.indexes.OpClass(
    models.Func('names', template='place_words(names, popularity)'), 'tsvector_ops'
)


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0047_former_places'),
    ]

    operations = [
        migrations.RunSQL(
            [f'ALTER INDEX {name} SET (gin_pending_list_limit = 64)' for name in NAMES],
            [f'ALTER INDEX {name} RESET (gin_pending_list_limit)' for name in NAMES],
            state_operations=[
                migrations.RemoveIndex('placelisting', 'listing_words'),
                migrations.AddIndex(
                    'placelisting',
                    django.contrib.postgres.indexes.GinIndex(
                        WORDS, gin_pending_list_limit=64, name='listing_words'
                    ),
                ),
                migrations.RemoveIndex('nameword', 'name_word_trigram'),
                migrations.AddIndex(
                    'nameword',
                    django.contrib.postgres.indexes.GinIndex(
                        fields=['word'], gin_pending_list_limit=64, name='name_word_trigram',
                        opclasses=['gin_trgm_ops'],
                    ),
                ),
            ],
        ),
    ]
