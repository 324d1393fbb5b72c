from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # an index is built without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0016_place_period_checked'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='place',
            index=models.Index(condition=models.Q(('is_active', True), ('valid_until__isnull', False)), fields=['valid_until'], name='place_event_ends'),
        ),
    ]
