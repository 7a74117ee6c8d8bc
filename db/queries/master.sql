-- Master data: immutable versions of sheets, and which one stands.

-- name: lock
-- One import at a time, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtext('magam.master'));

-- name: versions
-- Which import each sheet stands at.
SELECT sheet, import_id FROM master_current ORDER BY sheet;

-- name: versions_of_month
-- $1 month. What a closed month was closed with.
SELECT v.key, v.value::bigint
FROM billing_period p, jsonb_each_text(p.master) v
WHERE p.month = $1 AND p.state = 'closed'
ORDER BY v.key;

-- name: rows
-- $1 sheets, $2 their imports, paired. Every row of those versions, in order.
SELECT r.sheet, r.row_no, r.cells
FROM unnest($1::text[], $2::bigint[]) AS wanted (sheet, import_id)
JOIN master_row r ON r.sheet = wanted.sheet AND r.import_id = wanted.import_id
ORDER BY r.sheet, r.row_no;

-- name: find_import
-- $1 digest.
SELECT id FROM master_import WHERE digest = $1;

-- name: new_import
-- $1 digest, $2 by.
INSERT INTO master_import (digest, imported_by) VALUES ($1, $2) RETURNING id;

-- name: point
-- $1 sheet, $2 import.
INSERT INTO master_current (sheet, import_id) VALUES ($1, $2)
ON CONFLICT (sheet) DO UPDATE SET import_id = excluded.import_id;

-- name: clear_accounts
DELETE FROM account_assignment;

-- name: project_accounts
-- $1 provider, $2 sub account, $3 customer, $4 organization, $5 alias, $6 first
-- day, $7 the day after the last; an end may be NULL: open.
INSERT INTO account_assignment (provider, sub_account, customer, organization, alias, valid)
SELECT a.provider, a.sub_account, a.customer, a.organization, a.alias, daterange(a.starts, a.ends)
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::date[])
    AS a (provider, sub_account, customer, organization, alias, starts, ends);

-- name: clear_tags
DELETE FROM custom_tag;

-- name: project_tags
-- $1 provider, $2 service, $3 resource, $4 key, $5 value, $6 month it begins, or empty.
INSERT INTO custom_tag (provider, service, resource_id, key, value, from_month)
SELECT t.provider, t.service, t.resource_id, t.key, t.value, t.from_month
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    AS t (provider, service, resource_id, key, value, from_month);

-- name: past_documents
-- $1 customers. Their documents, with the adjustments of their month that final ones carry.
SELECT i.customer, i.provider, i.month,
    CASE i.state WHEN 'deferred' THEN 'a month of its quarter''s document' ELSE coalesce(i.number, '') END, ARRAY(
    SELECT a ->> 'ID'
    FROM (SELECT convert_from(i.snapshot, 'UTF8')::jsonb AS whole) s
    CROSS JOIN jsonb_array_elements(nullif(coalesce(s.whole -> 'Months' -> -1, s.whole) -> 'Adjustments', 'null')) a
    ORDER BY 1)
FROM invoice i
WHERE i.customer = ANY ($1::text[]) AND i.corrects IS NULL AND i.provider <> ''
ORDER BY i.month, i.customer, i.provider;

-- name: past_months
-- Months of which nothing is drafted again.
SELECT month FROM billing_period WHERE state = 'closed' ORDER BY month;

-- name: past_credits
-- $1 credits. What documents hold of them.
SELECT l.credit_id, l.customer, max(l.currency), (-sum(l.amount))::text,
    coalesce(nullif(max(l.number), ''), 'a month that its quarter will bill')
FROM credit_ledger l
WHERE l.credit_id = ANY ($1::text[]) AND l.kind IN ('use', 'return')
GROUP BY l.credit_id, l.customer
ORDER BY l.credit_id, l.customer;

-- name: past_accounts
-- $1 providers, $2 sub accounts, paired. The months in which they were used, on the bills of months that are closed
-- or of which a document is final, or frozen for its quarter's.
SELECT DISTINCT a.provider, a.sub_account, b.month::text, to_char(d.day, 'YYYY-MM')
FROM unnest($1::text[], $2::text[]) AS touched (provider, sub_account)
JOIN dim_account a ON a.provider = touched.provider AND a.sub_account = touched.sub_account
JOIN charge_daily d ON d.account_id = a.id
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
JOIN dim_bill b ON b.id = d.bill_id
WHERE EXISTS (SELECT FROM billing_period p WHERE p.month = b.month AND p.state = 'closed')
    OR EXISTS (SELECT FROM invoice i WHERE i.month = b.month AND i.state IN ('deferred', 'final'))
ORDER BY a.provider, a.sub_account, b.month::text, to_char(d.day, 'YYYY-MM');
