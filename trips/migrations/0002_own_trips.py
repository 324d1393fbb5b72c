from django.db import migrations

from common.protection import RowSecurity, RowSecurityThrough


class Migration(migrations.Migration):
    """Trips and their stops are for their travellers alone."""

    dependencies = [('common', '0006_row_security'), ('trips', '0001_trips')]

    operations = [
        RowSecurity('trip', owner='traveller_id'),
        RowSecurityThrough('tripnode', parent='trip'),
    ]
