What ops should look at, and who was told.

-- name: heard
-- $1 first instant of the current month, $2 the month
SELECT r.cells ->> 'name',
    (SELECT min(i.imported_at) FROM master_row e JOIN master_import i ON i.id = e.import_id
        WHERE e.sheet = 'sources' AND e.cells ->> 'name' = r.cells ->> 'name'),
    (SELECT max(d.discovered_at) FROM delivery d WHERE d.source = r.cells ->> 'name'),
    (SELECT max(d.discovered_at) FROM delivery d WHERE d.source = r.cells ->> 'name' AND d.discovered_at >= $1
        AND d.month IN ('', $2))
FROM master_row r JOIN master_current c ON c.sheet = r.sheet AND c.import_id = r.import_id
WHERE r.sheet = 'sources' AND coalesce(r.cells ->> 'name', '') <> ''
ORDER BY r.row_no

-- name: holdings
-- $1 months
SELECT d.id, d.source, d.scope, d.state, coalesce(d.superseded_by, 0), coalesce(d.provider_as_of, d.discovered_at),
    t.month::text, t.currency::text, sum(t.row_count)::bigint, sum(t.billed)::text
FROM delivery d JOIN delivery_total t ON t.delivery = d.id
WHERE d.state IN ('sealed', 'superseded') AND t.month = ANY ($1::text[])
GROUP BY d.id, t.month, t.currency
ORDER BY d.id, t.month, t.currency

-- name: unsealed
-- The newest delivery of a scope, where it was refused or is held. $1 since
SELECT d.id, d.source, d.scope, d.month, d.state, d.refusal
FROM delivery d
WHERE d.state IN ('refused', 'held') AND d.discovered_at >= $1 AND NOT EXISTS (
    SELECT FROM delivery n WHERE n.source = d.source AND n.scope = d.scope AND n.id > d.id AND n.state <> 'loading')
ORDER BY d.id

-- name: unread
-- What the last looks at each configured source refused; who looks at another place
-- is there to see it. The two months of a night see one file twice, so that the month
-- with the most counts. $1 since
SELECT l.source, max(l.times)::bigint, array_agg(DISTINCT l.code ORDER BY l.code)
FROM (
    SELECT source, code, sum(times) OVER (PARTITION BY source, month) AS times FROM look_refusal WHERE seen_at >= $1
) l
WHERE EXISTS (
    SELECT FROM master_row r JOIN master_current c ON c.sheet = r.sheet AND c.import_id = r.import_id
    WHERE r.sheet = 'sources' AND r.cells ->> 'name' = l.source)
GROUP BY l.source
ORDER BY l.source

-- name: aside
SELECT a.source, a.month, count(*)
FROM (
    SELECT d.source, coalesce(nullif(q.month, ''),
        (SELECT min(t.month::text) FROM delivery_total t WHERE t.delivery = d.id)) AS month
    FROM quarantined_row q
    JOIN part p ON p.id = q.part_id
    JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    WHERE q.state = 'open' AND q.billed IS DISTINCT FROM 0
) a
LEFT JOIN billing_period b ON b.month = a.month
WHERE a.month IS NOT NULL AND coalesce(b.state, 'open') IN ('open', 'closing')
GROUP BY a.source, a.month
ORDER BY a.source, a.month

-- name: lock
SELECT pg_advisory_xact_lock(hashtext('alarms'))

-- name: raise
-- $1 kind, $2 source, $3 month, $4 subject, $5 figures, $6 now
INSERT INTO alarm (kind, source, month, subject, figures, since, last_seen) VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT (kind, source, month, subject) WHERE cleared_at IS NULL
DO UPDATE SET figures = excluded.figures, last_seen = excluded.last_seen
RETURNING id

-- name: clear
-- Alarms that stand and were not seen. $1 those that were seen, $2 now
UPDATE alarm SET cleared_at = $2 WHERE cleared_at IS NULL AND NOT id = ANY ($1::bigint[])

-- name: tell_raised
-- $1 people
INSERT INTO alarm_mail (alarm, occasion, person)
SELECT a.id, 'raised', p.code FROM alarm a CROSS JOIN unnest($1::text[]) AS p (code)
WHERE a.cleared_at IS NULL
ON CONFLICT DO NOTHING

-- name: tell_cleared
-- Who was told of the alarm is told that it is over.
INSERT INTO alarm_mail (alarm, occasion, person)
SELECT m.alarm, 'cleared', m.person FROM alarm_mail m JOIN alarm a ON a.id = m.alarm
WHERE m.occasion = 'raised' AND m.state = 'sent' AND a.cleared_at IS NOT NULL
ON CONFLICT DO NOTHING

-- name: forget_untold
-- What is over before anybody could be told needs no mail.
DELETE FROM alarm_mail m USING alarm a
WHERE a.id = m.alarm AND a.cleared_at IS NOT NULL AND m.occasion = 'raised' AND m.state = 'pending' AND m.attempts = 0

-- name: pending
-- $1 how often one is tried, $2 how many
SELECT alarm, occasion, person FROM alarm_mail WHERE state = 'pending' AND attempts < $1
ORDER BY alarm, occasion DESC, person LIMIT $2

-- name: standing
SELECT id, kind, source, month, subject, figures, since, last_seen, cleared_at FROM alarm
WHERE cleared_at IS NULL ORDER BY since, id

-- name: one
-- $1 alarm
SELECT id, kind, source, month, subject, figures, since, last_seen, cleared_at FROM alarm WHERE id = $1

-- name: mail_state
-- $1 alarm, $2 occasion, $3 person
SELECT state FROM alarm_mail WHERE alarm = $1 AND occasion = $2 AND person = $3

-- name: tried
-- $1 alarm, $2 occasion, $3 person, $4 state, $5 reply
UPDATE alarm_mail SET state = $4, reply = $5, attempts = attempts + 1,
    told_at = CASE WHEN $4 = 'sent' THEN clock_timestamp() END
WHERE alarm = $1 AND occasion = $2 AND person = $3 AND state = 'pending'
