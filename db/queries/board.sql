A month at a glance, for people.

-- name: rows
-- $1 month
SELECT i.id, i.customer, i.provider, i.state, i.currency, i.total::text, i.holds, i.parked,
    coalesce(i.number, q.number, ''),
    coalesce((SELECT d.decided_by || ': ' || d.reason FROM decision d
        WHERE d.invoice_id = i.id AND d.draft_digest = i.draft_digest AND d.verdict IN ('hold', 'release')
            AND d.id = (SELECT max(l.id) FROM decision l WHERE l.invoice_id = i.id
                AND l.draft_digest = i.draft_digest AND l.verdict IN ('hold', 'release'))
            AND d.verdict = 'hold'), '')
FROM invoice i
LEFT JOIN quarter_month m ON m.deferred = i.id
LEFT JOIN invoice q ON q.id = m.quarter
WHERE i.month = $1 AND i.corrects IS NULL
ORDER BY i.customer, i.provider

-- name: invoices
-- $1 month
SELECT i.id, coalesce(i.number, ''), coalesce(q.number, ''), i.kind, i.issuer, i.customer, i.provider, i.month, i.state, i.currency,
    i.source_totals, i.supply::text, i.tax::text, i.after_tax::text, i.total::text, i.digest,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'language', d.language, 'file_name', d.file_name,
        'sha256', d.sha256, 'key', d.key, 'bytes', d.bytes) ORDER BY d.kind, d.language), '[]')
        FROM document d WHERE d.invoice_id = i.id),
    (SELECT count(*) FROM outbox o WHERE o.invoice_id = i.id),
    (SELECT count(*) FROM outbox o WHERE o.invoice_id = i.id AND o.state = 'sent')
FROM invoice i
LEFT JOIN quarter_month m ON m.deferred = i.id
LEFT JOIN invoice q ON q.id = m.quarter
WHERE i.month = $1
ORDER BY i.customer, i.provider, i.kind, i.revision

-- name: deliveries
-- Deliveries that hold the month or may come to. $1 month
SELECT d.id, d.source, d.format, d.state, d.location, coalesce(sum(t.row_count), 0)::bigint,
    coalesce(string_agg(t.currency || ' ' || t.billed::text || CASE t.state WHEN 'sealed' THEN '' ELSE ' set aside' END,
        ', ' ORDER BY t.currency, t.state), '')
FROM delivery d
LEFT JOIN delivery_total t ON t.delivery = d.id AND t.month = $1
WHERE t.month IS NOT NULL OR d.state = 'loading' OR d.scope = $1
GROUP BY d.id
ORDER BY d.id

-- name: by_number
-- $1 number
SELECT snapshot FROM invoice WHERE number = $1

-- name: draft_of
-- A draft is asked for as customer/provider/month. $1 customer, $2 provider, $3 month
SELECT coalesce(snapshot, draft, '') FROM invoice
WHERE customer = $1 AND provider = $2 AND month = $3 AND corrects IS NULL
