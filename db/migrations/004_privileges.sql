-- What the application may do. Tables belong to magam_owner; magam_app reads and
-- writes rows but never changes a table, and cannot touch what is append-only.

GRANT USAGE ON SCHEMA public TO magam_app, magam_audit;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO magam_app, magam_audit;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO magam_app;
REVOKE UPDATE, DELETE ON audit_log, mail_event, mail_left_out, decision, master_import, master_row, charge_daily FROM magam_app;
REVOKE INSERT, UPDATE, DELETE ON charge, schema_version FROM magam_app;

-- Tables made later, such as a delivery's partitions, can be read. Who may
-- write them is granted by name, beside each.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO magam_app, magam_audit;

REVOKE EXECUTE ON FUNCTION charge_part_open(bigint), charge_publish(bigint), charge_withdraw(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION charge_part_open(bigint), charge_publish(bigint), charge_withdraw(bigint) TO magam_app;
