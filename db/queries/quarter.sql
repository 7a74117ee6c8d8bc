Months that wait for the document of their quarter, and that document.

-- name: deferred
-- Months of a customer that no document bills yet, before a month, oldest first. $1 customer, $2 month
SELECT snapshot FROM waiting_month WHERE customer = $1 AND month < $2 ORDER BY month, provider

-- name: earlier
-- How months stand for a customer. $1 customer, $2 months
SELECT m.month, coalesce(b.state, 'open'),
    ARRAY(SELECT i.provider || ' (' || i.state || ')' FROM invoice i
        WHERE i.customer = $1 AND i.month = m.month AND i.corrects IS NULL AND i.state NOT IN ('deferred', 'final')
        ORDER BY i.provider)
FROM unnest($2::text[]) m (month)
LEFT JOIN billing_period b ON b.month = m.month
ORDER BY m.month

-- name: billed
-- A document with a number of a later month of the quarter. $1 customer, $2 month, $3 the quarter's last month
SELECT coalesce(min(number), '') FROM invoice
WHERE customer = $1 AND month > $2 AND month <= $3 AND number IS NOT NULL AND corrects IS NULL

-- name: waiting
-- What a document must bill: digests of the deferred months of one provider, oldest first.
-- $1 issuer, $2 customer, $3 provider, $4 month
SELECT coalesce(array_agg(digest ORDER BY month), '{}')
FROM waiting_month
WHERE issuer = $1 AND customer = $2 AND provider = $3 AND month < $4

-- name: bill
-- $1 issuer, $2 customer, $3 provider, $4 month, $5 the document that bills them
INSERT INTO quarter_month (deferred, quarter)
SELECT id, $5::bigint
FROM waiting_month
WHERE issuer = $1 AND customer = $2 AND provider = $3 AND month < $4

-- name: defer
-- $1 invoice id, $2 snapshot, $3 digest
UPDATE invoice SET state = 'deferred', snapshot = $2, digest = $3, finalized_at = now() WHERE id = $1
