-- What each mail of a final document may show, and the files that no mail may show. $1 month
SELECT i.number, o.ordinal, o.scope, o.accounts, array_to_string(o.documents, ','),
    coalesce((SELECT l.detail ->> 'sights' FROM audit_log l
        WHERE l.action = 'finalize' AND l.subject = i.number ORDER BY l.seq LIMIT 1), ''),
    coalesce((SELECT string_agg(d.kind || ' ' || d.file_name, ', ' ORDER BY d.kind, d.file_name) FROM document d
        WHERE d.invoice_id = i.id AND d.scope <> ''
            AND d.scope NOT IN (SELECT s.scope FROM outbox s WHERE s.invoice_id = i.id)), '')
FROM invoice i
JOIN outbox o ON o.invoice_id = i.id
WHERE i.month = $1 AND i.state = 'final'
ORDER BY i.number, o.ordinal
