Rows set aside, and what is said about them.

-- name: list
-- $1 names, $2 month, $3 source, $4 delivery, $5 code, $6 state, $7 limit
SELECT a.id, a.delivery, a.delivery_state, a.source, a.ordinal, a.key, a.row_no, a.byte_offset, a.code, a.column_name, a.value, a.month,
    a.currency, a.provider, a.service, a.sub_account, a.category, a.invoice_id, coalesce(a.billed::text, ''),
    coalesce(a.effective::text, ''), coalesce(a.list::text, ''), a.first_seen, a.rule_version, a.state, a.decided_by,
    a.blocks, encode(sha256(a.raw), 'hex'),
    coalesce((SELECT string_agg(w.verdict || ' by ' || w.said_by || ': ' || w.reason, '; ' ORDER BY w.id)
        FROM quarantine_word w WHERE w.row_id = a.id), '')
FROM aside a
WHERE CASE
    WHEN cardinality($1::bigint[]) > 0 THEN a.id = ANY ($1)
    ELSE a.delivery_state <> 'loading'
        AND ($2 = '' OR a.month = $2) AND ($3 = '' OR a.source = $3) AND ($4::bigint = 0 OR a.delivery = $4)
        AND ($5 = '' OR a.code = $5)
        AND ($6 = 'all' OR $6 = 'fixed' AND a.state = 'fixed'
            OR a.delivery_state = 'sealed' AND ($6 = '' AND a.state <> 'fixed' OR a.state = $6))
    END
ORDER BY a.id
LIMIT $7

-- name: groups
-- The same rows, added up over what people decide by. $1 to $6 as above, $7 limit
SELECT a.source, a.month, a.code, a.currency, a.state, s.said, count(*), count(*) FILTER (WHERE a.billed IS NULL),
    count(*) FILTER (WHERE a.blocks), trim_scale(coalesce(sum(a.billed), 0))::text
FROM aside a
CROSS JOIN LATERAL (
    SELECT coalesce(string_agg(w.verdict || ' by ' || w.said_by || ': ' || w.reason, '; ' ORDER BY w.id), '') AS said
    FROM quarantine_word w WHERE w.row_id = a.id
) s
WHERE CASE
    WHEN cardinality($1::bigint[]) > 0 THEN a.id = ANY ($1)
    ELSE a.delivery_state <> 'loading'
        AND ($2 = '' OR a.month = $2) AND ($3 = '' OR a.source = $3) AND ($4::bigint = 0 OR a.delivery = $4)
        AND ($5 = '' OR a.code = $5)
        AND ($6 = 'all' OR $6 = 'fixed' AND a.state = 'fixed'
            OR a.delivery_state = 'sealed' AND ($6 = '' AND a.state <> 'fixed' OR a.state = $6))
    END
GROUP BY a.source, a.month, a.code, a.currency, a.state, s.said
ORDER BY count(*) FILTER (WHERE a.blocks) = 0, a.source, a.code, a.currency, a.state, s.said
LIMIT $7

-- name: whole
-- $1 row
SELECT raw, header, cells FROM aside WHERE id = $1

-- name: said
-- $1 row
SELECT verdict, said_by, reason, said_at FROM quarantine_word WHERE row_id = $1 ORDER BY id

-- name: seen_before
-- The same bytes in other deliveries of the source, the newest first. $1 row
SELECT o.id, o.state FROM aside a JOIN aside o ON sha256(o.raw) = sha256(a.raw) AND o.source = a.source
WHERE a.id = $1 AND o.id <> a.id
ORDER BY o.id DESC LIMIT 10

-- name: named_by
-- The rows of a decision that somebody took already. $1 digest
SELECT coalesce(array_agg(DISTINCT row_id), '{}') FROM quarantine_word WHERE digest = $1

-- name: lock
-- $1 rows
SELECT id FROM quarantined_row WHERE id = ANY ($1::bigint[]) ORDER BY id FOR UPDATE

-- name: words
-- $1 rows
SELECT row_id, verdict, said_by, reason FROM quarantine_word WHERE row_id = ANY ($1::bigint[]) ORDER BY id

-- name: closed_months
-- $1 months
SELECT coalesce(array_agg(month::text), '{}') FROM billing_period WHERE state = 'closed' AND month = ANY ($1::text[])

-- name: say
-- $1 rows, $2 verdict, $3 by, $4 reason, $5 digest
INSERT INTO quarantine_word (row_id, verdict, said_by, reason, digest)
SELECT row_id, $2, $3, $4, $5 FROM unnest($1::bigint[]) WITH ORDINALITY AS said (row_id, position) ORDER BY position

-- name: stand
-- $1 rows, $2 state, $3 by, $4 reason
UPDATE quarantined_row SET state = $2, decided_by = $3, reason = $4 WHERE id = ANY ($1::bigint[])
