-- Every document with its bytes. $1 month
SELECT i.id, coalesce(i.number, ''), i.customer, i.provider, i.state, coalesce(i.snapshot, i.draft, ''),
    CASE WHEN i.state IN ('deferred', 'final') THEN i.digest ELSE i.draft_digest END,
    i.supply::text, i.tax::text, i.after_tax::text, i.total::text, i.currency,
    (SELECT count(*) FROM outbox o WHERE o.invoice_id = i.id),
    (SELECT count(DISTINCT o.message_id) FROM outbox o WHERE o.invoice_id = i.id),
    coalesce((SELECT (l.detail ->> 'mails')::int FROM audit_log l
        WHERE l.action = 'finalize' AND l.subject = i.number ORDER BY l.seq LIMIT 1), -1),
    coalesce((SELECT l.detail ->> 'digest' FROM audit_log l
        WHERE l.action = 'finalize' AND l.subject = i.number
            OR l.action = 'defer' AND l.detail -> 'invoice' = to_jsonb(i.id) ORDER BY l.seq LIMIT 1), ''),
    (SELECT coalesce(string_agg(d.kind || ' ' || d.language || ' ' || d.sha256, ', ' ORDER BY d.kind, d.language), '')
        FROM document d WHERE d.invoice_id = i.id AND d.sha256 !~ '^[0-9a-f]{64}$'),
    ARRAY(SELECT h.currency || ' ' || h.assigned::text FROM invoice_share h WHERE h.invoice_id = i.id
        ORDER BY h.billing_account, h.currency),
    coalesce(i.draft, ''), i.draft_digest,
    coalesce((SELECT l.detail ->> 'draft' FROM audit_log l
        WHERE l.action = 'finalize' AND l.subject = i.number ORDER BY l.seq LIMIT 1), ''),
    i.issuer, i.kind, i.revision,
    (SELECT coalesce(string_agg((t ->> 'currency') || ' ' || trim_scale((t ->> 'billed')::numeric), ', ' ORDER BY n), '')
        FROM jsonb_array_elements(i.source_totals) WITH ORDINALITY AS e (t, n))
FROM invoice i
WHERE i.month = $1
ORDER BY i.id
