-- What the application may do. Tables belong to magam_owner; magam_app reads and
-- writes rows but never changes a table, and cannot touch what is append-only.

GRANT USAGE ON SCHEMA public TO magam_app, magam_audit;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO magam_app, magam_audit;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO magam_app;
REVOKE UPDATE, DELETE ON audit_log, mail_event, decision, master_import, master_row FROM magam_app;
REVOKE INSERT, UPDATE, DELETE ON charge FROM magam_app;

-- Tables made later, such as daily partitions, are granted alike.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO magam_app, magam_audit;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT INSERT, UPDATE, DELETE ON TABLES TO magam_app;

REVOKE EXECUTE ON FUNCTION charge_part_open(bigint), charge_publish(bigint), charge_withdraw(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION charge_part_open(bigint), charge_publish(bigint), charge_withdraw(bigint) TO magam_app;

---- create above / drop below ----
-- Forward only.
