-- The outbox: claiming, the final dot, settling. Leases run by the database's clock.

-- name: draft
-- $1 number, $2 ordinal
SELECT o.id, i.number, o.ordinal, i.customer, i.provider, o.recipient, o.recipient_name, o.cc, o.language, o.message_id,
    o.mime_sha256, o.mime_key, o.state, o.fence, o.attempts, o.ambiguous, o.last_reply, o.sent_at,
    o.accounts, o.scope, i.id, i.snapshot, i.digest, i.finalized_at
FROM outbox o
JOIN invoice i ON i.id = o.invoice_id
WHERE i.number = $1 AND o.ordinal = $2

-- name: documents
-- $1 outbox id
-- A contact names kinds (invoice, detail), a rendered file adds its form (invoice-pdf):
-- either spelling finds it. The recipient's language wins, then the document's own.
-- Only files of the recipient's own scope, the whole document's being one of them.
SELECT DISTINCT ON (d.kind) d.kind, d.language, d.file_name, d.sha256, d.key, d.bytes, d.scope
FROM outbox o
JOIN invoice i ON i.id = o.invoice_id
JOIN document d ON d.invoice_id = o.invoice_id AND d.scope = o.scope
WHERE o.id = $1
    AND (d.kind = ANY (o.documents) OR regexp_replace(d.kind, '-(pdf|xlsx|csv|json)$', '') = ANY (o.documents))
ORDER BY d.kind, (d.language = o.language) DESC, d.language

-- name: composed
-- $1 outbox id, $2 sha256, $3 key
UPDATE outbox SET mime_sha256 = $2, mime_key = $3
WHERE id = $1 AND (mime_sha256 = '' OR (mime_sha256 = $2 AND mime_key = $3))

-- name: expire_dot
-- $1 number, $2 ordinal
-- The final dot was announced and its attempt's lease ran out: nobody knows.
UPDATE outbox o SET state = 'unknown', ambiguous = ambiguous + 1, lease_until = NULL,
    last_reply = 'the attempt ended without a word after the final dot'
FROM invoice i
WHERE i.id = o.invoice_id AND i.number = $1 AND o.ordinal = $2 AND o.state = 'dot' AND o.lease_until < now()
RETURNING o.id, o.fence, o.state, o.last_reply

-- name: claim
-- $1 number, $2 ordinal, $3 lease in seconds, $4 further states that may be claimed
WITH free AS (
    SELECT o.id
    FROM outbox o
    JOIN invoice i ON i.id = o.invoice_id
    WHERE i.number = $1 AND o.ordinal = $2
        AND (o.state = 'pending' OR o.state = ANY ($4::text[]) OR (o.state = 'sending' AND o.lease_until < now()))
    FOR UPDATE OF o SKIP LOCKED
)
UPDATE outbox o
SET state = 'sending', fence = fence + 1, attempts = attempts + 1, lease_until = now() + $3 * interval '1 second'
FROM free
WHERE o.id = free.id
RETURNING o.id, o.fence, o.state, o.last_reply

-- name: dot
-- $1 outbox id, $2 fence, $3 lease in seconds
UPDATE outbox SET state = 'dot', lease_until = now() + $3 * interval '1 second'
WHERE id = $1 AND fence = $2 AND state = 'sending'

-- name: settle
-- $1 outbox id, $2 fence, $3 state, $4 reply
UPDATE outbox SET state = $3, last_reply = $4, lease_until = NULL,
    ambiguous = ambiguous + CASE WHEN $3 = 'unknown' THEN 1 ELSE 0 END,
    sent_at = CASE WHEN $3 = 'sent' THEN now() END
WHERE id = $1 AND fence = $2 AND state IN ('sending', 'dot')

-- name: set_aside
-- $1 number, $2 ordinal, $3 state, $4 reason
UPDATE outbox o SET state = $3, last_reply = $4, lease_until = NULL
FROM invoice i
WHERE i.id = o.invoice_id AND i.number = $1 AND o.ordinal = $2 AND o.state IN ('pending', 'unknown')
RETURNING o.id, o.fence, o.state, o.last_reply

-- name: add_event
-- $1 outbox id, $2 fence, $3 state, $4 reply
INSERT INTO mail_event (outbox_id, fence, state, reply) VALUES ($1, $2, $3, $4)

-- name: list
-- $1 month
SELECT o.id, i.number, o.ordinal, i.customer, i.provider, o.recipient, o.recipient_name, o.cc, o.language, o.message_id,
    o.mime_sha256, o.mime_key, o.state, o.fence, o.attempts, o.ambiguous, o.last_reply, o.sent_at,
    o.accounts, o.scope
FROM outbox o
JOIN invoice i ON i.id = o.invoice_id
WHERE i.month = $1
ORDER BY i.number, o.ordinal

-- name: left_out
-- Contacts that get no mail of a month's documents. $1 month
SELECT i.number, i.customer, i.provider, l.recipient, l.role, l.reason
FROM mail_left_out l
JOIN invoice i ON i.id = l.invoice_id
WHERE i.month = $1
ORDER BY i.number, l.position
