What a month's documents cost and bring in, and what of the bill is on none.

-- name: documents
-- $1 month, $2 customer, or empty for all
SELECT i.id, i.customer, i.provider, i.state, i.parked
FROM invoice i
WHERE i.month = $1 AND i.corrects IS NULL AND ($2 = '' OR i.customer = $2)
ORDER BY i.customer, i.provider, i.id

-- name: shares
-- What a document took from each payer's bill. $1 invoice id
SELECT provider, billing_account, currency, row_count, assigned::text, retained::text
FROM invoice_share WHERE invoice_id = $1
ORDER BY provider, billing_account, currency

-- name: unmapped
-- Cost on days on which an account had no customer, by service, with the first day on which the account was seen at
-- all. $1 month
WITH orphan AS (
    SELECT b.provider, b.billing_account, b.currency::text AS currency, a.sub_account, a.sub_account_name,
        coalesce(nullif(i.service_name, ''), i.service_code) AS service, d.billed::numeric AS billed
    FROM charge_daily d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
    JOIN dim_account a ON a.id = d.account_id
    JOIN dim_item i ON i.id = d.item_id
    WHERE d.billed <> 0 AND NOT EXISTS (
        SELECT FROM account_owner($1, '') o
        WHERE o.provider = a.provider AND o.sub_account = a.sub_account AND o.days @> d.day)
    UNION ALL
    -- What was moved away from nobody, or to it, is on somebody's document or here.
    SELECT t.provider, t.billing_account, t.currency::text, t.sub_account, '',
        coalesce(nullif(t.service_name, ''), t.service_code), t.billed::numeric
    FROM transfer t WHERE t.month = $1 AND t.side = 'unassigned'
)
SELECT o.provider, o.billing_account, o.sub_account, max(o.sub_account_name COLLATE "C"), o.currency, o.service,
    sum(o.billed)::text,
    (SELECT min(s.day) FROM charge_daily s JOIN dim_account n ON n.id = s.account_id
        WHERE n.provider = o.provider AND n.sub_account = o.sub_account)
FROM orphan o
GROUP BY o.provider, o.billing_account, o.sub_account, o.currency, o.service
HAVING sum(o.billed) <> 0
ORDER BY o.provider, o.billing_account, o.sub_account, o.currency, sum(o.billed) DESC, o.service

-- name: kept
-- What contracts keep of commitments' benefits: negative, a gain. $1 month, $2 customer, or empty for all
SELECT 'benefit', t.customer, t.provider, t.billing_account, t.currency::text, sum(t.billed)::text
FROM transfer t
WHERE t.month = $1 AND t.side = 'retained' AND ($2 = '' OR t.customer = $2)
GROUP BY t.customer, t.provider, t.billing_account, t.currency
ORDER BY t.customer, t.provider, t.billing_account, t.currency

-- name: discounts
-- The partner's discounts that contracts keep: of what a document retained, the part that is no input tax.
-- $1 month, $2 customer, or empty for all
SELECT 'partner-discount', o.customer, b.provider, b.billing_account, b.currency::text, sum(d.billed)::text
FROM account_owner($1, $2) o
JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
JOIN charge_daily d ON d.account_id = a.id AND o.days @> d.day
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = d.item_id AND i.class = 3 AND i.category <> 3
WHERE ($2 = '' OR o.customer = $2) AND NOT EXISTS (
    SELECT FROM master_row r JOIN master_current c ON c.sheet = r.sheet AND c.import_id = r.import_id
    WHERE r.sheet = 'customers' AND r.cells ->> 'code' = o.customer AND r.cells ->> 'partner_discount' = 'pass'
      AND coalesce(r.cells ->> 'from', '') <= $1 AND coalesce(nullif(r.cells ->> 'to', ''), $1) >= $1)
GROUP BY o.customer, b.provider, b.billing_account, b.currency
ORDER BY o.customer, b.provider, b.billing_account, b.currency

-- name: decisions
-- $1 month, $2 customer, or empty for all
SELECT d.customer, d.provider, d.verdict, d.decided_by, d.reason
FROM decision d
WHERE d.month = $1 AND ($2 = '' OR d.customer = $2)
ORDER BY d.id

-- name: period
-- $1 month
SELECT state, accepted_unassigned FROM billing_period WHERE month = $1
