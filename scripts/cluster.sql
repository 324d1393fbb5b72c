-- Run by the superuser; running it again changes nothing.
\getenv owner OWNER_PASSWORD

-- A checkout of before the roles had one for everything: it becomes the owner of what it made.
SELECT 'ALTER ROLE dongne RENAME TO dongne_owner'
WHERE EXISTS (SELECT FROM pg_roles WHERE rolname = 'dongne')
    AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dongne_owner') \gexec
SELECT 'CREATE ROLE dongne_owner LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dongne_owner') \gexec
-- The tests make a database of their own, and cut connections to it.
ALTER ROLE dongne_owner CREATEDB PASSWORD :'owner';
GRANT pg_signal_backend TO dongne_owner;

-- In the template, so that the plain role can make test databases that have them.
\connect template1
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

\connect postgres
SELECT 'CREATE DATABASE dongne OWNER dongne_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dongne') \gexec

-- The rest, as anywhere else: deploy/database/roles.sql follows.
\connect dongne
