-- The ledger of credits. What documents used stands in credit_use, as final as
-- they are; what was granted, given back and lost stands here. Nothing of it is
-- ever rewritten: a mistake is a further entry.
CREATE TABLE credit_entry (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    credit_id   text          NOT NULL, -- of the credits sheet
    customer    text          NOT NULL,
    kind        text          NOT NULL,
    month       billing_month,          -- of the document given back; the last one that an expired credit was valid in
    currency    text          NOT NULL, -- empty is the source currency
    amount      amount        NOT NULL, -- what it adds to the balance
    invoice_id  bigint REFERENCES invoice, -- whose use is given back
    reason      text          NOT NULL,
    recorded_by text          NOT NULL DEFAULT '', -- a code of the people sheet, or the workflow's id
    recorded_at timestamptz   NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT kind_is_known          CHECK (kind IN ('grant', 'return', 'expire')),
    CONSTRAINT entry_changes_balance  CHECK (amount <> 0),
    CONSTRAINT entry_says_why         CHECK (reason <> ''),
    CONSTRAINT return_names_a_use     CHECK ((kind = 'return') = (invoice_id IS NOT NULL)),
    CONSTRAINT return_adds            CHECK (kind <> 'return' OR amount > 0),
    CONSTRAINT grant_is_of_no_month   CHECK ((kind = 'grant') = (month IS NULL))
);
CREATE INDEX credit_entry_of_credit ON credit_entry (credit_id, id);

-- Everything that ever changed a balance, in one shape.
CREATE VIEW credit_ledger AS
SELECT e.credit_id, e.customer, e.kind, e.month, e.currency, e.amount, e.invoice_id,
    coalesce(i.number, '') AS number, e.reason, e.recorded_at
FROM credit_entry e LEFT JOIN invoice i ON i.id = e.invoice_id
UNION ALL
SELECT u.credit_id, u.customer, 'use', u.month, u.currency, -u.used, u.invoice_id,
    coalesce(i.number, ''), '', coalesce(i.finalized_at, i.drafted_at)
FROM credit_use u JOIN invoice i ON i.id = u.invoice_id
WHERE u.final;

-- No entry takes more than there is, nor gives a document more back than it used.
CREATE FUNCTION refuse_overdrawn_credit() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT l.credit_id, sum(l.amount) AS amount INTO wrong FROM credit_ledger l
    WHERE l.credit_id IN (SELECT a.credit_id FROM added a WHERE a.amount < 0)
    GROUP BY l.credit_id HAVING sum(l.amount) < 0
    ORDER BY l.credit_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'E_CREDIT: credit % would stand at %', wrong.credit_id, wrong.amount
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT l.credit_id, l.invoice_id, sum(l.amount) AS amount INTO wrong FROM credit_ledger l
    WHERE (l.credit_id, l.invoice_id) IN (SELECT a.credit_id, a.invoice_id FROM added a WHERE a.kind = 'return')
    GROUP BY l.credit_id, l.invoice_id HAVING sum(l.amount) > 0
    ORDER BY l.credit_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'E_CREDIT: document % would give back % more of credit % than it used',
            wrong.invoice_id, wrong.amount, wrong.credit_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER credit_entry_keeps_balances AFTER INSERT ON credit_entry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION refuse_overdrawn_credit();
CREATE TRIGGER credit_entry_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON credit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- What stood granted when the ledger began.
INSERT INTO credit_entry (credit_id, customer, kind, currency, amount, reason, recorded_by, recorded_at)
SELECT r.cells ->> 'id', r.cells ->> 'customer', 'grant', coalesce(r.cells ->> 'currency', ''),
    (r.cells ->> 'amount')::numeric, 'granted', m.imported_by, m.imported_at
FROM master_row r
JOIN master_current c ON c.sheet = r.sheet AND c.import_id = r.import_id
JOIN master_import m ON m.id = r.import_id
WHERE r.sheet = 'credits'
ORDER BY r.row_no;

GRANT SELECT, INSERT ON credit_entry TO magam_app;
GRANT SELECT ON credit_entry, credit_ledger TO magam_app, magam_audit;
