The conservation proof of a month, per payer and currency.

-- name: rows
-- Four sums of the same bill from four places: what the readers counted, what was sealed, what documents took,
-- what nobody owns. $1 month
WITH sealed AS (
    SELECT b.provider, b.billing_account, b.currency, d.account_id, d.day, d.row_count, d.billed
    FROM charge_daily d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
), owner AS (
    SELECT a.id AS account_id, o.days
    FROM account_owner($1) o
    JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
), figures AS (
    SELECT provider, billing_account, currency, billed AS sealed, 0::numeric AS assigned, 0::numeric AS retained,
        CASE WHEN EXISTS (SELECT FROM owner o WHERE o.account_id = s.account_id AND o.days @> s.day)
            THEN 0 ELSE billed END AS unassigned,
        CASE WHEN billed = 0 OR EXISTS (SELECT FROM owner o WHERE o.account_id = s.account_id AND o.days @> s.day)
            THEN 0 ELSE row_count END AS undecided
    FROM sealed s
    UNION ALL
    SELECT h.provider, h.billing_account, h.currency, 0, h.assigned, h.retained, 0, 0
    FROM invoice_share h JOIN invoice i ON i.id = h.invoice_id
    WHERE i.month = $1 AND i.corrects IS NULL
)
SELECT provider, billing_account, currency, sum(sealed)::text, sum(assigned)::text, sum(retained)::text,
    sum(unassigned)::text, sum(undecided)::bigint
FROM figures
GROUP BY provider, billing_account, currency
ORDER BY provider, billing_account, currency

-- name: clear
-- $1 month
DELETE FROM proof WHERE month = $1

-- name: add
-- $1 month, $2 provider, $3 billing account, $4 currency, $5 delivered, $6 sealed, $7 quarantined, $8 assigned,
-- $9 retained, $10 unassigned, $11 undecided rows
INSERT INTO proof (month, provider, billing_account, currency, delivered, sealed, quarantined, assigned, retained,
    unassigned, undecided_rows)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)

-- name: read
-- $1 month
SELECT provider, billing_account, currency, delivered::text, sealed::text, quarantined::text, assigned::text,
    retained::text, unassigned::text, undecided_rows
FROM proof WHERE month = $1
ORDER BY provider, billing_account, currency
