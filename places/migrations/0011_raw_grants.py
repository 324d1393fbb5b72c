"""Who may write what sources gave: the service and its sweeps, but no reader."""

from django.db import migrations

GRANT = """
GRANT USAGE ON SCHEMA raw_ingestion TO dongne_app, dongne_maintenance;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA raw_ingestion
    TO dongne_app, dongne_maintenance;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA raw_ingestion TO dongne_app, dongne_maintenance;
ALTER DEFAULT PRIVILEGES IN SCHEMA raw_ingestion
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dongne_app, dongne_maintenance;
ALTER DEFAULT PRIVILEGES IN SCHEMA raw_ingestion
    GRANT USAGE, SELECT ON SEQUENCES TO dongne_app, dongne_maintenance;
"""

REVOKE = """
ALTER DEFAULT PRIVILEGES IN SCHEMA raw_ingestion
    REVOKE ALL ON SEQUENCES FROM dongne_app, dongne_maintenance;
ALTER DEFAULT PRIVILEGES IN SCHEMA raw_ingestion
    REVOKE ALL ON TABLES FROM dongne_app, dongne_maintenance;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA raw_ingestion FROM dongne_app, dongne_maintenance;
REVOKE ALL ON ALL TABLES IN SCHEMA raw_ingestion FROM dongne_app, dongne_maintenance;
REVOKE USAGE ON SCHEMA raw_ingestion FROM dongne_app, dongne_maintenance;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('common', '0004_roles'),
        ('places', '0010_raw_ingestion'),
    ]

    operations = [
        migrations.RunSQL(GRANT, REVOKE),
    ]
