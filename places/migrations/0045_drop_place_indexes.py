"""
What searches asked of the places themselves before they had listings, and their vectors in whole precision.

A process of the release before goes on without them, more slowly, until it is replaced.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations

NAMES = (
    'place_moods_gin', 'place_embedding_hnsw', 'place_category_planar_gist', 'place_best_known',
    'place_famous_planar', 'place_well_known_planar', 'place_heard_of_planar', 'place_best_of_its_kind',
    'place_name_words',
)
# Each is dropped if it is there: to be run again where it was broken off.
DROPS = [RemoveIndexConcurrently(model_name='place', name=name) for name in NAMES]


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('places', '0044_brief_vectors'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(database_operations=DROPS, state_operations=DROPS),
    ]
