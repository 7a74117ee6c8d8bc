-- The close: the month's row is the lock, drafts may change, documents may not.

CREATE TABLE billing_period (
    month       billing_month PRIMARY KEY,
    state       text          NOT NULL DEFAULT 'open',
    workflow_id text          NOT NULL DEFAULT '',
    run_id      text          NOT NULL DEFAULT '',
    started_by  text          NOT NULL DEFAULT '', -- a code of the people sheet; empty: a schedule
    accepted_unassigned text  NOT NULL DEFAULT '', -- the reason given for closing with unassigned cost
    master      jsonb         NOT NULL DEFAULT '{}', -- sheet -> import that the close reads
    opened_at   timestamptz   NOT NULL DEFAULT now(),
    closed_at   timestamptz,
    CONSTRAINT state_is_known    CHECK (state IN ('open', 'closing', 'closed', 'closed_with_parked')),
    CONSTRAINT closed_has_a_time CHECK ((state IN ('closed', 'closed_with_parked')) = (closed_at IS NOT NULL))
);

CREATE TABLE tag_month (
    month       billing_month PRIMARY KEY,
    applied_at  timestamptz NOT NULL DEFAULT now(),
    tag_sets    bigint NOT NULL,
    custom_tags bigint NOT NULL,
    digest      text   NOT NULL
);

-- Custom tags as they stand in a month, per dictionary entry: replaced as a set.
CREATE TABLE resource_tag (
    month       billing_month NOT NULL,
    provider    text NOT NULL,
    service     text NOT NULL,
    resource_id int  NOT NULL REFERENCES dim_resource,
    tags        jsonb NOT NULL,
    PRIMARY KEY (month, provider, service, resource_id)
);

-- The month's list of credits and adjustments due, replaced as a set.
CREATE TABLE due_item (
    month    billing_month NOT NULL,
    kind     text          NOT NULL,
    item_id  text          NOT NULL, -- of the credits or adjustments sheet
    customer text          NOT NULL,
    currency text          NOT NULL, -- empty is the source currency
    balance  amount        NOT NULL, -- a credit's balance before this month; an adjustment's value due
    note     text          NOT NULL DEFAULT '', -- expired, instalment 2 of 3, used up …
    PRIMARY KEY (month, kind, item_id),
    CONSTRAINT kind_is_known CHECK (kind IN ('credit', 'adjustment'))
);

CREATE TABLE invoice (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    issuer     text          NOT NULL,
    customer   text          NOT NULL,
    provider   text          NOT NULL,
    month      billing_month NOT NULL,
    kind       text          NOT NULL DEFAULT 'invoice',
    revision   int           NOT NULL DEFAULT 0,
    state      text          NOT NULL,
    currency   text          NOT NULL DEFAULT '',
    source_totals jsonb      NOT NULL DEFAULT '[]', -- [{currency, billed}] as text amounts
    supply     amount        NOT NULL DEFAULT 0,
    tax        amount        NOT NULL DEFAULT 0,
    after_tax  amount        NOT NULL DEFAULT 0,
    total      amount        NOT NULL DEFAULT 0,
    holds      jsonb         NOT NULL DEFAULT '[]', -- [{code, reason}]
    parked     text          NOT NULL DEFAULT '',   -- why, when parked
    authors    text[]        NOT NULL DEFAULT '{}', -- of its adjustments: none may approve it
    master     jsonb         NOT NULL DEFAULT '{}', -- sheet -> import that it was assembled from
    drafted_at timestamptz   NOT NULL DEFAULT now(),
    draft      bytea,                               -- the snapshot of a draft
    draft_digest text        NOT NULL DEFAULT '',
    number     text          UNIQUE,
    snapshot   bytea,                               -- the frozen snapshot, canonical JSON
    digest     text          NOT NULL DEFAULT '',   -- sha256 of the snapshot
    finalized_at timestamptz,
    corrects   bigint REFERENCES invoice,
    CONSTRAINT state_is_known           CHECK (state IN ('draft', 'approved', 'final', 'parked')),
    CONSTRAINT kind_is_known            CHECK (kind IN ('invoice', 'note')),
    CONSTRAINT numbered_when_final      CHECK ((state = 'final') = (number IS NOT NULL)),
    CONSTRAINT frozen_when_final        CHECK ((state = 'final') = (snapshot IS NOT NULL)),
    CONSTRAINT dated_when_final         CHECK ((state = 'final') = (finalized_at IS NOT NULL)),
    CONSTRAINT parked_says_why          CHECK ((state = 'parked') = (parked <> '')),
    CONSTRAINT total_is_the_sum         CHECK (total = supply + tax + after_tax),
    CONSTRAINT note_names_its_original  CHECK ((kind = 'note') = (corrects IS NOT NULL)),
    UNIQUE (issuer, customer, provider, month, kind, revision)
);

-- A customer's month is invoiced once per provider; only notes may repeat it.
CREATE UNIQUE INDEX invoice_one_original ON invoice (issuer, customer, provider, month) WHERE corrects IS NULL;

-- What each document took from the provider's bill, for the proof: one row per
-- payer and currency. Kept for drafts, parked customers and finals alike.
CREATE TABLE invoice_share (
    invoice_id      bigint   NOT NULL REFERENCES invoice ON DELETE CASCADE,
    provider        text     NOT NULL,
    billing_account text     NOT NULL,
    currency        currency NOT NULL,
    row_count       bigint   NOT NULL,
    assigned        amount   NOT NULL, -- billed cost of the lines it carries
    retained        amount   NOT NULL, -- billed cost we keep: input tax, partner discounts
    PRIMARY KEY (invoice_id, provider, billing_account, currency)
);

-- The conservation proof of a month, per payer and currency.
CREATE TABLE proof (
    month           billing_month NOT NULL,
    provider        text          NOT NULL,
    billing_account text          NOT NULL,
    currency        currency      NOT NULL,
    delivered       amount        NOT NULL,
    sealed          amount        NOT NULL,
    quarantined     amount        NOT NULL,
    assigned        amount        NOT NULL,
    retained        amount        NOT NULL,
    unassigned      amount        NOT NULL,
    undecided_rows  bigint        NOT NULL, -- without a customer or set aside, and worth something
    proved_at       timestamptz   NOT NULL DEFAULT now(),
    PRIMARY KEY (month, provider, billing_account, currency),
    CONSTRAINT delivered_is_sealed_or_quarantined CHECK (delivered = sealed + quarantined),
    CONSTRAINT sealed_is_on_exactly_one_side      CHECK (sealed = assigned + retained + unassigned)
);

-- One row per issuer's series: the number is taken last in the transaction that
-- freezes a document, so that a rollback gives it back and no number is missing.
CREATE TABLE invoice_series (
    issuer  text NOT NULL,
    series  text NOT NULL, -- INV-2026: the year is the billing period's
    last_no int  NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer, series),
    CONSTRAINT numbers_only_grow CHECK (last_no >= 0)
);

-- Who decided what about a draft, by code of the people sheet. A draft may
-- vanish with its account; what was decided about it stays, hence no reference.
CREATE TABLE decision (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id bigint      NOT NULL,
    month      billing_month NOT NULL,
    customer   text        NOT NULL,
    provider   text        NOT NULL,
    draft_digest text      NOT NULL, -- what was decided about
    verdict    text        NOT NULL,
    decided_by text        NOT NULL,
    reason     text        NOT NULL DEFAULT '',
    decided_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT verdict_is_known CHECK (verdict IN ('approve', 'reject', 'hold', 'release', 'auto-approve'))
);
CREATE INDEX decision_of_document ON decision (invoice_id, id);

-- What a credit was used for. Drafts' uses go with the draft.
CREATE TABLE credit_use (
    invoice_id bigint   NOT NULL REFERENCES invoice ON DELETE CASCADE,
    credit_id  text     NOT NULL,
    customer   text     NOT NULL,
    month      billing_month NOT NULL,
    currency   currency NOT NULL,
    used       amount   NOT NULL,
    final      boolean  NOT NULL DEFAULT false,
    PRIMARY KEY (invoice_id, credit_id, currency),
    CONSTRAINT use_is_positive CHECK (used > 0)
);

-- Rendered documents by content. A scope names the accounts that a file is
-- narrowed to; the whole document's is empty.
CREATE TABLE document (
    invoice_id bigint NOT NULL REFERENCES invoice,
    kind       text   NOT NULL, -- invoice-pdf, detail-xlsx
    language   text   NOT NULL,
    scope      text   NOT NULL DEFAULT '',
    file_name  text   NOT NULL,
    sha256     text   NOT NULL,
    bytes      bigint NOT NULL,
    key        text   NOT NULL, -- in the blob store
    rendered_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (invoice_id, kind, language, scope)
);

-- The outbox: a ledger of mails, one row per recipient, written with the number.
CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    invoice_id   bigint NOT NULL REFERENCES invoice,
    ordinal      int    NOT NULL, -- 1.. within the document: deliver/<number>/<ordinal>
    recipient    text   NOT NULL, -- address
    recipient_name text NOT NULL DEFAULT '',
    cc           text   NOT NULL DEFAULT '',
    language     text   NOT NULL,
    documents    text[] NOT NULL, -- kinds this recipient may see
    accounts     text[] NOT NULL DEFAULT '{}', -- that it may see of them, sorted; none: the whole document
    scope        text   NOT NULL DEFAULT '',   -- names the accounts; a file of another scope is never attached
    message_id   text   NOT NULL UNIQUE,
    mime_sha256  text   NOT NULL DEFAULT '',
    mime_key     text   NOT NULL DEFAULT '', -- the composed message in the blob store
    state        text   NOT NULL DEFAULT 'pending',
    fence        bigint NOT NULL DEFAULT 0,
    lease_until  timestamptz,
    attempts     int    NOT NULL DEFAULT 0,
    ambiguous    int    NOT NULL DEFAULT 0,
    last_reply   text   NOT NULL DEFAULT '',
    sent_at      timestamptz,
    UNIQUE (invoice_id, ordinal),
    CONSTRAINT state_is_known     CHECK (state IN ('pending', 'sending', 'dot', 'sent', 'failed', 'unknown', 'held')),
    CONSTRAINT sent_has_a_time    CHECK ((state = 'sent') = (sent_at IS NOT NULL)),
    CONSTRAINT scope_is_the_digest_of_its_accounts CHECK (scope = CASE
        WHEN cardinality(accounts) = 0 THEN ''
        ELSE encode(sha256(convert_to(array_to_string(accounts, E'\n'), 'UTF8')), 'hex') END),
    CONSTRAINT invoice_is_for_whom_sees_the_whole  CHECK (scope = '' OR NOT 'invoice' = ANY (documents))
);

-- Contacts that get no mail of a document, written with its number.
CREATE TABLE mail_left_out (
    invoice_id bigint NOT NULL REFERENCES invoice,
    position   int    NOT NULL,
    recipient  text   NOT NULL, -- address
    role       text   NOT NULL,
    reason     text   NOT NULL,
    PRIMARY KEY (invoice_id, position),
    CONSTRAINT says_why CHECK (reason <> '')
);

CREATE TABLE mail_event (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    outbox_id  bigint      NOT NULL REFERENCES outbox,
    fence      bigint      NOT NULL,
    state      text        NOT NULL,
    reply      text        NOT NULL DEFAULT '',
    happened_at timestamptz NOT NULL DEFAULT now()
);

-- Commitments that were flagged, once per rung of the ladder.
CREATE TABLE commitment_notice (
    commitment_id text NOT NULL,
    ends_on       date NOT NULL,
    rung          int  NOT NULL, -- days before the end: 30, 14, 7, 1
    noticed_on    date NOT NULL,
    mailed_at     timestamptz, -- when the relay took the mail that names it
    PRIMARY KEY (commitment_id, ends_on, rung)
);

-- Everything that was done, in order; each row's hash covers the one before.
CREATE TABLE audit_log (
    seq         bigint PRIMARY KEY,
    happened_at timestamptz NOT NULL,
    actor       text  NOT NULL, -- a code of the people sheet, or the workflow's id
    action      text  NOT NULL,
    subject     text  NOT NULL,
    detail      jsonb NOT NULL DEFAULT '{}',
    prev_hash   bytea NOT NULL,
    hash        bytea NOT NULL
);

-- Which text the chain covers: every field behind its length in bytes, so that
-- no two rows read alike.
CREATE FUNCTION audit_text(at timestamptz, actor text, action text, subject text, detail jsonb) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT string_agg(octet_length(field) || ':' || field || E'\n', '' ORDER BY position)
    FROM unnest(ARRAY[
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, action, subject, detail::text
    ]) WITH ORDINALITY AS fields (field, position)
$$;

-- Whoever writes a row, the chain is linked here: one writer at a time, until
-- its transaction ends. Writers take this lock last.
CREATE FUNCTION link_audit_chain() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    last audit_log;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('audit_log'));
    SELECT * INTO last FROM audit_log ORDER BY seq DESC LIMIT 1;
    NEW.seq := coalesce(last.seq, 0) + 1;
    NEW.happened_at := clock_timestamp();
    NEW.prev_hash := coalesce(last.hash, sha256('magam'::bytea));
    NEW.hash := sha256(NEW.prev_hash || convert_to(
        audit_text(NEW.happened_at, NEW.actor, NEW.action, NEW.subject, NEW.detail), 'UTF8'));
    RETURN NEW;
END $$;

CREATE TRIGGER audit_log_is_a_chain BEFORE INSERT ON audit_log
    FOR EACH ROW EXECUTE FUNCTION link_audit_chain();

-- A finalized document never changes: not even by mistake, not even by hand.
CREATE FUNCTION refuse_change_of_final() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'final' THEN
        RAISE EXCEPTION 'E_PERIOD_CLOSED: document % is final; corrections are new documents', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER invoice_is_final BEFORE UPDATE OR DELETE ON invoice
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_final();

-- What a finalized document took and used is as final as the document.
CREATE FUNCTION refuse_change_beside_final() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    named bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.invoice_id ELSE OLD.invoice_id END;
BEGIN
    IF EXISTS (SELECT FROM invoice WHERE id = named AND state = 'final') THEN
        RAISE EXCEPTION 'E_PERIOD_CLOSED: document % is final, and so is its %', named, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER invoice_share_is_final BEFORE INSERT OR UPDATE OR DELETE ON invoice_share
    FOR EACH ROW EXECUTE FUNCTION refuse_change_beside_final();
CREATE TRIGGER credit_use_is_final BEFORE INSERT OR UPDATE OR DELETE ON credit_use
    FOR EACH ROW EXECUTE FUNCTION refuse_change_beside_final();

-- Who may see what of a document is decided once, with its number.
CREATE FUNCTION refuse_change_of_scope() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.invoice_id, NEW.ordinal, NEW.documents, NEW.accounts, NEW.scope)
        IS DISTINCT FROM (OLD.invoice_id, OLD.ordinal, OLD.documents, OLD.accounts, OLD.scope) THEN
        RAISE EXCEPTION 'E_PERIOD_CLOSED: what mail % may show was decided with its document''s number', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER outbox_scope_is_final BEFORE UPDATE ON outbox
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_scope();

-- What is append-only stays so for its owner too.
CREATE FUNCTION refuse_rewriting() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'E_PERIOD_CLOSED: % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER mail_left_out_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mail_left_out
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER invoice_is_never_truncated BEFORE TRUNCATE ON invoice
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Closes read one customer's accounts at a time.
CREATE INDEX charge_daily_account ON charge_daily (account_id);

-- account_owner says who owns an account on which days, for the close of a
-- month (ruling R-11); of one customer's accounts, or of all where none is named.
-- In each month the contract of an account's last owner decides: the month is
-- that owner's whole, or each day is its own owner's. The ranges of one account
-- never overlap, so that every charge has one owner or none.
CREATE FUNCTION account_owner(billing text, whose text)
    RETURNS TABLE (provider text, sub_account text, customer text, organization text, alias text, days daterange)
    LANGUAGE sql STABLE AS $$
    WITH by_day AS (
        SELECT DISTINCT r.cells ->> 'code' AS code
        FROM master_row r JOIN master_current c ON c.sheet = r.sheet AND c.import_id = r.import_id
        WHERE r.sheet = 'customers' AND r.cells ->> 'move_policy' = 'by-day'
          AND coalesce(r.cells ->> 'from', '') <= billing
          AND (coalesce(r.cells ->> 'to', '') = '' OR r.cells ->> 'to' >= billing)
    ), asked AS (
        SELECT s.*, date_trunc('month', lower(s.valid)::timestamp)::date AS first_month,
            date_trunc('month', (upper(s.valid) - 1)::timestamp)::date AS last_month
        FROM account_assignment s
        WHERE whose = '' OR EXISTS (
            SELECT FROM account_assignment w
            WHERE w.customer = whose AND w.provider = s.provider AND w.sub_account = s.sub_account)
    ), claimed AS (
        SELECT a.provider, a.sub_account, a.customer, a.organization, a.alias, lower(a.valid) AS begins,
            CASE WHEN entered.daily THEN lower(a.valid) ELSE a.first_month END AS since,
            CASE WHEN leaving.daily THEN upper(a.valid)
                ELSE (a.last_month + interval '1 month')::date END AS until
        FROM asked a
        LEFT JOIN LATERAL (
            SELECT EXISTS (SELECT FROM by_day d WHERE d.code = l.customer) AS daily
            FROM account_assignment l
            WHERE l.provider = a.provider AND l.sub_account = a.sub_account
              AND l.valid && daterange(a.first_month, (a.first_month + interval '1 month')::date)
            ORDER BY lower(l.valid) DESC NULLS LAST LIMIT 1
        ) entered ON a.first_month IS NOT NULL
        LEFT JOIN LATERAL (
            SELECT EXISTS (SELECT FROM by_day d WHERE d.code = l.customer) AS daily
            FROM account_assignment l
            WHERE l.provider = a.provider AND l.sub_account = a.sub_account
              AND l.valid && daterange(a.last_month, (a.last_month + interval '1 month')::date)
            ORDER BY lower(l.valid) DESC NULLS LAST LIMIT 1
        ) leaving ON a.last_month IS NOT NULL
    ), bounded AS (
        SELECT c.*, min(c.since) OVER (
                PARTITION BY c.provider, c.sub_account ORDER BY c.begins NULLS FIRST
                ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS taken_over
        FROM claimed c
    )
    SELECT b.provider, b.sub_account, b.customer, b.organization, b.alias,
        daterange(b.since, least(b.until, b.taken_over))
    FROM bounded b
    WHERE b.since IS NULL OR coalesce(b.since < least(b.until, b.taken_over), true)
$$;

CREATE INDEX account_assignment_customer ON account_assignment (customer);
