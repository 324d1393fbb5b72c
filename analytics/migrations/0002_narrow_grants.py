from django.db import migrations

ROLES = 'dongne_app, dongne_maintenance'


class Migration(migrations.Migration):
    """What the trigger refuses is not granted either."""

    dependencies = [('analytics', '0001_audit_log'), ('common', '0004_roles')]

    operations = [
        migrations.RunSQL(
            f'REVOKE UPDATE, DELETE ON audit_log FROM {ROLES}',
            f'GRANT UPDATE, DELETE ON audit_log TO {ROLES}',
        ),
    ]
