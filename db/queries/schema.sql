-- The schema itself: which migration a database stands at.

-- name: version
SELECT version FROM schema_version;

-- name: server
SELECT current_setting('server_version_num')::int, current_setting('server_encoding');
