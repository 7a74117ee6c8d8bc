-- Every document with its bytes. $1 month
SELECT i.id, coalesce(i.number, ''), i.customer, i.provider, i.state, coalesce(i.snapshot, i.draft, ''),
    CASE i.state WHEN 'final' THEN i.digest ELSE i.draft_digest END,
    i.supply::text, i.tax::text, i.after_tax::text, i.total::text, i.currency,
    (SELECT count(*) FROM outbox o WHERE o.invoice_id = i.id),
    (SELECT count(DISTINCT o.message_id) FROM outbox o WHERE o.invoice_id = i.id),
    coalesce((SELECT (l.detail ->> 'mails')::int FROM audit_log l
        WHERE l.action = 'finalize' AND l.subject = i.number ORDER BY l.seq LIMIT 1), -1),
    coalesce((SELECT l.detail ->> 'digest' FROM audit_log l
        WHERE l.action = 'finalize' AND l.subject = i.number ORDER BY l.seq LIMIT 1), ''),
    (SELECT coalesce(string_agg(d.kind || ' ' || d.language || ' ' || d.sha256, ', ' ORDER BY d.kind, d.language), '')
        FROM document d WHERE d.invoice_id = i.id AND d.sha256 !~ '^[0-9a-f]{64}$'),
    (SELECT coalesce(sum(h.assigned), 0)::text FROM invoice_share h WHERE h.invoice_id = i.id)
FROM invoice i
WHERE i.month = $1
ORDER BY i.id
