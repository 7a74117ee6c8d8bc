The ledger of credits: what was granted, used, given back and lost.

-- name: lock
-- The same lock that finalizing takes: one change of a customer's credits at a time. $1 customer
SELECT pg_advisory_xact_lock(hashtext('credits of ' || $1))

-- name: grant
-- Books what the credits sheet grants beyond what it granted so far, or less.
-- $1 ids, $2 customers, $3 currencies, $4 amounts, $5 by
WITH wanted AS (
    SELECT w.id, w.customer, w.currency, w.amount
    FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[]) AS w (id, customer, currency, amount)
), granted AS (
    SELECT e.credit_id AS id, e.customer, e.currency, sum(e.amount) AS amount
    FROM credit_entry e WHERE e.kind = 'grant'
    GROUP BY e.credit_id, e.customer, e.currency
)
INSERT INTO credit_entry (credit_id, customer, kind, currency, amount, reason, recorded_by)
SELECT id, customer, 'grant', currency, coalesce(w.amount, 0) - coalesce(g.amount, 0),
    CASE WHEN w.id IS NULL THEN 'taken out of the sheet' WHEN g.id IS NULL THEN 'granted'
        ELSE 'changed in the sheet' END, $5
FROM wanted w FULL JOIN granted g USING (id, customer, currency)
WHERE coalesce(w.amount, 0) <> coalesce(g.amount, 0)
ORDER BY id, customer, currency

-- name: expire
-- What is left of a credit is lost with its last month. $1 credit, $2 customer, $3 its last month, $4 reason, $5 by
INSERT INTO credit_entry (credit_id, customer, kind, month, currency, amount, reason, recorded_by)
SELECT $1::text, $2::text, 'expire', $3::text, max(l.currency), -sum(l.amount), $4::text, $5::text
FROM credit_ledger l WHERE l.credit_id = $1
HAVING sum(l.amount) > 0

-- name: revive
-- A document of a month in which an expired credit was still valid uses it after all. $1 invoice id
INSERT INTO credit_entry (credit_id, customer, kind, month, currency, amount, reason, recorded_by)
SELECT u.credit_id, u.customer, 'expire', lost.month, u.currency, least(u.used, lost.amount),
    'used in ' || u.month || ', while it was valid', 'close/' || u.month
FROM credit_use u
JOIN LATERAL (
    SELECT -sum(e.amount) AS amount, max(e.month) AS month FROM credit_entry e
    WHERE e.credit_id = u.credit_id AND e.kind = 'expire'
) lost ON lost.amount > 0
WHERE u.invoice_id = $1
ORDER BY u.credit_id

-- name: uses_of_document
-- What a final document still holds of credits. $1 invoice id
SELECT l.credit_id, l.customer, max(l.month), max(l.currency), (-sum(l.amount))::text
FROM credit_ledger l
WHERE l.invoice_id = $1
GROUP BY l.credit_id, l.customer
HAVING sum(l.amount) < 0
ORDER BY l.credit_id

-- name: final_document
-- A month that its quarter's document bills gives back what it used itself. $1 invoice id
SELECT customer, coalesce(number, customer || ' ' || provider || ' ' || month)
FROM invoice WHERE id = $1 AND state IN ('deferred', 'final')

-- name: give_back
-- $1 credit, $2 customer, $3 month of the document, $4 currency, $5 amount, $6 invoice id, $7 reason, $8 by
INSERT INTO credit_entry (credit_id, customer, kind, month, currency, amount, invoice_id, reason, recorded_by)
VALUES ($1, $2, 'return', $3, $4, $5, $6, $7, $8)

-- name: currencies
-- In which currency each credit was used so far. $1 customer
SELECT l.credit_id, max(l.currency)
FROM credit_ledger l
WHERE l.customer = $1 AND l.kind = 'use'
GROUP BY l.credit_id
ORDER BY l.credit_id

-- name: balances
-- Every credit's figures up to the end of a month. $1 month or empty, $2 customer or empty
SELECT l.credit_id, l.customer, max(l.currency),
    trim_scale(coalesce(sum(l.amount) FILTER (WHERE l.kind = 'grant'), 0))::text,
    trim_scale(coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'use'), 0))::text,
    trim_scale(coalesce(sum(l.amount) FILTER (WHERE l.kind = 'return'), 0))::text,
    trim_scale(coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'expire'), 0))::text,
    trim_scale(sum(l.amount))::text
FROM credit_ledger l
WHERE ($1 = '' OR l.month IS NULL OR l.month <= $1) AND ($2 = '' OR l.customer = $2)
GROUP BY l.credit_id, l.customer
ORDER BY l.customer, l.credit_id

-- name: entries
-- One credit's ledger, in the order in which it was written. $1 credit
SELECT l.kind, coalesce(l.month, ''), l.customer, l.currency, trim_scale(l.amount)::text, l.number, l.reason,
    to_char(l.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')
FROM credit_ledger l
WHERE l.credit_id = $1
ORDER BY l.recorded_at, l.kind, l.number
