The month's lock, readiness and settling.

-- name: make_period
-- $1 month
INSERT INTO billing_period (month) VALUES ($1) ON CONFLICT (month) DO NOTHING

-- name: lock_period
-- $1 month
SELECT state, workflow_id FROM billing_period WHERE month = $1 FOR UPDATE

-- name: take_period
-- $1 month, $2 workflow id, $3 run id, $4 starter's code, $5 reason to accept unassigned cost or empty
UPDATE billing_period
SET state = 'closing', workflow_id = $2, run_id = $3, started_by = $4, closed_at = NULL, opened_at = now(),
    accepted_unassigned = CASE WHEN $5 = '' THEN accepted_unassigned ELSE $5 END,
    master = (SELECT coalesce(jsonb_object_agg(sheet, import_id), '{}') FROM master_current)
WHERE month = $1

-- name: join_period
-- $1 month, $2 run id, $3 reason to accept unassigned cost or empty
UPDATE billing_period
SET run_id = $2, accepted_unassigned = CASE WHEN $3 = '' THEN accepted_unassigned ELSE $3 END
WHERE month = $1

-- name: period
-- $1 month
SELECT state, workflow_id, started_by, accepted_unassigned FROM billing_period WHERE month = $1

-- name: closing
-- The months whose close runs, the earliest first.
SELECT month FROM billing_period WHERE state = 'closing' ORDER BY month

-- name: accept_unassigned
-- $1 month, $2 reason
UPDATE billing_period SET accepted_unassigned = $2 WHERE month = $1

-- name: sources
-- What is known of each source for the month: those of the sources sheet, and folders that nobody configured.
-- $1 month
WITH configured AS (
    SELECT r.row_no, r.cells ->> 'name' AS source, coalesce(r.cells ->> 'provider', '') AS provider,
        coalesce(r.cells ->> 'close_policy', '') AS policy
    FROM master_row r JOIN master_current c ON c.sheet = r.sheet AND c.import_id = r.import_id
    WHERE r.sheet = 'sources' AND coalesce(r.cells ->> 'name', '') <> ''
), held AS (
    SELECT v.source, b.provider, sum(d.row_count) AS row_count,
        coalesce(sum(d.row_count) FILTER (WHERE b.invoice_id = '' AND d.billed <> 0 AND i.category <> 4), 0) AS unbilled,
        bool_and(b.invoice_id = '' AND v.format = 'focus') AS unmarked,
        bool_or(i.service_code ~* 'support' OR i.service_name ~* '(^aws|developer|business|enterprise).*support')
            AS support,
        bool_or(i.line_type = 'RoundingAdjustment') AS rounding
    FROM charge_daily d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
    JOIN dim_item i ON i.id = d.item_id
    GROUP BY v.source, b.provider
), inside AS (
    SELECT DISTINCT d.source FROM delivery d JOIN delivery_total t ON t.delivery = d.id
    WHERE d.state = 'sealed' AND t.month = $1
)
SELECT coalesce(c.source, i.source), c.source IS NOT NULL, coalesce(c.policy, ''),
    coalesce(h.provider, c.provider, ''), i.source IS NOT NULL,
    coalesce((SELECT min(t.month::text) FROM delivery d JOIN delivery_total t ON t.delivery = d.id
        WHERE d.source = c.source AND t.state = 'sealed'), '') <= $1,
    coalesce(h.row_count, 0)::bigint, coalesce(h.unbilled, 0)::bigint, coalesce(h.unmarked, false), coalesce(h.support, false),
    coalesce(h.rounding, false)
FROM configured c
FULL JOIN inside i ON i.source = c.source
LEFT JOIN held h ON h.source = i.source
ORDER BY c.row_no NULLS LAST, i.source, h.provider

-- name: forget_readiness
-- $1 month
DELETE FROM month_readiness WHERE month = $1

-- name: note_readiness
-- $1 month, $2 source, $3 provider, $4 finality, $5 why
INSERT INTO month_readiness (month, source, provider, finality, why) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (month, source, provider) DO UPDATE
SET finality = excluded.finality, why = excluded.why, checked_at = now()

-- name: not_final
-- Who let the month close before its data was final, who started its close, and why. $1 month
SELECT accepted_not_final_by, started_by, accepted_not_final FROM billing_period WHERE month = $1

-- name: accept_not_final
-- $1 month, $2 who, $3 why
UPDATE billing_period SET accepted_not_final_by = $2, accepted_not_final = $3 WHERE month = $1

-- name: any_sealed
-- $1 month
SELECT EXISTS (
    SELECT FROM delivery d JOIN delivery_total t ON t.delivery = d.id WHERE d.state = 'sealed' AND t.month = $1)

-- name: loading
-- Deliveries on their way, or held, that may hold the month: its own, or file sets of any months.
-- $1 month
SELECT id, source, location, state, refusal FROM delivery
WHERE state IN ('loading', 'held') AND (scope !~ '^[0-9]{4}-[0-9]{2}$' OR scope = $1) AND month IN ('', $1)
ORDER BY id

-- name: overlaps
-- Payers whose month stands in more than one published delivery: they would be billed twice. Within one source, Oracle's
-- reports add up to a month, and two people may have said that a delivery is right beside another. $1 month
SELECT b.provider, b.billing_account, array_agg(DISTINCT v.source ORDER BY v.source)
FROM (SELECT DISTINCT delivery, bill_id FROM charge_daily) d
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
GROUP BY b.provider, b.billing_account
HAVING count(DISTINCT v.source) > 1
    OR count(DISTINCT d.delivery) FILTER (WHERE v.scope NOT LIKE 'oci %' AND v.let_through = '') > 1
ORDER BY b.provider, b.billing_account

-- name: unsettled
-- Documents that still wait for somebody. $1 month
SELECT customer, provider, state FROM invoice
WHERE month = $1 AND corrects IS NULL AND state NOT IN ('deferred', 'final', 'parked')
ORDER BY customer, provider

-- name: count_settled
-- $1 month
SELECT count(*) FILTER (WHERE state = 'final'), count(*) FILTER (WHERE state = 'deferred'),
    count(DISTINCT customer) FILTER (WHERE state = 'parked')
FROM invoice WHERE month = $1 AND corrects IS NULL

-- name: settle
-- $1 month, $2 state
UPDATE billing_period
SET state = $2, closed_at = now(),
    master = (SELECT coalesce(jsonb_object_agg(sheet, import_id), '{}') FROM master_current)
WHERE month = $1

-- name: append_audit
-- The chain is linked by the table itself. $1 actor, $2 action, $3 subject, $4 detail
INSERT INTO audit_log (actor, action, subject, detail) VALUES ($1, $2, $3, $4)
