from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False  # without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0034_drop_place_sounds_trigram'),
    ]

    operations = [
        RemoveIndexConcurrently(model_name='place', name='place_doubled_sounds'),
    ]
