import pgvector.django.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0043_listing_words'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='placebrief',
            index=pgvector.django.indexes.HnswIndex(fields=['vector'], name='brief_vector_hnsw', opclasses=['halfvec_cosine_ops']),
        ),
    ]
