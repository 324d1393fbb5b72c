"""
A cached answer lives for half a minute: to compress it costs more than its room is worth.

The catalogue alone is changed, under a lock of a moment; what is there already is read as it is.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('trips', '0002_own_trips'),
    ]

    operations = [
        migrations.RunSQL(
            'ALTER TABLE trips_trip_cache ALTER COLUMN payload SET STORAGE EXTERNAL',
            'ALTER TABLE trips_trip_cache ALTER COLUMN payload SET STORAGE EXTENDED',
        ),
    ]
