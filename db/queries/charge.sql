-- Charge rows on their way in: the part's own table, and what is set aside.

-- name: open_part
-- $1 part
-- Locks the part, whose delivery must still be loading, and opens its tables.
SELECT charge_part_open(part.id), delivery.id
FROM part JOIN delivery ON delivery.id = part.delivery
WHERE part.id = $1 AND delivery.state = 'loading'
FOR UPDATE OF part;

-- name: part_work
-- $1 part
SELECT delivery.id, delivery.state, delivery.source, delivery.format, delivery.month, delivery.location,
    part.key, part.bytes, part.digest, part.loaded_at IS NOT NULL,
    coalesce((SELECT sum((total ->> 'rows')::bigint) FROM jsonb_array_elements(part.control) AS total
        WHERE total ->> 'state' = 'sealed'), 0)::bigint,
    coalesce((SELECT sum((total ->> 'rows')::bigint) FROM jsonb_array_elements(part.control) AS total
        WHERE total ->> 'state' = 'quarantined'), 0)::bigint
FROM part JOIN delivery ON delivery.id = part.delivery
WHERE part.id = $1;

-- name: forget_quarantined
-- $1 part
DELETE FROM quarantined_row WHERE part_id = $1;

-- name: set_aside
-- $1 part $2 row $3 offset $4 code $5 column $6 value $7 raw $8 month $9 currency $10 provider $11 service
-- $12 sub account $13 category $14 invoice id $15 billed $16 effective $17 list $18 contracted $19 rule version
-- $20 cells
-- The same bytes of the same source keep the day when they were first seen.
INSERT INTO quarantined_row (part_id, row_no, byte_offset, code, column_name, value, raw, month, currency, provider,
    service, sub_account, category, invoice_id, billed, effective, list, contracted, rule_version, cells, first_seen)
VALUES ($1, $2, $3, $4, $5, $6, $7::bytea, $8, $9, $10, $11, $12, $13, $14,
    nullif($15, '')::numeric, nullif($16, '')::numeric, nullif($17, '')::numeric, nullif($18, '')::numeric, $19, $20,
    coalesce((SELECT min(seen.first_seen)
        FROM quarantined_row AS seen
            JOIN part AS held ON held.id = seen.part_id
            JOIN delivery AS came ON came.id = held.delivery
        WHERE sha256(seen.raw) = sha256($7::bytea) AND came.source = (
            SELECT delivery.source FROM delivery JOIN part ON part.delivery = delivery.id WHERE part.id = $1)), now()));

-- name: keep_header
-- $1 part $2 column names
UPDATE part SET header = $2 WHERE id = $1;

-- name: close_part
-- $1 part $2 digest $3 archive key $4 control totals $5 how often its daily sums were written down
UPDATE part SET digest = $2, archive_key = $3, control = $4::text::jsonb, daily_runs = $5, loaded_at = clock_timestamp()
WHERE id = $1;
