from django.db import migrations

from common.protection import RowSecurity


class Migration(migrations.Migration):
    """Devices, and how people want to be reached, are theirs alone."""

    dependencies = [('common', '0006_row_security'), ('notifications', '0001_devices')]

    operations = [
        RowSecurity('device'),
        RowSecurity('recipient'),
        RowSecurity('channelpreference'),
    ]
