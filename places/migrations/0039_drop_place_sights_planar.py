"""The nearest sights are asked of the briefs."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False  # without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0038_briefs_by_statement'),
    ]

    operations = [
        RemoveIndexConcurrently(model_name='place', name='place_sights_planar_gist'),
    ]
