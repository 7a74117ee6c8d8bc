A month's steps: what all its documents come to after each step.

-- name: documents
-- $1 month
SELECT i.id, i.provider, i.customer, i.currency, i.state = 'parked', coalesce(i.snapshot, i.draft, '')
FROM invoice i
WHERE i.month = $1 AND i.corrects IS NULL
ORDER BY i.id

-- name: shares
-- $1 month
SELECT h.invoice_id, h.provider, h.billing_account, h.currency, h.row_count, h.assigned::text, h.retained::text
FROM invoice_share h JOIN invoice i ON i.id = h.invoice_id
WHERE i.month = $1 AND i.corrects IS NULL
ORDER BY h.invoice_id, h.provider, h.billing_account, h.currency

-- name: payers
-- Who bills each account in each currency. $1 month
SELECT b.provider, a.sub_account, b.currency, array_agg(DISTINCT b.billing_account ORDER BY b.billing_account)
FROM (SELECT DISTINCT d.bill_id, d.account_id FROM charge_daily d
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed') d
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
JOIN dim_account a ON a.id = d.account_id
GROUP BY b.provider, a.sub_account, b.currency
ORDER BY b.provider, a.sub_account, b.currency

-- name: clear
-- $1 month
DELETE FROM proof_step WHERE month = $1

-- name: add
-- $1 month, $2 provider, $3 billing account, $4 source, $5 currency, $6 ordinal, $7 step, $8 what the amounts are in,
-- $9 delta, $10 after
INSERT INTO proof_step (month, provider, billing_account, source, currency, ordinal, step, amounts, delta, after)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: read
-- $1 month
SELECT provider, billing_account, source, currency, ordinal, step, amounts, delta::text, after::text
FROM proof_step WHERE month = $1
ORDER BY provider, billing_account, source, currency, ordinal
