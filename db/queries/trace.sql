From a document's line back to the provider's rows, in the books or in the archive.

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

-- name: parts
-- The files of the published deliveries that hold the month, in the order in which they are shown. $1 month
SELECT p.id, v.id, v.source, v.format, v.month, p.ordinal, p.key, p.bytes, p.digest, p.archive_key,
    EXISTS (SELECT FROM archived_part a WHERE a.part = p.id),
    ARRAY(SELECT q.row_no::bigint FROM quarantined_row q WHERE q.part_id = p.id ORDER BY q.row_no)
FROM delivery v
JOIN part p ON p.delivery = v.id
WHERE v.state = 'sealed' AND EXISTS (
    SELECT FROM delivery_total t WHERE t.delivery = v.id AND t.month = $1 AND t.state = 'sealed')
ORDER BY v.id, p.ordinal

-- name: source_rows
-- The rows themselves, in the order of the files; lines made of one row by what they are. $1 month, $2 customer,
-- $3 account, $4 bill ids, $5 item ids, pairwise, $6 limit or NULL, $7 offset, $8 parts, by value
SELECT v.id, v.source, p.ordinal, p.key, r.row_no::bigint, r.starts_at, i.line_type, i.description,
    coalesce(s.value, ''), trim_scale(r.quantity)::text, trim_scale(r.billed)::text, trim_scale(r.effective)::text,
    trim_scale(r.list)::text, trim_scale(r.contracted)::text
FROM account_owner($1, $2) o
JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
JOIN charge r ON r.account_id = a.id AND o.days @> (r.starts_at AT TIME ZONE 'UTC')::date
    AND r.part_id = ANY ($8::bigint[])
JOIN unnest($4::int[], $5::int[]) AS w (bill_id, item_id) ON w.bill_id = r.bill_id AND w.item_id = r.item_id
JOIN part p ON p.id = r.part_id
JOIN delivery v ON v.id = p.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = r.item_id
LEFT JOIN dim_resource s ON s.id = r.resource_id
WHERE o.customer = $2 AND a.sub_account = $3
ORDER BY v.id, p.ordinal, r.row_no, i.line_type COLLATE "C", i.description COLLATE "C",
    trim_scale(r.billed)::text COLLATE "C"
LIMIT $6 OFFSET $7

-- name: bill_hashes
-- $1 ids
SELECT id, hash FROM dim_bill WHERE id = ANY ($1::int[])

-- name: item_hashes
-- $1 ids
SELECT id, hash FROM dim_item WHERE id = ANY ($1::int[])

-- name: owned_days
-- The days on which a customer owned an account. $1 month, $2 customer, $3 account
SELECT o.provider, lower(o.days), upper(o.days)
FROM account_owner($1, $2) o
WHERE o.customer = $2 AND o.sub_account = $3
ORDER BY o.provider, lower(o.days) NULLS FIRST

-- name: versions
-- Which version of a sheet a document was assembled from, and when it was imported. $1 customer, $2 provider,
-- $3 month
SELECT s.sheet, m.id, m.imported_by, m.imported_at
FROM invoice i
CROSS JOIN LATERAL (SELECT e.key AS sheet, e.value::bigint AS import_id FROM jsonb_each_text(i.master) e) s
JOIN master_import m ON m.id = s.import_id
WHERE i.customer = $1 AND i.provider = $2 AND i.month = $3 AND i.corrects IS NULL
ORDER BY s.sheet

-- name: rule_row
-- The row of a sheet's version that a rule stood in: of several with its id the newest in force. $1 import,
-- $2 sheet, $3 the rule's id, $4 month
SELECT r.row_no, coalesce(r.cells ->> 'from', '')
FROM master_row r
WHERE r.import_id = $1 AND r.sheet = $2 AND coalesce(r.cells ->> 'id', r.cells ->> 'code') = $3
  AND coalesce(r.cells ->> 'from', '') <= $4
ORDER BY coalesce(r.cells ->> 'from', '') DESC, r.row_no
LIMIT 1

-- name: source_sums
-- How many rows stand behind a line in the books, and what they add up to. $1 month, $2 customer, $3 account, $4 bill
-- ids, $5 item ids, pairwise, $6 parts, by value
SELECT count(*), trim_scale(coalesce(sum(r.billed), 0))::text
FROM account_owner($1, $2) o
JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
JOIN charge r ON r.account_id = a.id AND o.days @> (r.starts_at AT TIME ZONE 'UTC')::date
    AND r.part_id = ANY ($6::bigint[])
JOIN unnest($4::int[], $5::int[]) AS w (bill_id, item_id) ON w.bill_id = r.bill_id AND w.item_id = r.item_id
WHERE o.customer = $2 AND a.sub_account = $3
