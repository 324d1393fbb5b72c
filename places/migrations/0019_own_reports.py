from django.db import migrations

from common.protection import RowSecurity


class Migration(migrations.Migration):
    """What somebody reported is theirs alone; how far a place is believed after it is everybody's."""

    dependencies = [('common', '0006_row_security'), ('places', '0018_place_reports')]

    operations = [RowSecurity('placereport')]
