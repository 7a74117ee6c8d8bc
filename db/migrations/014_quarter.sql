-- A month of a quarter (R-20): approved and frozen as it is, without a number. The document of the quarter's last
-- month bills it.

ALTER TABLE invoice
    DROP CONSTRAINT state_is_known,
    DROP CONSTRAINT frozen_when_final,
    DROP CONSTRAINT dated_when_final,
    ADD CONSTRAINT state_is_known   CHECK (state IN ('draft', 'approved', 'deferred', 'final', 'parked')),
    ADD CONSTRAINT frozen_when_done CHECK ((state IN ('deferred', 'final')) = (snapshot IS NOT NULL)),
    ADD CONSTRAINT dated_when_done  CHECK ((state IN ('deferred', 'final')) = (finalized_at IS NOT NULL));

-- Which document bills a deferred month: one, once.
CREATE TABLE quarter_month (
    deferred bigint PRIMARY KEY REFERENCES invoice,
    quarter  bigint NOT NULL REFERENCES invoice,
    CONSTRAINT a_month_is_billed_by_another CHECK (deferred <> quarter)
);
CREATE INDEX quarter_month_of_quarter ON quarter_month (quarter);
CREATE TRIGGER quarter_month_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quarter_month
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
GRANT SELECT, INSERT ON quarter_month TO magam_app;
GRANT SELECT ON quarter_month TO magam_audit;

-- Months that no document bills yet: few among a customer's documents.
CREATE INDEX invoice_deferred ON invoice (customer, month) WHERE state = 'deferred';
CREATE VIEW waiting_month AS
SELECT i.id, i.issuer, i.customer, i.provider, i.month, i.snapshot, i.digest
FROM invoice i
WHERE i.state = 'deferred' AND NOT EXISTS (SELECT FROM quarter_month q WHERE q.deferred = i.id);
GRANT SELECT ON waiting_month TO magam_app, magam_audit;

-- A deferred month never changes either, nor what it took and used.
CREATE OR REPLACE FUNCTION refuse_change_of_final() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('deferred', 'final') THEN
        RAISE EXCEPTION 'E_PERIOD_CLOSED: document % is final; corrections are new documents',
            coalesce(OLD.number, OLD.customer || ' ' || OLD.provider || ' ' || OLD.month)
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE OR REPLACE FUNCTION refuse_change_beside_final() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    named bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END;
BEGIN
    IF EXISTS (SELECT FROM invoice WHERE id = named AND state IN ('deferred', 'final')) THEN
        RAISE EXCEPTION 'E_PERIOD_CLOSED: document % is final, and so is its %', named, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

-- What a deferred month used of a credit was used on the document that bills it, once there is one.
CREATE OR REPLACE VIEW credit_ledger AS
SELECT e.credit_id, e.customer, e.kind, e.month, e.currency, e.amount, e.invoice_id,
    coalesce(i.number, q.number, '') AS number, e.reason, e.recorded_at
FROM credit_entry e
LEFT JOIN invoice i ON i.id = e.invoice_id
LEFT JOIN quarter_month m ON m.deferred = i.id
LEFT JOIN invoice q ON q.id = m.quarter
UNION ALL
SELECT u.credit_id, u.customer, 'use', u.month, u.currency, -u.used, u.invoice_id,
    coalesce(i.number, q.number, ''), '', coalesce(i.finalized_at, i.drafted_at)
FROM credit_use u
JOIN invoice i ON i.id = u.invoice_id
LEFT JOIN quarter_month m ON m.deferred = i.id
LEFT JOIN invoice q ON q.id = m.quarter
WHERE u.final;
