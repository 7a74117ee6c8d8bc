The month's report to finance: what it says, its files, its mails. Leases run by the database's clock.

-- name: lock
-- $1 month
SELECT pg_advisory_xact_lock(hashtext('report ' || $1))

-- name: newest
-- $1 month
SELECT edition, basis, content, digest, made_at FROM month_report WHERE month = $1 ORDER BY edition DESC LIMIT 1

-- name: add
-- $1 month, $2 edition, $3 basis, $4 content, $5 digest
INSERT INTO month_report (month, edition, basis, content, digest) VALUES ($1, $2, $3, $4, $5)
RETURNING made_at

-- name: files
-- $1 month, $2 edition, $3 language
SELECT kind, language, file_name, sha256, key, bytes FROM month_report_file
WHERE month = $1 AND edition = $2 AND language = $3
ORDER BY kind DESC

-- name: add_file
-- $1 month, $2 edition, $3 kind, $4 language, $5 file name, $6 sha256, $7 bytes, $8 key
INSERT INTO month_report_file (month, edition, kind, language, file_name, sha256, bytes, key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING

-- name: address
-- A person whose address was refused is tried again at another one, never at the same.
-- $1 month, $2 edition, $3 person, $4 address, $5 language, $6 message id
INSERT INTO month_report_mail AS m (month, edition, person, recipient, language, message_id)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (month, edition, person) DO UPDATE
SET recipient = excluded.recipient, state = 'pending', mime_sha256 = '', mime_key = '', last_reply = ''
WHERE m.state = 'failed' AND m.recipient <> excluded.recipient

-- name: mails
-- $1 month, $2 edition
SELECT id, month, edition, person, recipient, language, message_id, mime_sha256, mime_key, state, fence, attempts,
    ambiguous, last_reply
FROM month_report_mail WHERE month = $1 AND edition = $2
ORDER BY person

-- name: mail
-- $1 month, $2 edition, $3 person
SELECT id, month, edition, person, recipient, language, message_id, mime_sha256, mime_key, state, fence, attempts,
    ambiguous, last_reply
FROM month_report_mail WHERE month = $1 AND edition = $2 AND person = $3

-- name: composed
-- $1 mail, $2 sha256, $3 key
UPDATE month_report_mail SET mime_sha256 = $2, mime_key = $3
WHERE id = $1 AND (mime_sha256 = '' OR (mime_sha256 = $2 AND mime_key = $3))

-- name: expire_dot
-- The final dot was announced and its attempt's lease ran out: nobody knows. $1 mail
UPDATE month_report_mail SET state = 'unknown', ambiguous = ambiguous + 1, lease_until = NULL,
    last_reply = 'the attempt ended without a word after the final dot'
WHERE id = $1 AND state = 'dot' AND lease_until < now()

-- name: claim
-- $1 mail, $2 lease in seconds, $3 whether one of unknown fate may go out again
UPDATE month_report_mail
SET state = 'sending', fence = fence + 1, attempts = attempts + 1, lease_until = now() + $2 * interval '1 second'
WHERE id = $1 AND (state = 'pending' OR (state = 'sending' AND lease_until < now()) OR ($3 AND state = 'unknown'))
RETURNING fence

-- name: dot
-- $1 mail, $2 fence, $3 lease in seconds
UPDATE month_report_mail SET state = 'dot', lease_until = now() + $3 * interval '1 second'
WHERE id = $1 AND fence = $2 AND state = 'sending'

-- name: settle
-- $1 mail, $2 fence, $3 state, $4 reply
UPDATE month_report_mail SET state = $3, last_reply = $4, lease_until = NULL,
    ambiguous = ambiguous + CASE WHEN $3 = 'unknown' THEN 1 ELSE 0 END,
    sent_at = CASE WHEN $3 = 'sent' THEN now() END
WHERE id = $1 AND fence = $2 AND state IN ('sending', 'dot')

-- name: set_aside
-- $1 mail, $2 state, $3 reason
UPDATE month_report_mail SET state = $2, last_reply = $3, lease_until = NULL
WHERE id = $1 AND state IN ('pending', 'unknown')
