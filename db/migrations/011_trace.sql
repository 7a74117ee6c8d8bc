-- The trace outlives the rows: parts of closed months that live on in the archive alone, and a month's steps.

-- A part whose rows left the books. Its original file, by digest, is what answers for them.
CREATE TABLE archived_part (
    part        bigint        PRIMARY KEY REFERENCES part,
    month       billing_month NOT NULL, -- whose archiving took the rows
    row_count   bigint        NOT NULL,
    archived_by text          NOT NULL, -- a code of the people sheet
    archived_at timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT archiving_names_a_person CHECK (archived_by <> '')
);

-- What an archived part held of each bill: the rows' side of every later proof.
CREATE TABLE archived_total (
    part       bigint NOT NULL REFERENCES archived_part,
    bill_id    int    NOT NULL REFERENCES dim_bill,
    row_count  bigint NOT NULL,
    quantity   amount NOT NULL,
    billed     amount NOT NULL,
    effective  amount NOT NULL,
    list       amount NOT NULL,
    contracted amount NOT NULL,
    PRIMARY KEY (part, bill_id)
);

-- A delivery's days as they were when its rows left, in one number: nothing else could tell a change of them.
CREATE TABLE archived_days (
    delivery bigint  PRIMARY KEY REFERENCES delivery,
    day_rows bigint  NOT NULL,
    print    numeric NOT NULL -- see days_print
);

CREATE TRIGGER archived_part_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_part
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER archived_total_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_total
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER archived_days_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON archived_days
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
GRANT SELECT ON archived_part, archived_total, archived_days TO magam_app, magam_audit;

-- days_print adds up a hash of every daily sum of a delivery: in whatever order they lie, the same days give the
-- same number, and one digit more or less gives another.
CREATE FUNCTION days_print(asked bigint) RETURNS numeric
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(sum(('x' || left(md5(concat_ws('|', to_char(d.day, 'YYYY-MM-DD'), d.bill_id, d.account_id, d.item_id, d.tag_set_id,
        d.commitment_id, d.row_count, trim_scale(d.quantity), trim_scale(d.billed), trim_scale(d.effective),
        trim_scale(d.list), trim_scale(d.contracted))), 15))::bit(60)::bigint::numeric), 0)
    FROM charge_daily d WHERE d.delivery = asked
$$;

-- charge_archive takes the rows of a published delivery out of the books, once every month that it holds is closed
-- and every file of it was read back from the archive with the digest that the books know. What the rows added up
-- to is written down first and compared with what their reader counted and with the days that closes read: those
-- stay. It runs with its owner's rights, since the application may not drop tables.
CREATE FUNCTION charge_archive(archived bigint, for_month text, by_whom text, read_back text[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one   part;
    taken bigint := 0;
    held_rows bigint;
    differs text;
BEGIN
    PERFORM FROM delivery WHERE id = archived AND state = 'sealed' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'delivery % is not published', archived USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT string_agg(DISTINCT t.month, ', ') INTO differs
    FROM delivery_total t LEFT JOIN billing_period b ON b.month = t.month
    WHERE t.delivery = archived AND t.state = 'sealed' AND b.state IS DISTINCT FROM 'closed';
    IF differs IS NOT NULL THEN
        RAISE EXCEPTION 'delivery % holds rows of %, which is not closed', archived, differs
            USING ERRCODE = 'restrict_violation';
    END IF;
    FOR one IN SELECT p.* FROM part p WHERE p.delivery = archived
            AND NOT EXISTS (SELECT FROM archived_part a WHERE a.part = p.id) ORDER BY p.id LOOP
        IF one.digest = '' OR NOT one.digest = ANY (read_back) THEN
            RAISE EXCEPTION 'part % was not read back from the archive', one.id USING ERRCODE = 'restrict_violation';
        END IF;
        EXECUTE format('SELECT count(*) FROM %I', format('charge_p%s', one.id)) INTO held_rows;
        INSERT INTO archived_part (part, month, row_count, archived_by) VALUES (one.id, for_month, held_rows, by_whom);
        EXECUTE format('INSERT INTO archived_total SELECT part_id, bill_id, count(*), sum(quantity), sum(billed),
                sum(coalesce(effective, billed)), sum(coalesce(list, billed)), sum(coalesce(contracted, billed))
            FROM %I GROUP BY part_id, bill_id', format('charge_p%s', one.id));
        SELECT string_agg(coalesce(held.month, counted.month) || ' ' || coalesce(held.currency, counted.currency), ', ')
        INTO differs
        FROM (
            SELECT b.month::text AS month, b.currency::text AS currency, sum(t.row_count) AS row_count,
                sum(t.billed) AS billed
            FROM archived_total t JOIN dim_bill b ON b.id = t.bill_id WHERE t.part = one.id
            GROUP BY b.month, b.currency
        ) held FULL JOIN (
            SELECT c ->> 'month' AS month, c ->> 'currency' AS currency, (c ->> 'rows')::bigint AS row_count,
                (c ->> 'billed')::numeric AS billed
            FROM jsonb_array_elements(one.control) c WHERE c ->> 'state' = 'sealed'
        ) counted ON counted.month = held.month AND counted.currency = held.currency
        WHERE held.row_count IS DISTINCT FROM counted.row_count OR held.billed IS DISTINCT FROM counted.billed;
        IF differs IS NOT NULL THEN
            RAISE EXCEPTION 'part %: its rows of % are not what its reader counted', one.id, differs
                USING ERRCODE = 'restrict_violation';
        END IF;
        taken := taken + held_rows;
    END LOOP;
    SELECT string_agg(coalesce(held.bill_id, days.bill_id)::text, ', ') INTO differs
    FROM (
        SELECT t.bill_id, sum(t.row_count) AS row_count, sum(t.quantity) AS quantity, sum(t.billed) AS billed,
            sum(t.effective) AS effective, sum(t.list) AS list, sum(t.contracted) AS contracted
        FROM archived_total t JOIN part p ON p.id = t.part WHERE p.delivery = archived GROUP BY t.bill_id
    ) held FULL JOIN (
        SELECT d.bill_id, sum(d.row_count) AS row_count, sum(d.quantity) AS quantity, sum(d.billed) AS billed,
            sum(d.effective) AS effective, sum(d.list) AS list, sum(d.contracted) AS contracted
        FROM charge_daily d WHERE d.delivery = archived GROUP BY d.bill_id
    ) days ON days.bill_id = held.bill_id
    WHERE (held.row_count, held.quantity, held.billed, held.effective, held.list, held.contracted)
        IS DISTINCT FROM (days.row_count, days.quantity, days.billed, days.effective, days.list, days.contracted);
    IF differs IS NOT NULL THEN
        RAISE EXCEPTION 'delivery %: its rows of bill % are not what its days add up to', archived, differs
            USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO archived_days SELECT archived, count(*), days_print(archived) FROM charge_daily WHERE delivery = archived
    ON CONFLICT (delivery) DO NOTHING;
    -- Last of all, since whoever reads waits from here on.
    FOR one IN SELECT p.* FROM part p WHERE p.delivery = archived ORDER BY p.id LOOP
        IF to_regclass(format('charge_p%s', one.id)) IS NOT NULL THEN
            EXECUTE format('ALTER TABLE charge_row DETACH PARTITION %I', format('charge_p%s', one.id));
            EXECUTE format('DROP TABLE %I', format('charge_p%s', one.id));
        END IF;
    END LOOP;
    RETURN taken;
END $$;
REVOKE EXECUTE ON FUNCTION charge_archive(bigint, text, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION charge_archive(bigint, text, text, text[]) TO magam_app;

-- A month's steps: what all its documents come to after each step of the order of operations. One chain runs from
-- a payer's source currency to the currency of documents; what belongs to no payer stands under its provider alone.
CREATE TABLE proof_step (
    month           billing_month NOT NULL,
    provider        text          NOT NULL,
    billing_account text          NOT NULL, -- empty: of no single payer
    source          text          NOT NULL, -- empty: of documents of several sources
    currency        currency      NOT NULL, -- of the documents
    ordinal         int           NOT NULL,
    step            text          NOT NULL,
    amounts         currency      NOT NULL, -- what the two amounts are in
    delta           amount        NOT NULL,
    after           amount        NOT NULL,
    PRIMARY KEY (month, provider, billing_account, source, currency, ordinal),
    CONSTRAINT source_is_iso_4217 CHECK (source = '' OR source ~ '^[A-Z]{3}$')
);
GRANT SELECT ON proof_step TO magam_app, magam_audit;
GRANT INSERT, DELETE ON proof_step TO magam_app;
