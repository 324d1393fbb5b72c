-- Run by the superuser; running it again changes nothing.
\getenv password DATABASE_PASSWORD
SELECT format('CREATE ROLE dongne LOGIN CREATEDB PASSWORD %L', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dongne') \gexec

-- In the template, so that the plain role can make test databases that have them.
\connect template1
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

\connect postgres
SELECT 'CREATE DATABASE dongne OWNER dongne'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dongne') \gexec
