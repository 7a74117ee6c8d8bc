Drafts, parked customers and decisions.

-- name: lock_documents
-- $1 month, $2 customer
SELECT id, provider, state, coalesce(number, ''), draft_digest, currency, total::text, holds, authors
FROM invoice
WHERE month = $1 AND customer = $2 AND corrects IS NULL
ORDER BY provider
FOR UPDATE

-- name: documents
-- $1 month, $2 customer
SELECT id, provider, state, coalesce(number, ''), draft_digest, currency, total::text, holds, authors
FROM invoice
WHERE month = $1 AND customer = $2 AND corrects IS NULL
ORDER BY provider

-- name: store
-- $1 issuer, $2 customer, $3 provider, $4 month, $5 currency, $6 source totals, $7 supply, $8 tax, $9 after tax,
-- $10 total, $11 holds, $12 authors, $13 master, $14 draft, $15 digest
INSERT INTO invoice (issuer, customer, provider, month, state, currency, source_totals, supply, tax, after_tax,
    total, holds, authors, master, draft, draft_digest)
VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (issuer, customer, provider, month, kind, revision) DO UPDATE
SET state = 'draft', currency = $5, source_totals = $6, supply = $7, tax = $8, after_tax = $9, total = $10,
    holds = $11, authors = $12, master = $13, draft = $14, draft_digest = $15, parked = '', drafted_at = now()
RETURNING id

-- name: remove_document
-- $1 invoice id
DELETE FROM invoice WHERE id = $1

-- name: clear_shares
-- $1 invoice id
DELETE FROM invoice_share WHERE invoice_id = $1

-- name: add_share
-- $1 invoice id, $2 provider, $3 billing account, $4 currency, $5 rows, $6 assigned, $7 retained
INSERT INTO invoice_share (invoice_id, provider, billing_account, currency, row_count, assigned, retained)
VALUES ($1, $2, $3, $4, $5, $6, $7)

-- name: clear_uses
-- $1 invoice id
DELETE FROM credit_use WHERE invoice_id = $1

-- name: add_use
-- $1 invoice id, $2 credit, $3 customer, $4 month, $5 currency, $6 used
INSERT INTO credit_use (invoice_id, credit_id, customer, month, currency, used) VALUES ($1, $2, $3, $4, $5, $6)

-- name: park
-- $1 issuer, $2 customer, $3 provider, $4 month, $5 why
INSERT INTO invoice (issuer, customer, provider, month, state, parked)
VALUES ($1, $2, $3, $4, 'parked', $5)
ON CONFLICT (issuer, customer, provider, month, kind, revision) DO UPDATE SET state = 'parked', parked = $5
RETURNING id

-- name: set_state
-- $1 invoice id, $2 state, $3 why parked
UPDATE invoice SET state = $2, parked = $3 WHERE id = $1

-- name: decisions
-- What was decided about one draft's bytes, in order. $1 invoice id, $2 draft digest
SELECT verdict, decided_by, reason FROM decision WHERE invoice_id = $1 AND draft_digest = $2 ORDER BY id

-- name: objected
-- Whether a person's last word about a customer's month, whichever draft it was about, held or rejected it.
-- $1 month, $2 customer
SELECT coalesce((
    SELECT verdict IN ('hold', 'reject') FROM decision
    WHERE month = $1 AND customer = $2 AND decided_by <> ''
    ORDER BY id DESC LIMIT 1), false)

-- name: decide
-- $1 invoice id, $2 month, $3 customer, $4 provider, $5 draft digest, $6 verdict, $7 by, $8 reason
INSERT INTO decision (invoice_id, month, customer, provider, draft_digest, verdict, decided_by, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)

-- name: month_decisions
-- $1 month
SELECT customer, provider, verdict, decided_by, reason, decided_at FROM decision WHERE month = $1 ORDER BY id
