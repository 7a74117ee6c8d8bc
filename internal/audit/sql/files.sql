-- Files that the books have a digest of: documents, mails as they went out, originals whose rows left the books.
-- $1 month
SELECT name, key, sha256, bytes FROM (
    SELECT i.number || ' ' || d.kind || ' ' || d.language || ' ' || left(d.scope, 8) AS name, d.key, d.sha256, d.bytes
    FROM document d JOIN invoice i ON i.id = d.invoice_id WHERE i.month = $1
    UNION ALL
    SELECT i.number || ' mail ' || o.ordinal, o.mime_key, o.mime_sha256, -1
    FROM outbox o JOIN invoice i ON i.id = o.invoice_id WHERE i.month = $1 AND o.mime_sha256 <> ''
    UNION ALL
    SELECT 'part ' || p.id || ' ' || p.key, p.archive_key, p.digest, -1
    FROM archived_part a JOIN part p ON p.id = a.part JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    WHERE EXISTS (SELECT FROM delivery_total o WHERE o.delivery = d.id AND o.month = $1)
) files
ORDER BY name
