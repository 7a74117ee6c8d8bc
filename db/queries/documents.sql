-- What is rendered from frozen snapshots, by content.

-- name: frozen
-- $1 number
SELECT snapshot, digest FROM invoice WHERE number = $1

-- name: draft
-- A draft that has become final since is read as it was frozen. $1 invoice id
SELECT coalesce(snapshot, draft), CASE WHEN snapshot IS NULL THEN draft_digest ELSE digest END
FROM invoice
WHERE id = $1

-- name: save
-- $1 number, $2 kind, $3 language, $4 file name, $5 sha256, $6 bytes, $7 key, $8 scope
INSERT INTO document (invoice_id, kind, language, file_name, sha256, bytes, key, scope)
SELECT id, $2, $3, $4, $5, $6, $7, $8
FROM invoice
WHERE number = $1
ON CONFLICT (invoice_id, kind, language, scope) DO NOTHING

-- name: of
-- $1 number
-- The whole document's files first, then those of each scope with the accounts it names.
SELECT d.kind, d.language, d.file_name, d.sha256, d.bytes, d.key, d.scope,
    (SELECT o.accounts FROM outbox o WHERE o.invoice_id = i.id AND o.scope = d.scope AND o.scope <> ''
        ORDER BY o.ordinal LIMIT 1)
FROM document d
JOIN invoice i ON i.id = d.invoice_id
WHERE i.number = $1
ORDER BY d.scope <> '', d.kind DESC, d.language, d.file_name

-- name: scopes
-- Which parts of a document its recipients may see, each once. $1 number
SELECT DISTINCT o.scope, o.accounts
FROM outbox o
JOIN invoice i ON i.id = o.invoice_id
WHERE i.number = $1 AND o.scope <> ''
ORDER BY o.accounts
