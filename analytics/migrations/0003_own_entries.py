from django.db import migrations

from common.protection import RowSecurity


class Migration(migrations.Migration):
    """What the audit log says of somebody is for operators, and for the copy that its subject asks for."""

    dependencies = [
        ('analytics', '0002_narrow_grants'),
        ('common', '0006_row_security'),
    ]

    operations = [
        RowSecurity('auditentry', owner='actor_id'),
    ]
