from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False  # without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0032_place_name_words'),
    ]

    operations = [
        RemoveIndexConcurrently(model_name='place', name='place_letters_trigram'),
    ]
