-- The charge store: whole deliveries, dictionary-encoded, published atomically.
--
-- A charge row holds ids into dictionary tables, two instants and five amounts.
-- Every part of a delivery is a table of its own, made by charge_part_open and
-- attached to `charge` when the delivery is sealed, so that readers see all of
-- a delivery or nothing, and replacing or purging it never deletes rows.

-- An amount as it came from a source: exact, never NaN, bounded (see money.Parse).
CREATE DOMAIN amount AS numeric
    CONSTRAINT amount_is_a_number           CHECK (VALUE <> 'NaN')
    CONSTRAINT amount_is_bounded            CHECK (abs(VALUE) < 1e15)
    CONSTRAINT amount_has_at_most_60_places CHECK (scale(VALUE) <= 60);

CREATE DOMAIN billing_month AS text
    CONSTRAINT month_reads_like_2026_10 CHECK (VALUE ~ '^[0-9]{4}-(0[1-9]|1[0-2])$');

CREATE DOMAIN currency AS text
    CONSTRAINT currency_is_iso_4217 CHECK (VALUE ~ '^[A-Z]{3}$');

CREATE TABLE delivery (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source        text        NOT NULL,
    format        text        NOT NULL,
    scope         text        NOT NULL, -- what a newer delivery of the source replaces: a month, or a file set
    digest        text        NOT NULL, -- of the manifest or of every byte
    digest_kind   text        NOT NULL,
    location      text        NOT NULL, -- where it was found, for people
    state         text        NOT NULL DEFAULT 'loading',
    month         text        NOT NULL DEFAULT '', -- of its manifest; empty where its rows tell
    provider_as_of timestamptz,         -- when the data was made, as far as the provider says
    control       jsonb       NOT NULL DEFAULT '[]', -- the control totals it was sealed against
    discovered_at timestamptz NOT NULL DEFAULT now(),
    sealed_at     timestamptz,
    superseded_by bigint REFERENCES delivery,
    refusal       text        NOT NULL DEFAULT '',
    CONSTRAINT state_is_known          CHECK (state IN ('loading', 'sealed', 'superseded', 'refused')),
    CONSTRAINT sealed_when_published   CHECK (state NOT IN ('sealed', 'superseded') OR sealed_at IS NOT NULL),
    CONSTRAINT superseded_names_newer  CHECK ((state = 'superseded') = (superseded_by IS NOT NULL)),
    CONSTRAINT refused_says_why        CHECK ((state = 'refused') = (refusal <> ''))
);

-- The same bytes are the same delivery, wherever they were found.
CREATE UNIQUE INDEX delivery_once ON delivery (digest) WHERE state IN ('loading', 'sealed');
-- One published delivery per source and scope.
CREATE UNIQUE INDEX delivery_one_current ON delivery (source, scope) WHERE state = 'sealed';

CREATE TABLE part (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery    bigint NOT NULL REFERENCES delivery,
    ordinal     int    NOT NULL,
    key         text   NOT NULL, -- path in the source's store
    bytes       bigint NOT NULL,
    archive_key text   NOT NULL DEFAULT '', -- path of the raw copy in the archive
    digest      text   NOT NULL DEFAULT '', -- sha256 of the raw bytes
    loaded_at   timestamptz,
    -- What the reader counted in the file, apart from what the database holds.
    control     jsonb  NOT NULL DEFAULT '[]',
    UNIQUE (delivery, ordinal)
);

-- What a delivery held, kept after its rows are gone.
CREATE TABLE delivery_total (
    delivery   bigint        NOT NULL REFERENCES delivery,
    month      billing_month NOT NULL,
    currency   currency      NOT NULL,
    state      text          NOT NULL,
    row_count  bigint        NOT NULL,
    billed     amount        NOT NULL,
    effective  amount        NOT NULL,
    list       amount        NOT NULL,
    contracted amount        NOT NULL,
    PRIMARY KEY (delivery, month, currency, state),
    CONSTRAINT total_is_sealed_or_quarantined CHECK (state IN ('sealed', 'quarantined'))
);

-- Dictionaries. A tuple that varies together is one entry; `hash` finds it.
CREATE TABLE dim_bill (
    id              int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash            bytea         NOT NULL UNIQUE, -- sha256 over the fields
    provider        text          NOT NULL, -- aws, azure, gcp, oci, other
    provider_name   text          NOT NULL, -- as the export spells it
    billing_account text          NOT NULL,
    invoice_id      text          NOT NULL,
    invoice_issuer  text          NOT NULL,
    billing_entity  text          NOT NULL,
    currency        currency      NOT NULL,
    month           billing_month NOT NULL
);

CREATE TABLE dim_account (
    id               int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash             bytea NOT NULL UNIQUE,
    provider         text  NOT NULL,
    sub_account      text  NOT NULL,
    sub_account_name text  NOT NULL
);

CREATE TABLE dim_item (
    id               int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash             bytea    NOT NULL UNIQUE,
    category         smallint NOT NULL, -- charge.Category
    class            smallint NOT NULL, -- charge.Class
    line_type        text     NOT NULL,
    service_code     text     NOT NULL,
    service_name     text     NOT NULL,
    usage_type       text     NOT NULL,
    operation        text     NOT NULL,
    region           text     NOT NULL,
    sku_id           text     NOT NULL,
    sku_price_id     text     NOT NULL,
    unit             text     NOT NULL,
    pricing_category text     NOT NULL,
    tax_type         text     NOT NULL,
    description      text     NOT NULL,
    CONSTRAINT category_is_known CHECK (category BETWEEN 1 AND 5)
);

CREATE TABLE dim_resource (
    id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash  bytea NOT NULL UNIQUE,
    value text  NOT NULL
);

CREATE TABLE dim_tag_set (
    id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash  bytea NOT NULL UNIQUE,
    value text  NOT NULL,           -- canonical JSON as delivered
    tags  jsonb                     -- normalized by ApplyTags; NULL until then
);

CREATE TABLE dim_commitment (
    id    int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash  bytea NOT NULL UNIQUE,
    value text  NOT NULL
);

-- The rows themselves. No index: parts are scanned whole, once, when sealed.
CREATE TABLE charge (
    part_id       bigint      NOT NULL,
    row_no        int         NOT NULL, -- row of the part's file: with it, the archive answers
    bill_id       int         NOT NULL,
    account_id    int         NOT NULL,
    item_id       int         NOT NULL,
    resource_id   int         NOT NULL, -- 0 is none, here and below
    tag_set_id    int         NOT NULL,
    commitment_id int         NOT NULL,
    starts_at     timestamptz NOT NULL,
    ends_at       timestamptz NOT NULL,
    quantity      numeric     NOT NULL,
    billed        numeric     NOT NULL,
    effective     numeric     NOT NULL,
    list          numeric     NOT NULL,
    contracted    numeric     NOT NULL
) PARTITION BY LIST (part_id);

-- What closes and reports read: one row per day and combination of ids.
CREATE TABLE charge_daily (
    delivery      bigint NOT NULL,
    day           date   NOT NULL,
    bill_id       int    NOT NULL,
    account_id    int    NOT NULL,
    item_id       int    NOT NULL,
    tag_set_id    int    NOT NULL,
    commitment_id int    NOT NULL,
    row_count     bigint NOT NULL,
    quantity      amount NOT NULL,
    billed        amount NOT NULL,
    effective     amount NOT NULL,
    list          amount NOT NULL,
    contracted    amount NOT NULL
) PARTITION BY LIST (delivery);

-- Rows set aside with their amounts until someone decides.
CREATE TABLE quarantined_row (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    part_id     bigint NOT NULL REFERENCES part,
    row_no      int    NOT NULL,
    byte_offset bigint NOT NULL,
    code        text   NOT NULL,
    column_name text   NOT NULL,
    value       text   NOT NULL, -- an excerpt for people
    raw         bytea  NOT NULL, -- the whole row, exactly
    month       text   NOT NULL DEFAULT '',
    currency    text   NOT NULL DEFAULT '',
    provider    text   NOT NULL DEFAULT '',
    service     text   NOT NULL DEFAULT '',
    sub_account text   NOT NULL DEFAULT '',
    category    text   NOT NULL DEFAULT '',
    invoice_id  text   NOT NULL DEFAULT '',
    billed      amount, -- NULL where the text is no number
    effective   amount,
    list        amount,
    contracted  amount,
    state       text   NOT NULL DEFAULT 'open',
    decided_by  text   NOT NULL DEFAULT '',
    reason      text   NOT NULL DEFAULT '',
    UNIQUE (part_id, row_no),
    CONSTRAINT state_is_known           CHECK (state IN ('open', 'fixed', 'accepted', 'rejected')),
    CONSTRAINT decision_names_a_person  CHECK (state = 'open' OR decided_by <> '')
);

-- charge_part_open makes the empty table of a part, dropping what an earlier
-- attempt left, but never what is published. It runs with its owner's rights,
-- since the application may not make tables.
CREATE FUNCTION charge_part_open(part bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := format('charge_p%s', part);
BEGIN
    IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(name) AND inhparent = 'charge'::regclass) THEN
        RAISE EXCEPTION 'part % is published; a newer delivery supersedes it', part
            USING ERRCODE = 'restrict_violation';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I', name);
    EXECUTE format('CREATE TABLE %I (LIKE charge INCLUDING ALL)', name);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO magam_app', name);
    RETURN name;
END $$;

-- charge_publish attaches every part of a delivery, closes it to writing and
-- opens the delivery's daily table.
CREATE FUNCTION charge_publish(published bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one bigint;
BEGIN
    FOR one IN SELECT id FROM part WHERE delivery = published ORDER BY id LOOP
        EXECUTE format('ALTER TABLE charge ATTACH PARTITION %I FOR VALUES IN (%s)', format('charge_p%s', one), one);
        EXECUTE format('REVOKE INSERT ON %I FROM magam_app', format('charge_p%s', one));
    END LOOP;
    EXECUTE format('CREATE TABLE %I PARTITION OF charge_daily FOR VALUES IN (%s)',
        format('charge_daily_d%s', published), published);
END $$;

-- charge_withdraw drops every row of a delivery, published or half loaded.
CREATE FUNCTION charge_withdraw(withdrawn bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one bigint;
BEGIN
    FOR one IN SELECT id FROM part WHERE delivery = withdrawn ORDER BY id LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I', format('charge_p%s', one));
    END LOOP;
    EXECUTE format('DROP TABLE IF EXISTS %I', format('charge_daily_d%s', withdrawn));
END $$;
