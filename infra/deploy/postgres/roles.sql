-- Roles of Rådslag in PostgreSQL 15 or newer. An administrator of the server runs this once, in the database that is made for
-- it, and again after an upgrade of PostgreSQL; what is right already stays.
--
--   createdb radslag
--   psql -d radslag -v ON_ERROR_STOP=1 -f roles.sql
--   radslag bi roles | psql -d radslag -v ON_ERROR_STOP=1       dashboards' readers, one for each tenant
--   psql -d radslag -c '\password radslag'                      and of each reader that is to log in
--
-- Afterwards `radslag bi check` says whether every reader can do what it should, and nothing else.

BEGIN;

-- The services. They own the schemas they make, one for each tenant and projection, and let readers read the views in them:
-- they need no right to make roles. Services that run apart may have a role each; give all of them what this one gets.
DO $role$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'radslag') THEN
    CREATE ROLE radslag;
  END IF;
END $role$;
ALTER ROLE radslag LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- This database is theirs alone: whoever else may connect is named, and nobody but they make anything in it, temporary
-- tables included.
DO $database$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO radslag', current_database());
END $database$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- What anybody who is logged in could do otherwise, without any right to a table: hold the locks by which batches and rebuilds
-- exclude each other, and write large objects.
DO $functions$ DECLARE it record; BEGIN
  FOR it IN SELECT oid::regprocedure AS signature, proname FROM pg_catalog.pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(pg_advisory_|pg_try_advisory_|lo_|lowrite|loread)' LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', it.signature);
    IF it.proname ~ '^pg_' THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO radslag', it.signature);
    END IF;
  END LOOP;
END $functions$;

COMMIT;
