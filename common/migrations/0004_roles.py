from django.db import migrations

GRANT = """
DO $$
DECLARE
    role text;
    made regclass;
BEGIN
    FOREACH role IN ARRAY ARRAY['dongne_app', 'dongne_maintenance', 'dongne_reader'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            RAISE EXCEPTION 'There is no role %', role USING HINT = 'Run deploy/database/roles.sql first.';
        END IF;
    END LOOP;
    -- What an extension made is not ours to give.
    FOR made IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    LOOP
        EXECUTE format(
            'GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO dongne_app, dongne_maintenance', made);
    END LOOP;
    FOR made IN
        SELECT oid FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    LOOP
        EXECUTE format('GRANT USAGE, SELECT ON %s TO dongne_app, dongne_maintenance', made);
    END LOOP;
    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM dongne_app, dongne_maintenance;
END
$$;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO dongne_app, dongne_maintenance;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO dongne_app, dongne_maintenance;
GRANT CREATE ON SCHEMA public TO dongne_maintenance;
CREATE SCHEMA reporting;
GRANT USAGE ON SCHEMA reporting TO dongne_reader;
"""

REVOKE = """
DROP SCHEMA reporting;
REVOKE CREATE ON SCHEMA public FROM dongne_maintenance;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    REVOKE ALL ON TABLES FROM dongne_app, dongne_maintenance;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
    REVOKE ALL ON SEQUENCES FROM dongne_app, dongne_maintenance;
DO $$
DECLARE
    made pg_class;
BEGIN
    FOR made IN
        SELECT * FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    LOOP
        EXECUTE format('REVOKE ALL ON %s FROM dongne_app, dongne_maintenance', made.oid::regclass);
    END LOOP;
END
$$;
"""


class Migration(migrations.Migration):
    """What the roles may do with the tables that stand, and with those to come."""

    dependencies = [('common', '0003_guards')]

    operations = [migrations.RunSQL(GRANT, REVOKE)]
