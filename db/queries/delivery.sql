-- Deliveries and their parts, and who delivers.

-- name: lock_digest
-- $1 digest
SELECT pg_advisory_xact_lock(hashtextextended('delivery ' || $1, 0));

-- name: by_digest
-- $1 digest $2 whether one that was withdrawn or replaced is taken in anew
SELECT id, state, CASE state WHEN 'held' THEN refusal WHEN 'withdrawn' THEN 'withdrawn by ' || withdrawn_by || ': '
    || withdrawn_why || '; starter ingest --again takes it in anew' ELSE '' END
FROM delivery WHERE digest = $1 AND state <> 'refused' AND (state NOT IN ('withdrawn', 'superseded') OR NOT $2)
ORDER BY id DESC LIMIT 1;

-- name: known
-- $1 digest
SELECT EXISTS (SELECT FROM delivery WHERE digest = $1);

-- name: late
-- One that was refused as older is not loaded again while the newer one stands. $1 digest $2 as of
SELECT d.id, d.refusal FROM delivery d JOIN delivery n ON n.source = d.source AND n.scope = d.scope AND n.state = 'sealed'
WHERE d.digest = $1 AND d.state = 'refused' AND d.refusal LIKE 'E_OLDER_DELIVERY%' AND n.provider_as_of > $2
ORDER BY d.id DESC LIMIT 1;

-- name: add
-- $1 source $2 format $3 scope $4 digest $5 kind of digest $6 location $7 month $8 as of
-- $9 rows promised
INSERT INTO delivery (source, format, scope, digest, digest_kind, location, month, provider_as_of, promised_rows)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
RETURNING id;

-- name: add_part
-- $1 delivery $2 ordinal $3 key $4 bytes $5 digest $6 rows promised
INSERT INTO part (delivery, ordinal, key, bytes, digest, promised_rows) VALUES ($1, $2, $3, $4, $5, $6);

-- name: move
-- $1 delivery $2 location
UPDATE delivery SET location = $2 WHERE id = $1;

-- name: move_part
-- $1 delivery $2 digest $3 key
UPDATE part SET key = $3 WHERE delivery = $1 AND digest = $2 AND loaded_at IS NULL;

-- name: parts
-- $1 delivery
SELECT id, key, bytes, loaded_at IS NOT NULL FROM part WHERE delivery = $1 ORDER BY ordinal;

-- name: refuse
-- $1 delivery $2 why
UPDATE delivery SET state = 'refused', refusal = $2 WHERE id = $1 AND state = 'loading';

-- name: hold
-- $1 delivery $2 why
-- Its parts stay loaded, so that nothing is read again when it is let through.
UPDATE delivery SET state = 'held', refusal = $2 WHERE id = $1 AND state = 'loading';

-- name: outdated
-- Deliveries of the same source and scope that are held when a newer one is published. $1 the newer delivery
SELECT held.id FROM delivery AS held JOIN delivery AS newer ON newer.source = held.source AND newer.scope = held.scope
WHERE newer.id = $1 AND held.state = 'held' AND held.id < newer.id
ORDER BY held.id;

-- name: outdate
-- $1 delivery $2 why
UPDATE delivery SET state = 'refused', refusal = $2 WHERE id = $1 AND state = 'held';

-- name: lock_decided
-- $1 delivery
SELECT source, state FROM delivery WHERE id = $1 FOR UPDATE;

-- name: say
-- $1 delivery $2 word $3 who $4 whether an approver $5 why
INSERT INTO delivery_word (delivery, word, said_by, approver, reason) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (delivery, word, said_by) DO NOTHING;

-- name: words
-- $1 delivery $2 word
SELECT said_by, approver, reason FROM delivery_word WHERE delivery = $1 AND word = $2 ORDER BY id;

-- name: let_through
-- $1 delivery $2 why, by whom
UPDATE delivery SET state = 'loading', refusal = '', let_through = $2 WHERE id = $1 AND state = 'held';

-- name: take_out
-- $1 delivery $2 who $3 why
UPDATE delivery
SET state = 'withdrawn', refusal = '', withdrawn_by = $2, withdrawn_why = $3, withdrawn_at = clock_timestamp()
WHERE id = $1;

-- name: settle_quarantined
-- $1 delivery $2 who
UPDATE quarantined_row SET state = 'fixed', decided_by = $2, reason = 'the delivery was withdrawn'
WHERE state = 'open' AND part_id IN (SELECT id FROM part WHERE delivery = $1);

-- name: months
-- $1 delivery
SELECT DISTINCT month::text FROM delivery_total WHERE delivery = $1 ORDER BY 1;

-- name: lock_months
-- $1 months
-- A close waits for a withdrawal and a withdrawal for a close; the row's lock is before any other.
SELECT month::text, state, EXISTS (
    SELECT FROM invoice WHERE invoice.month = billing_period.month AND invoice.state IN ('deferred', 'final'))
FROM billing_period WHERE month = ANY ($1::text[])
ORDER BY month
FOR UPDATE;

-- name: list
-- $1 month or empty $2 source or empty $3 how many $4 delivery or 0
SELECT d.id, d.source, d.format, d.scope, d.state, coalesce(d.superseded_by, 0), d.digest, d.location,
    CASE WHEN d.state = 'withdrawn' THEN 'withdrawn by ' || d.withdrawn_by || ': ' || d.withdrawn_why ELSE d.refusal END,
    d.let_through, d.provider_as_of, d.discovered_at, d.sealed_at,
    (SELECT count(*) FROM part WHERE part.delivery = d.id), (SELECT coalesce(sum(bytes), 0) FROM part WHERE part.delivery = d.id)::bigint,
    d.promised_rows
FROM delivery AS d
WHERE ($1 = '' OR d.month = $1 OR EXISTS (SELECT FROM delivery_total t WHERE t.delivery = d.id AND t.month = $1))
    AND ($2 = '' OR d.source = $2) AND ($4::bigint = 0 OR d.id = $4)
ORDER BY d.id DESC LIMIT $3;

-- name: totals
-- What was kept of each; of one that was not published, what its readers counted. $1 deliveries
SELECT id, month, currency, state, sum(rows)::bigint, trim_scale(sum(billed))::text
FROM (
    SELECT delivery AS id, month::text AS month, currency::text AS currency, state, row_count AS rows,
        billed::numeric AS billed
    FROM delivery_total WHERE delivery = ANY ($1::bigint[])
    UNION ALL
    SELECT part.delivery, total ->> 'month', total ->> 'currency', total ->> 'state', (total ->> 'rows')::bigint,
        (total ->> 'billed')::numeric
    FROM part CROSS JOIN jsonb_array_elements(part.control) AS total
    WHERE part.delivery = ANY ($1::bigint[])
        AND NOT EXISTS (SELECT FROM delivery_total kept WHERE kept.delivery = part.delivery)
) AS held
GROUP BY id, month, currency, state
ORDER BY id, month, currency, state DESC;

-- name: files
-- $1 delivery
SELECT ordinal, key, bytes, digest, archive_key, promised_rows, loaded_at IS NOT NULL,
    coalesce((SELECT sum((total ->> 'rows')::bigint) FROM jsonb_array_elements(control) AS total), 0)::bigint
FROM part WHERE delivery = $1 ORDER BY ordinal;

-- name: forget_quarantined
-- $1 delivery
DELETE FROM quarantined_row WHERE part_id IN (SELECT id FROM part WHERE delivery = $1);

-- name: withdraw
-- $1 delivery
SELECT charge_withdraw($1);

-- name: sources
SELECT coalesce(cells ->> 'name', ''), coalesce(cells ->> 'provider', ''), coalesce(cells ->> 'format', 'auto'),
    coalesce(cells ->> 'url', ''), coalesce(cells ->> 'billing_account', ''), coalesce(cells ->> 'currency', ''),
    coalesce(cells ->> 'close_policy', '')
FROM master_row JOIN master_current
    ON master_current.sheet = master_row.sheet AND master_current.import_id = master_row.import_id
WHERE master_row.sheet = 'sources'
ORDER BY row_no;
