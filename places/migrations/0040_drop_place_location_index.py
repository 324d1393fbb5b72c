"""Every question about where places lie is asked of `planar`; the index of `location` came with the field."""

import django.contrib.gis.db.models.fields
from django.db import migrations

DROP = 'DROP INDEX CONCURRENTLY IF EXISTS places_place_location_379f2e9c_id'
MAKE = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS places_place_location_379f2e9c_id ON places_place USING gist (location)'


class Migration(migrations.Migration):

    atomic = False  # without blocking writers; a migration of its own, to be run again alone

    dependencies = [
        ('places', '0039_drop_place_sights_planar'),
    ]

    operations = [
        migrations.RunSQL(
            DROP,
            MAKE,
            state_operations=[
                migrations.AlterField(
                    model_name='place',
                    name='location',
                    field=django.contrib.gis.db.models.fields.PointField(spatial_index=False, srid=4326),
                ),
            ],
        ),
    ]
