from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0025_place_doubled_sounds'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=models.Index(condition=models.Q(('is_active', True)), fields=['category', '-popularity', 'id'], name='place_best_of_its_kind'),
        ),
    ]
