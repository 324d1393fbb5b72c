-- Makes the four roles, and gives the product's database to its owner. Run it connected to that database, as an
-- administrator who may create roles; on a server of one's own as its superuser. Run again, it changes nothing.
--
--     psql -X -v ON_ERROR_STOP=1 -d dongne -f deploy/database/roles.sql
--
-- Passwords are read from OWNER_PASSWORD, APP_PASSWORD, MAINTENANCE_PASSWORD and READER_PASSWORD; a role whose variable
-- is not set keeps the one it has. What the roles may do in the database is given by migrations.

SELECT format('CREATE ROLE %I LOGIN', wanted)
FROM unnest(ARRAY['dongne_owner', 'dongne_app', 'dongne_maintenance', 'dongne_reader']) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) \gexec

\getenv owner OWNER_PASSWORD
\getenv app APP_PASSWORD
\getenv maintenance MAINTENANCE_PASSWORD
\getenv reader READER_PASSWORD
\if :{?owner}
ALTER ROLE dongne_owner PASSWORD :'owner';
\endif
\if :{?app}
ALTER ROLE dongne_app PASSWORD :'app';
\endif
\if :{?maintenance}
ALTER ROLE dongne_maintenance PASSWORD :'maintenance';
\endif
\if :{?reader}
ALTER ROLE dongne_reader PASSWORD :'reader';
\endif

-- An administrator who is no superuser hands over only to a role that is also theirs.
SELECT 'GRANT dongne_owner TO CURRENT_USER'
WHERE NOT pg_has_role(CURRENT_USER, 'dongne_owner', 'MEMBER') \gexec

-- Partitioned tables belong to maintenance, which makes and drops their parts; migrations change them too.
GRANT dongne_maintenance TO dongne_owner;

SELECT format('ALTER DATABASE %I OWNER TO dongne_owner', datname)
FROM pg_database WHERE datname = current_database() AND datdba <> 'dongne_owner'::regrole \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
-- Temporary tables are what a city is loaded through.
SELECT format(
    'GRANT CONNECT, TEMPORARY ON DATABASE %I TO dongne_app, dongne_maintenance', current_database()
) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO dongne_reader', current_database()) \gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

-- What an earlier role made, when there was one role for everything. Sequences follow their tables.
SELECT format('ALTER %s %s OWNER TO dongne_owner', kind, name)
FROM (
    SELECT c.oid, c.relowner AS owner, c.oid::regclass::text AS name,
        CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
    UNION ALL
    SELECT p.oid, p.proowner, p.oid::regprocedure::text, 'FUNCTION'
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f'
) AS made
WHERE owner <> 'dongne_owner'::regrole
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = made.oid AND d.deptype = 'e') \gexec
