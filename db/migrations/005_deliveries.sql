-- Deliveries that wait for people, what manifests promise, alarms, readiness.

ALTER TABLE delivery
    ADD promised_rows bigint NOT NULL DEFAULT 0, -- by its manifest; 0: it does not say
    ADD let_through   text   NOT NULL DEFAULT '', -- why two people let it through although it shrank
    ADD withdrawn_by  text   NOT NULL DEFAULT '', -- a code of the people sheet
    ADD withdrawn_why text   NOT NULL DEFAULT '',
    ADD withdrawn_at  timestamptz,
    DROP CONSTRAINT state_is_known,
    DROP CONSTRAINT refused_says_why,
    ADD CONSTRAINT state_is_known CHECK (state IN ('loading', 'sealed', 'superseded', 'refused', 'held', 'withdrawn')),
    ADD CONSTRAINT refused_says_why CHECK ((state IN ('refused', 'held')) = (refusal <> '')),
    ADD CONSTRAINT withdrawn_names_who_and_why
        CHECK (state <> 'withdrawn' OR withdrawn_by <> '' AND withdrawn_why <> '' AND withdrawn_at IS NOT NULL);
ALTER TABLE part ADD promised_rows bigint NOT NULL DEFAULT 0;

DROP INDEX delivery_once;
CREATE UNIQUE INDEX delivery_once ON delivery (digest) WHERE state IN ('loading', 'sealed', 'held');

-- What people said about deliveries. Letting a held one through takes two.
CREATE TABLE delivery_word (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery bigint  NOT NULL REFERENCES delivery,
    word     text    NOT NULL,
    said_by  text    NOT NULL, -- a code of the people sheet
    approver boolean NOT NULL, -- when it was said
    reason   text    NOT NULL,
    said_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (delivery, word, said_by),
    CONSTRAINT word_is_known    CHECK (word IN ('accept', 'withdraw')),
    CONSTRAINT names_who_and_why CHECK (said_by <> '' AND reason <> '')
);
CREATE TRIGGER delivery_word_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery_word
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- How final each source's month was when the close, or the watch, last looked.
CREATE TABLE month_readiness (
    month      billing_month NOT NULL,
    source     text          NOT NULL,
    provider   text          NOT NULL, -- of the rows; empty where nothing is in
    finality   text          NOT NULL,
    why        text          NOT NULL,
    checked_at timestamptz   NOT NULL DEFAULT now(),
    PRIMARY KEY (month, source, provider),
    CONSTRAINT finality_is_known CHECK (finality IN ('final', 'not-final', 'missing'))
);

-- Who let a month close before its data was final, and why.
ALTER TABLE billing_period
    ADD accepted_not_final    text NOT NULL DEFAULT '',
    ADD accepted_not_final_by text NOT NULL DEFAULT '';

-- What ops should look at: one row from when it is first seen until it is over.
CREATE TABLE alarm (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text        NOT NULL,
    source     text        NOT NULL,
    month      text        NOT NULL DEFAULT '',
    subject    text        NOT NULL DEFAULT '',
    figures    text[]      NOT NULL DEFAULT '{}', -- what its sentence quotes, as last seen
    since      timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    cleared_at timestamptz,
    CONSTRAINT kind_is_known CHECK (kind IN ('silent', 'held', 'refused', 'rows', 'jump', 'quarantine'))
);
CREATE UNIQUE INDEX alarm_stands_once ON alarm (kind, source, month, subject) WHERE cleared_at IS NULL;

-- One mail per alarm, occasion and recipient: a ledger like the outbox.
CREATE TABLE alarm_mail (
    alarm    bigint NOT NULL REFERENCES alarm,
    occasion text   NOT NULL,
    person   text   NOT NULL, -- a code of the people sheet, never an address
    state    text   NOT NULL DEFAULT 'pending',
    attempts int    NOT NULL DEFAULT 0,
    reply    text   NOT NULL DEFAULT '',
    told_at  timestamptz,
    PRIMARY KEY (alarm, occasion, person),
    CONSTRAINT occasion_is_known CHECK (occasion IN ('raised', 'cleared')),
    CONSTRAINT state_is_known    CHECK (state IN ('pending', 'sent', 'failed')),
    CONSTRAINT sent_has_a_time   CHECK ((state = 'sent') = (told_at IS NOT NULL))
);

GRANT SELECT ON delivery_word, month_readiness, alarm, alarm_mail TO magam_app, magam_audit;
GRANT INSERT ON delivery_word TO magam_app;
GRANT INSERT, UPDATE ON alarm TO magam_app;
GRANT INSERT, UPDATE, DELETE ON month_readiness, alarm_mail TO magam_app;

-- charge_publish attaches every part of a delivery, closes it to writing and
-- opens the delivery's daily table. Tables are made apart and then attached:
-- made as partitions they would keep every reader out until the seal commits.
CREATE OR REPLACE FUNCTION charge_publish(published bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one bigint;
    days text := format('charge_daily_d%s', published);
BEGIN
    FOR one IN SELECT id FROM part WHERE delivery = published ORDER BY id LOOP
        EXECUTE format('ALTER TABLE charge ATTACH PARTITION %I FOR VALUES IN (%s)', format('charge_p%s', one), one);
        EXECUTE format('REVOKE INSERT ON %I FROM magam_app', format('charge_p%s', one));
    END LOOP;
    EXECUTE format('CREATE TABLE %I (LIKE charge_daily INCLUDING ALL)', days);
    EXECUTE format('ALTER TABLE charge_daily ATTACH PARTITION %I FOR VALUES IN (%s)', days, published);
END $$;
