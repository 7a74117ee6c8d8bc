What credits and adjustments are due in a month.

-- name: used
-- What final documents of other months used of each credit and did not give back. $1 month
SELECT credit_id, currency, (-sum(amount))::text FROM credit_ledger
WHERE kind IN ('use', 'return') AND month <> $1
GROUP BY credit_id, currency
ORDER BY credit_id, currency

-- name: used_in_month
-- What final documents of the month itself used and did not give back. $1 month, $2 customer
SELECT credit_id, (-sum(amount))::text FROM credit_ledger
WHERE kind IN ('use', 'return') AND month = $1 AND customer = $2
GROUP BY credit_id
ORDER BY credit_id

-- name: clear
-- $1 month
DELETE FROM due_item WHERE month = $1

-- name: add
-- $1 month, $2 kind, $3 id, $4 customer, $5 currency, $6 balance or value, $7 note
INSERT INTO due_item (month, kind, item_id, customer, currency, balance, note) VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: read
-- $1 month
SELECT kind, item_id, customer, currency, balance::text, note FROM due_item WHERE month = $1
ORDER BY customer, kind, item_id
