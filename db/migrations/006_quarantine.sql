-- Rows set aside: what people see of them, and what they say about them. And
-- custom tags, laid over the charges of the resources that carry them.

ALTER TABLE quarantined_row
    ADD COLUMN first_seen   timestamptz NOT NULL DEFAULT now(), -- when these very bytes first came from this source
    ADD COLUMN rule_version int         NOT NULL DEFAULT 1,     -- charge.RuleVersion of the reader that set it aside
    ADD COLUMN cells        text[]      NOT NULL DEFAULT '{}';  -- as the reader saw them, in the header's order

-- Column names, kept where a row of the part was set aside.
ALTER TABLE part ADD COLUMN header text[] NOT NULL DEFAULT '{}';

-- The same bytes in an earlier delivery.
CREATE INDEX quarantined_row_bytes ON quarantined_row (sha256(raw));

-- What somebody said about a row set aside. What the words amount to stands in
-- quarantined_row.state: two people accept, one rejects.
CREATE TABLE quarantine_word (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    row_id  bigint      NOT NULL REFERENCES quarantined_row,
    verdict text        NOT NULL,
    said_by text        NOT NULL, -- a code of the people sheet
    reason  text        NOT NULL,
    digest  text        NOT NULL, -- of all the rows that the word was about
    said_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT verdict_is_known    CHECK (verdict IN ('accept', 'reject')),
    CONSTRAINT word_names_a_person CHECK (said_by <> ''),
    CONSTRAINT word_says_why       CHECK (reason <> '')
);
CREATE INDEX quarantine_word_of_row ON quarantine_word (row_id, id);

CREATE TRIGGER quarantine_word_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quarantine_word
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

GRANT INSERT ON quarantine_word TO magam_app;
GRANT SELECT ON quarantine_word TO magam_app, magam_audit;

-- The month of a delivery's rows that name none: its first that is booked, or
-- the one it was delivered for.
CREATE FUNCTION month_of_rest(asked bigint) RETURNS text
    LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT min(t.month) FROM delivery_total t WHERE t.delivery = d.id AND t.state = 'sealed'),
        nullif(d.month, ''), CASE WHEN d.scope ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' THEN d.scope END, '')
    FROM delivery d WHERE d.id = asked
$$;

-- Rows set aside, as closes and people look at them. A row blocks its month
-- while nobody has signed it off and it is worth something, or nobody can know.
CREATE VIEW aside AS
SELECT q.id, d.id AS delivery, d.source, d.state AS delivery_state, p.ordinal, p.key, q.part_id, q.row_no,
    q.byte_offset, q.code, q.column_name, q.value, q.raw, q.cells, p.header,
    coalesce(nullif(q.month, ''), month_of_rest(d.id)) AS month,
    coalesce(nullif(q.currency, ''), 'XXX') AS currency, q.provider, q.service, q.sub_account, q.category,
    q.invoice_id, q.billed, q.effective, q.list, q.contracted, q.first_seen, q.rule_version,
    -- A row of a delivery that is gone has nothing left to decide, whatever took the delivery away.
    CASE WHEN d.state NOT IN ('loading', 'held', 'sealed') AND q.state IN ('open', 'rejected') THEN 'fixed'
        ELSE q.state END AS state,
    q.decided_by, q.reason,
    d.state = 'sealed' AND q.state IN ('open', 'rejected') AND NOT coalesce(
        q.billed = 0 AND coalesce(q.effective, 0) = 0 AND q.code <> 'E_NUMBER', false) AS blocks
FROM quarantined_row q
JOIN part p ON p.id = q.part_id
JOIN delivery d ON d.id = p.delivery;

GRANT SELECT ON aside TO magam_app, magam_audit;

-- Rows set aside are counted apart from cost without a customer: another word decides about them.
ALTER TABLE proof ADD COLUMN undecided_aside bigint NOT NULL DEFAULT 0;

-- Tag sets that no month has normalized yet.
CREATE INDEX dim_tag_set_unread ON dim_tag_set (id) WHERE tags IS NULL;

-- What charges of resources with custom tags add up to in a month, beside the
-- same sums in charge_daily: a rule or a report that asks for tags takes them
-- out of there and lays them back with their custom tags.
CREATE TABLE tagged_daily (
    month         billing_month NOT NULL,
    delivery      bigint NOT NULL,
    day           date   NOT NULL,
    bill_id       int    NOT NULL,
    account_id    int    NOT NULL,
    item_id       int    NOT NULL,
    tag_set_id    int    NOT NULL,
    commitment_id int    NOT NULL,
    custom        jsonb  NOT NULL, -- the resource's custom tags as they stand in the month
    row_count     bigint NOT NULL,
    quantity      amount NOT NULL,
    billed        amount NOT NULL,
    effective     amount NOT NULL,
    list          amount NOT NULL,
    contracted    amount NOT NULL
);
CREATE INDEX tagged_daily_account ON tagged_daily (account_id);
CREATE INDEX tagged_daily_month ON tagged_daily (month);
GRANT SELECT, INSERT, DELETE ON tagged_daily TO magam_app;
GRANT SELECT ON tagged_daily TO magam_audit;

-- tags_laid lets the planner know of a month's sums at once: plans made while the
-- table was empty would read it whole for every account. Only its owner may.
CREATE FUNCTION tags_laid() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE tagged_daily;
END $$;
REVOKE EXECUTE ON FUNCTION tags_laid() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tags_laid() TO magam_app;

-- What a month's tags were laid over: see tag_basis.
ALTER TABLE tag_month ADD COLUMN basis text NOT NULL DEFAULT '';

-- Which version of the tags sheet a month reads: the one it was closed with, or
-- the newest.
CREATE FUNCTION tag_version(asked text) RETURNS bigint
    LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT (b.master ->> 'tags')::bigint FROM billing_period b WHERE b.month = asked AND b.state = 'closed'),
        (SELECT c.import_id FROM master_current c WHERE c.sheet = 'tags'), 0)
$$;

-- tag_basis names what a month's tags depend on: its published deliveries and
-- the version of the tags sheet. Where it changes, tags are laid anew.
CREATE FUNCTION tag_basis(asked text) RETURNS text
    LANGUAGE sql STABLE AS $$
    SELECT 'sheet ' || tag_version(asked) || ' deliveries ' || coalesce(string_agg(d.id::text, ',' ORDER BY d.id), '')
    FROM delivery d
    WHERE d.state = 'sealed' AND EXISTS (
        SELECT FROM delivery_total t WHERE t.delivery = d.id AND t.month = asked AND t.state = 'sealed')
$$;

-- Custom tags as they stand in a month: of each key the newest row in force. An
-- empty value takes the tag away.
CREATE FUNCTION custom_tag_in(asked text)
    RETURNS TABLE (provider text, service text, resource_id text, key text, value text)
    LANGUAGE sql STABLE AS $$
    SELECT n.provider, n.service, n.resource_id, n.key, n.value
    FROM (
        SELECT DISTINCT ON (s.provider, s.service, s.resource_id, s.key) s.*
        FROM (
            SELECT r.cells ->> 'provider' AS provider, r.cells ->> 'service' AS service,
                r.cells ->> 'resource_id' AS resource_id, r.cells ->> 'key' AS key,
                coalesce(r.cells ->> 'value', '') AS value, coalesce(r.cells ->> 'from', '') AS from_month
            FROM master_row r WHERE r.sheet = 'tags' AND r.import_id = tag_version(asked)
        ) s
        WHERE s.from_month <= asked
        ORDER BY s.provider, s.service, s.resource_id, s.key, s.from_month DESC
    ) n
    WHERE n.value <> ''
$$;
