from django.db import migrations

from common.protection import RowSecurity


class Migration(migrations.Migration):
    """Sessions, other ways in, mailed links, roles and what an operator did are for their owners alone."""

    dependencies = [
        ('admin', '0003_logentry_add_action_flag_choices'),
        ('common', '0006_row_security'),
        ('users', '0011_own_statements'),
    ]

    operations = [
        RowSecurity('tokenfamily'),
        RowSecurity('identity'),
        RowSecurity('mailedtoken'),
        RowSecurity('leaving'),
        RowSecurity('user_groups'),
        RowSecurity('user_user_permissions'),
        RowSecurity('admin.LogEntry'),
    ]
