-- Sealing: a delivery is proved and published whole, or not at all.

-- name: settings
-- Rows are added up by hash in side by side processes: sorting them, which the planner prefers since it cannot
-- guess how few the sums are, takes three times as long, and compiling the statement as long as running it.
SET LOCAL work_mem = '64MB'; SET LOCAL jit = off; SET LOCAL enable_sort = off; SET LOCAL TIME ZONE 'UTC';

-- name: lock
-- $1 delivery
SELECT delivery.state, CASE delivery.state
        WHEN 'withdrawn' THEN 'withdrawn by ' || delivery.withdrawn_by || ': ' || delivery.withdrawn_why
            || '; starter ingest --again takes it in anew'
        WHEN 'superseded' THEN 'replaced by delivery ' || delivery.superseded_by
        ELSE delivery.refusal END, delivery.let_through <> '',
    (SELECT count(*) FROM part WHERE part.delivery = delivery.id AND part.loaded_at IS NULL)::int,
    pg_advisory_xact_lock(hashtextextended('seal ' || delivery.source || ' ' || delivery.scope, 0))::text
FROM delivery WHERE id = $1
FOR UPDATE;

-- name: current
-- $1 delivery
-- The published delivery that this one replaces, and whether that is the newer.
SELECT current.id, coalesce(current.provider_as_of > this.provider_as_of, false)
FROM delivery AS this JOIN delivery AS current ON current.source = this.source AND current.scope = this.scope
WHERE this.id = $1 AND current.state = 'sealed';

-- name: promised
-- Rows that were counted, and promised where a manifest says: the whole under no name, then every part. $1 delivery
SELECT '', delivery.promised_rows, coalesce(sum((total ->> 'rows')::bigint), 0)::bigint, 0
FROM delivery JOIN part ON part.delivery = delivery.id LEFT JOIN jsonb_array_elements(part.control) AS total ON true
WHERE delivery.id = $1
GROUP BY delivery.id
UNION ALL
SELECT part.key, part.promised_rows, coalesce(sum((total ->> 'rows')::bigint), 0)::bigint, part.ordinal
FROM part LEFT JOIN jsonb_array_elements(part.control) AS total ON true
WHERE part.delivery = $1 AND part.promised_rows <> 0
GROUP BY part.id
ORDER BY 4;

-- name: kept_rows
-- $1 delivery
SELECT coalesce(sum(row_count), 0)::bigint FROM delivery_total WHERE delivery = $1;

-- name: told_already
-- A published delivery of another scope that was read from one of this one's files and holds one of its months: a
-- file's scope is the month of its first row, and rows stand in no order. $1 delivery
SELECT rival.id, min(kept.month::text)
FROM delivery AS this
    JOIN delivery AS rival ON rival.source = this.source AND rival.scope <> this.scope AND rival.state = 'sealed'
    JOIN delivery_total AS kept ON kept.delivery = rival.id
WHERE this.id = $1 AND this.digest_kind = 'files' AND rival.digest_kind = 'files'
    AND EXISTS (SELECT FROM part AS mine JOIN part AS theirs ON theirs.key = mine.key
        WHERE mine.delivery = this.id AND theirs.delivery = rival.id)
    AND EXISTS (SELECT FROM part CROSS JOIN jsonb_array_elements(part.control) AS total
        WHERE part.delivery = this.id AND total ->> 'month' = kept.month)
GROUP BY rival.id
ORDER BY rival.id DESC LIMIT 1;

-- name: brief_wait
-- Taking tables away asks for the parent's lock, and whoever reads next stands behind that question: it is asked
-- briefly, taken back and asked again.
SET LOCAL lock_timeout = '1s';

-- name: wait_again
SET LOCAL lock_timeout TO DEFAULT;

-- name: part_ids
-- $1 delivery
-- All of them, and those that were loaded before parts had daily sums.
SELECT coalesce(array_agg(id ORDER BY id), '{}'), coalesce(array_agg(id ORDER BY id) FILTER (WHERE daily_runs = 0), '{}')
FROM part WHERE delivery = $1;

-- name: publish
-- $1 delivery
SELECT charge_publish($1);

-- name: daily
-- $1 delivery $2 its parts that came without daily sums
INSERT INTO charge_daily (delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id, row_count, quantity,
    billed, effective, list, contracted)
SELECT $1, (starts_at AT TIME ZONE 'UTC')::date, bill_id, account_id, item_id, tag_set_id, commitment_id, count(*),
    sum(quantity), sum(billed), sum(effective), sum(list), sum(contracted)
FROM charge
WHERE part_id = ANY ($2::bigint[])
GROUP BY (starts_at AT TIME ZONE 'UTC')::date, bill_id, account_id, item_id, tag_set_id, commitment_id;

-- name: rows
-- $1 the delivery's parts, by value so that other deliveries' tables are not even opened
-- Every row in the books, by bill and a hash of what its day is told apart by. A cost that is NULL is the billed one.
SELECT bill_id, bucket, sum(row_count)::bigint, trim_scale(sum(quantity))::text, trim_scale(sum(billed))::text,
    trim_scale(sum(coalesce(effective, billed)))::text, trim_scale(sum(coalesce(list, billed)))::text,
    trim_scale(sum(coalesce(contracted, billed)))::text
FROM (
    SELECT bill_id, ((starts_at::date - date '2000-01-01') # (account_id << 1) # (item_id << 2) # (tag_set_id << 3)
            # (commitment_id << 4)) & 63 AS bucket,
        (effective IS NULL)::int + 2 * (list IS NULL)::int + 4 * (contracted IS NULL)::int AS alike,
        count(*) AS row_count, sum(quantity) AS quantity, sum(billed) AS billed, sum(effective) AS effective,
        sum(list) AS list, sum(contracted) AS contracted
    FROM charge_row
    WHERE part_id = ANY ($1::bigint[])
    GROUP BY 1, 2, 3
) AS held
GROUP BY bill_id, bucket
ORDER BY bill_id, bucket;

-- name: days
-- $1 delivery
-- The daily sums, by the same.
SELECT bill_id, ((day - date '2000-01-01') # (account_id << 1) # (item_id << 2) # (tag_set_id << 3)
        # (commitment_id << 4)) & 63 AS bucket,
    sum(row_count)::bigint, trim_scale(sum(quantity))::text, trim_scale(sum(billed))::text,
    trim_scale(sum(effective))::text, trim_scale(sum(list))::text, trim_scale(sum(contracted))::text
FROM charge_daily
WHERE delivery = $1
GROUP BY 1, 2
ORDER BY 1, 2;

-- name: counted
-- $1 delivery
-- What the reader counted in the files, part by part.
SELECT total ->> 'month', total ->> 'currency', total ->> 'state', sum((total ->> 'rows')::bigint)::bigint,
    trim_scale(sum((total ->> 'billed')::numeric))::text, trim_scale(sum((total ->> 'effective')::numeric))::text,
    trim_scale(sum((total ->> 'list')::numeric))::text, trim_scale(sum((total ->> 'contracted')::numeric))::text
FROM part CROSS JOIN jsonb_array_elements(part.control) AS total
WHERE part.delivery = $1
GROUP BY 1, 2, 3
ORDER BY 1, 2, 3;

-- name: stored
-- $1 delivery
-- What the books hold, booked and set aside.
SELECT month, currency, state, sum(row_count)::bigint, trim_scale(sum(billed))::text, trim_scale(sum(effective))::text,
    trim_scale(sum(list))::text, trim_scale(sum(contracted))::text
FROM (
    SELECT bill.month::text AS month, bill.currency::text AS currency, 'sealed' AS state, daily.row_count,
        daily.billed::numeric, daily.effective::numeric, daily.list::numeric, daily.contracted::numeric
    FROM charge_daily AS daily JOIN dim_bill AS bill ON bill.id = daily.bill_id
    WHERE daily.delivery = $1
    UNION ALL
    SELECT aside.month, coalesce(nullif(aside.currency, ''), 'XXX'), 'quarantined', 1, coalesce(aside.billed, 0),
        coalesce(aside.effective, 0), coalesce(aside.list, 0), coalesce(aside.contracted, 0)
    FROM quarantined_row AS aside JOIN part ON part.id = aside.part_id
    WHERE part.delivery = $1
) AS held
GROUP BY month, currency, state
ORDER BY month, currency, state;

-- name: keep_totals
-- $1 delivery
-- Kept after the rows are gone. A row set aside without a month counts in the
-- delivery's first.
INSERT INTO delivery_total (delivery, month, currency, state, row_count, billed, effective, list, contracted)
SELECT $1, month, currency, state, sum(row_count), sum(billed), sum(effective), sum(list), sum(contracted)
FROM (
    SELECT bill.month::text AS month, bill.currency::text AS currency, 'sealed' AS state, daily.row_count,
        daily.billed::numeric, daily.effective::numeric, daily.list::numeric, daily.contracted::numeric
    FROM charge_daily AS daily JOIN dim_bill AS bill ON bill.id = daily.bill_id
    WHERE daily.delivery = $1
    UNION ALL
    SELECT coalesce(nullif(aside.month, ''), first.month, '0001-01'), coalesce(nullif(aside.currency, ''), 'XXX'),
        'quarantined', 1, coalesce(aside.billed, 0), coalesce(aside.effective, 0), coalesce(aside.list, 0),
        coalesce(aside.contracted, 0)
    FROM quarantined_row AS aside JOIN part ON part.id = aside.part_id
        CROSS JOIN (SELECT min(bill.month) AS month FROM charge_daily AS daily
            JOIN dim_bill AS bill ON bill.id = daily.bill_id WHERE daily.delivery = $1) AS first
    WHERE part.delivery = $1
) AS held
GROUP BY month, currency, state;

-- name: kept_totals
-- $1 delivery
SELECT month::text, currency::text, state, row_count, trim_scale(billed)::text, trim_scale(effective)::text,
    trim_scale(list)::text, trim_scale(contracted)::text
FROM delivery_total WHERE delivery = $1
ORDER BY month, currency, state;

-- name: mark
-- $1 delivery $2 control totals
UPDATE delivery SET state = 'sealed', sealed_at = clock_timestamp(), control = $2::text::jsonb WHERE id = $1;

-- name: supersede
-- $1 the older delivery $2 the newer
UPDATE delivery SET state = 'superseded', superseded_by = $2 WHERE id = $1;

-- name: close_quarantined
-- $1 the older delivery $2 the newer
UPDATE quarantined_row SET state = 'fixed', decided_by = 'delivery ' || $2::bigint, reason = 'superseded'
WHERE state IN ('open', 'rejected') AND part_id IN (SELECT id FROM part WHERE delivery = $1);
