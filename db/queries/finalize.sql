Number and freeze, in one transaction.

-- name: month_of
-- $1 invoice id
SELECT month FROM invoice WHERE id = $1

-- name: snapshot
-- $1 invoice id
SELECT coalesce(snapshot, draft, '') FROM invoice WHERE id = $1

-- name: share_period
-- $1 month
SELECT state FROM billing_period WHERE month = $1 FOR SHARE

-- name: lock_document
-- $1 invoice id
SELECT issuer, customer, provider, month, state, coalesce(number, ''), digest, draft, draft_digest,
    supply::text, tax::text, after_tax::text, total::text
FROM invoice WHERE id = $1 FOR UPDATE

-- name: proved
-- $1 month
SELECT EXISTS (SELECT FROM proof WHERE month = $1)

-- name: shares
-- $1 invoice id
SELECT provider, billing_account, currency, row_count, (assigned + retained)::text
FROM invoice_share WHERE invoice_id = $1
ORDER BY provider, billing_account, currency

-- name: lock_credits
-- One document of a customer at a time may use up credits. $1 customer
SELECT pg_advisory_xact_lock(hashtext('credits of ' || $1))

-- name: overdrawn
-- Credits that this document would use beyond what final documents left. $1 invoice id, $2 ids, $3 granted amounts
SELECT u.credit_id, g.granted::text, (u.used + coalesce(before.used, 0))::text
FROM credit_use u
JOIN unnest($2::text[], $3::numeric[]) AS g (id, granted) ON g.id = u.credit_id
LEFT JOIN LATERAL (
    SELECT -sum(l.amount) AS used FROM credit_ledger l
    WHERE l.credit_id = u.credit_id AND l.kind IN ('use', 'return') AND l.invoice_id <> u.invoice_id
) before ON true
WHERE u.invoice_id = $1 AND u.used + coalesce(before.used, 0) > g.granted
ORDER BY u.credit_id

-- name: changed_adjustments
-- Adjustments of the customer, begun by the document's month, that are not as they were when it was drafted.
-- $1 invoice id
WITH read AS (
    SELECT i.customer, i.month, (i.master ->> 'adjustments')::bigint AS drafted, c.import_id AS stands
    FROM invoice i LEFT JOIN master_current c ON c.sheet = 'adjustments'
    WHERE i.id = $1
), rows AS (
    SELECT m.cells, m.import_id FROM master_row m JOIN read r ON m.import_id IN (r.drafted, r.stands)
    WHERE m.sheet = 'adjustments' AND r.drafted <> r.stands
      AND m.cells ->> 'customer' = r.customer AND m.cells ->> 'month' <= r.month
)
SELECT coalesce(array_agg(DISTINCT d.cells ->> 'id' ORDER BY d.cells ->> 'id'), '{}')
FROM (SELECT cells FROM rows GROUP BY cells HAVING count(*) = 1) d

-- name: next_number
-- $1 issuer, $2 series
INSERT INTO invoice_series (issuer, series, last_no) VALUES ($1, $2, 1)
ON CONFLICT (issuer, series) DO UPDATE SET last_no = invoice_series.last_no + 1
RETURNING last_no

-- name: finalize_uses
-- $1 invoice id
UPDATE credit_use SET final = true WHERE invoice_id = $1

-- name: freeze
-- $1 invoice id, $2 number, $3 snapshot, $4 digest
UPDATE invoice SET state = 'final', number = $2, snapshot = $3, digest = $4, finalized_at = now() WHERE id = $1

-- name: add_mail
-- $1 invoice id, $2 ordinal, $3 address, $4 name, $5 cc, $6 language, $7 documents, $8 message id, $9 accounts,
-- $10 their scope
INSERT INTO outbox (invoice_id, ordinal, recipient, recipient_name, cc, language, documents, message_id, accounts, scope)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)

-- name: leave_out
-- $1 invoice id, $2 position, $3 address, $4 role, $5 reason
INSERT INTO mail_left_out (invoice_id, position, recipient, role, reason) VALUES ($1, $2, $3, $4, $5)

-- name: count_mails
-- $1 invoice id
SELECT count(*) FROM outbox WHERE invoice_id = $1
