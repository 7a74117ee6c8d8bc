A month at a glance, for people.

-- name: rows
-- $1 month
SELECT i.id, i.customer, i.provider, i.state, i.currency, i.total::text, i.holds, i.parked, coalesce(i.number, ''),
    coalesce((SELECT d.decided_by || ': ' || d.reason FROM decision d
        WHERE d.invoice_id = i.id AND d.draft_digest = i.draft_digest AND d.verdict IN ('hold', 'release')
            AND d.id = (SELECT max(l.id) FROM decision l WHERE l.invoice_id = i.id
                AND l.draft_digest = i.draft_digest AND l.verdict IN ('hold', 'release'))
            AND d.verdict = 'hold'), '')
FROM invoice i
WHERE i.month = $1 AND i.corrects IS NULL
ORDER BY i.customer, i.provider

-- name: invoices
-- $1 month
SELECT i.id, coalesce(i.number, ''), i.kind, i.issuer, i.customer, i.provider, i.month, i.state, i.currency,
    i.source_totals, i.supply::text, i.tax::text, i.after_tax::text, i.total::text, i.digest,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', d.kind, 'language', d.language, 'file_name', d.file_name,
        'sha256', d.sha256, 'key', d.key, 'bytes', d.bytes) ORDER BY d.kind, d.language), '[]')
        FROM document d WHERE d.invoice_id = i.id),
    (SELECT count(*) FROM outbox o WHERE o.invoice_id = i.id),
    (SELECT count(*) FROM outbox o WHERE o.invoice_id = i.id AND o.state = 'sent')
FROM invoice i
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

-- name: line_items
-- The bills and items that may stand behind one line of a document, each with its sums. $1 month, $2 customer,
-- $3 provider, $4 account, $5 service, $6 usage type, $7 unit, $8 currency
SELECT d.bill_id, d.item_id, b.billing_account, b.invoice_issuer, b.billing_entity, i.service_code, i.service_name,
    i.category, i.class, i.line_type, sum(d.row_count)::bigint, sum(d.billed)::text
FROM account_owner($1, $2) o
JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
JOIN charge_daily d ON d.account_id = a.id AND o.days @> d.day
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1 AND b.provider = $3 AND b.currency = $8
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = d.item_id AND i.service_code = $5 AND i.usage_type = $6 AND i.unit = $7
WHERE o.customer = $2 AND a.sub_account = $4
GROUP BY d.bill_id, d.item_id, b.billing_account, b.invoice_issuer, b.billing_entity, i.service_code,
    i.service_name, i.category, i.class, i.line_type
ORDER BY d.bill_id, d.item_id

-- name: source_rows
-- The rows themselves, in the order of the files. $1 month, $2 customer, $3 account, $4 bill ids, $5 item ids,
-- pairwise, $6 limit, $7 offset
SELECT v.id, v.source, p.key, r.row_no::bigint, r.starts_at, i.line_type, i.description, coalesce(s.value, ''),
    r.quantity::text, r.billed::text, r.effective::text, r.list::text
FROM account_owner($1, $2) o
JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
JOIN charge r ON r.account_id = a.id AND o.days @> (r.starts_at AT TIME ZONE 'UTC')::date
JOIN unnest($4::int[], $5::int[]) AS w (bill_id, item_id) ON w.bill_id = r.bill_id AND w.item_id = r.item_id
JOIN part p ON p.id = r.part_id
JOIN delivery v ON v.id = p.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = r.item_id
LEFT JOIN dim_resource s ON s.id = r.resource_id
WHERE o.customer = $2 AND a.sub_account = $3
ORDER BY v.id, p.ordinal, r.row_no
LIMIT $6 OFFSET $7
