-- Roles and the database's owner. What writes statements quotes them with
-- format(), since names and passwords cannot be parameters of DDL.

-- name: lock
-- Held to the end of the transaction; the number is ours alone.
SELECT pg_advisory_xact_lock(5104120101);

-- name: ensure_role
-- $1 role, $2 password or empty
SELECT statement
FROM (
    SELECT 1 AS step, format('CREATE ROLE %I', $1::text) AS statement
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text)
    UNION ALL
    SELECT 2, format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', $1::text)
    UNION ALL
    SELECT 3, format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text) WHERE $2::text <> ''
) AS written
ORDER BY step;

-- name: own_database
-- $1 owner, $2 application, $3 audit
SELECT statement
FROM (
    SELECT 1 AS step, format('ALTER DATABASE %I OWNER TO %I', current_database(), $1::text) AS statement
    UNION ALL
    SELECT 2, format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())
    UNION ALL
    SELECT 3, format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), $2::text)
    UNION ALL
    SELECT 4, format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $3::text)
    UNION ALL
    SELECT 5, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC'
    UNION ALL
    SELECT 6, format('ALTER ROLE %I SET default_transaction_read_only = on', $3::text)
) AS written
ORDER BY step;
