from django.db import migrations

from common.protection import RowSecurity


class Migration(migrations.Migration):
    """An account is for its owner alone."""

    dependencies = [('common', '0006_row_security'), ('users', '0012_own_sessions')]

    operations = [RowSecurity('user', owner='id')]
