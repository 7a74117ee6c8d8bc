Months whose rows leave the books; their original files answer from then on.

-- name: period
-- $1 month
SELECT state FROM billing_period WHERE month = $1

-- name: deliveries
-- Published deliveries that hold the month, whether their rows have left, and which of their months keep them here.
-- $1 month
SELECT d.id, d.source,
    NOT EXISTS (SELECT FROM part p WHERE p.delivery = d.id
        AND NOT EXISTS (SELECT FROM archived_part a WHERE a.part = p.id)),
    coalesce((SELECT string_agg(DISTINCT t.month, ', ') FROM delivery_total t
        LEFT JOIN billing_period b ON b.month = t.month
        WHERE t.delivery = d.id AND t.state = 'sealed' AND b.state IS DISTINCT FROM 'closed'), '')
FROM delivery d
WHERE d.state = 'sealed' AND EXISTS (
    SELECT FROM delivery_total t WHERE t.delivery = d.id AND t.month = $1 AND t.state = 'sealed')
ORDER BY d.id

-- name: parts
-- Files of a delivery whose rows are in the books. $1 delivery
SELECT p.id, p.key, p.bytes, p.digest, p.archive_key
FROM part p
WHERE p.delivery = $1 AND NOT EXISTS (SELECT FROM archived_part a WHERE a.part = p.id)
ORDER BY p.id

-- name: archive
-- $1 delivery, $2 month, $3 who, $4 digests of the files that were read back
SELECT charge_archive($1, $2, $3, $4)
