The conservation proof of a month, per payer and currency.

-- name: one_moment
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ

-- name: parts
-- The parts of the published deliveries that hold the month. $1 month
SELECT coalesce(array_agg(p.id ORDER BY p.id), '{}')
FROM part p JOIN delivery d ON d.id = p.delivery
WHERE d.state = 'sealed' AND (
    EXISTS (SELECT FROM delivery_total t WHERE t.delivery = d.id AND t.month = $1) OR month_of_rest(d.id) = $1)

-- name: rows
-- The same bill from four places: the rows as loaded, the days as sealed, what documents took, what nobody owns;
-- and what policies kept or moved to or from nobody.
-- Rows set aside name no payer; they stand under their provider alone, and without a month in the delivery's first.
-- What is signed off stays on its side.
-- $1 month, $2 parts, by value so that tables of other deliveries are not even opened
WITH daily AS (
    SELECT b.provider, b.billing_account, b.currency, d.account_id, d.day, sum(d.row_count) AS row_count,
        sum(d.billed) AS billed, sum(d.row_count) FILTER (WHERE d.billed <> 0) AS worth
    FROM charge_daily d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
    GROUP BY b.provider, b.billing_account, b.currency, d.account_id, d.day
), owned AS (
    SELECT d.*, EXISTS (
        SELECT FROM dim_account a
        JOIN account_owner($1, '') o ON o.provider = a.provider AND o.sub_account = a.sub_account
        WHERE a.id = d.account_id AND o.days @> d.day) AS has_owner
    FROM daily d
), figures AS (
    SELECT b.provider, b.billing_account, b.currency, r.billed AS delivered, 0::numeric AS sealed,
        0::numeric AS quarantined, 0::numeric AS assigned, 0::numeric AS retained, 0::numeric AS unassigned,
        0::numeric AS undecided, 0::numeric AS undecided_aside
    FROM (
        SELECT bill_id, sum(billed) AS billed FROM charge WHERE part_id = ANY ($2::bigint[]) GROUP BY bill_id
        UNION ALL -- what left the books with its month
        SELECT bill_id, sum(billed) FROM archived_total WHERE part = ANY ($2::bigint[]) GROUP BY bill_id
    ) r
    JOIN dim_bill b ON b.id = r.bill_id AND b.month = $1
    UNION ALL
    SELECT o.provider, o.billing_account, o.currency, 0, o.billed, 0, 0, 0,
        CASE WHEN o.has_owner THEN 0 ELSE o.billed END,
        CASE WHEN o.has_owner THEN 0 ELSE coalesce(o.worth, 0) END, 0
    FROM owned o
    UNION ALL
    SELECT q.provider, '', q.currency, coalesce(q.billed, 0), 0, coalesce(q.billed, 0), 0, 0, 0, 0,
        CASE WHEN q.blocks THEN 1 ELSE 0 END
    FROM aside q
    WHERE q.part_id = ANY ($2::bigint[]) AND q.month = $1
    UNION ALL
    SELECT h.provider, h.billing_account, h.currency, 0, 0, 0, h.assigned, h.retained, 0, 0, 0
    FROM invoice_share h JOIN invoice i ON i.id = h.invoice_id
    WHERE i.month = $1 AND i.corrects IS NULL
    UNION ALL
    SELECT t.provider, t.billing_account, t.currency, 0, 0, 0, 0,
        CASE t.side WHEN 'retained' THEN t.billed ELSE 0 END, CASE t.side WHEN 'unassigned' THEN t.billed ELSE 0 END,
        CASE t.side WHEN 'unassigned' THEN t.row_count ELSE 0 END, 0
    FROM transfer t
    WHERE t.month = $1 AND t.side <> 'customer'
)
SELECT provider, billing_account, currency, sum(delivered)::text, sum(sealed)::text, sum(quarantined)::text,
    sum(assigned)::text, sum(retained)::text, sum(unassigned)::text, sum(undecided)::bigint,
    sum(undecided_aside)::bigint
FROM figures
GROUP BY provider, billing_account, currency
ORDER BY provider, billing_account, currency

-- name: counted
-- What the readers counted in the files of the published deliveries, per currency, booked or set aside. $1 month
SELECT t ->> 'currency', sum((t ->> 'billed')::numeric)::text
FROM delivery d
JOIN part p ON p.delivery = d.id
CROSS JOIN jsonb_array_elements(p.control) t
WHERE d.state = 'sealed' AND (t ->> 'month' = $1 OR t ->> 'month' = '' AND month_of_rest(d.id) = $1)
GROUP BY t ->> 'currency'
ORDER BY t ->> 'currency'

-- name: clear
-- $1 month
DELETE FROM proof WHERE month = $1

-- name: add
-- $1 month, $2 provider, $3 billing account, $4 currency, $5 delivered, $6 sealed, $7 quarantined, $8 assigned,
-- $9 retained, $10 unassigned, $11 rows without a customer, $12 rows set aside that nobody signed off
INSERT INTO proof (month, provider, billing_account, currency, delivered, sealed, quarantined, assigned, retained,
    unassigned, undecided_rows, undecided_aside)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)

-- name: read
-- $1 month
SELECT provider, billing_account, currency, delivered::text, sealed::text, quarantined::text, assigned::text,
    retained::text, unassigned::text, undecided_rows, undecided_aside
FROM proof WHERE month = $1
ORDER BY provider, billing_account, currency
