Who is charged in a month, and for what.

-- name: customers
-- Customers with charges, with something due, with a fee that is due in any case, with a part of what is shared, with
-- a month that no document bills yet, or with a document already.
-- $1 month, $2 after, $3 limit
WITH candidate AS (
    SELECT DISTINCT o.customer FROM account_owner($1, '') o
    WHERE o.customer > $2 AND EXISTS (
        SELECT FROM dim_account a
        JOIN charge_daily d ON d.account_id = a.id AND o.days @> d.day
        JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
        JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
        WHERE a.provider = o.provider AND a.sub_account = o.sub_account)
    UNION
    SELECT customer FROM due_item WHERE month = $1 AND customer > $2 AND kind = 'adjustment'
    UNION
    SELECT customer FROM transfer WHERE month = $1 AND customer > $2 AND side = 'customer'
    UNION
    SELECT r.cells ->> 'customer'
    FROM master_row r JOIN master_current c ON c.sheet = r.sheet AND c.import_id = r.import_id
    WHERE r.sheet = 'fees' AND r.cells ->> 'customer' > $2 AND coalesce(r.cells ->> 'from', '') <= $1
        AND (coalesce(r.cells ->> 'to', '') = '' OR r.cells ->> 'to' >= $1)
        AND (coalesce(r.cells ->> 'flat', '') <> '' OR coalesce(r.cells ->> 'minimum', '') <> ''
            OR coalesce(r.cells ->> 'plan', '') <> '')
    UNION
    SELECT customer FROM invoice WHERE month = $1 AND customer > $2 AND corrects IS NULL
    UNION
    SELECT customer FROM waiting_month WHERE month < $1 AND customer > $2
)
SELECT customer FROM candidate WHERE customer <> '' ORDER BY customer LIMIT $3

-- name: parked_customers
-- $1 month, $2 after, $3 limit
SELECT DISTINCT customer FROM invoice
WHERE month = $1 AND customer > $2 AND corrects IS NULL AND state = 'parked'
ORDER BY customer LIMIT $3

-- name: owners_basis
-- What the owners of accounts follow from: two sheets and the dictionary of accounts.
SELECT coalesce(string_agg(sheet || ' ' || import_id, ', ' ORDER BY sheet), '') || ' '
    || (SELECT coalesce(max(id), 0) FROM dim_account)
FROM master_current WHERE sheet IN ('accounts', 'customers')

-- name: owners
-- Who owns which accounts in the close of a month, the last days of an account first. $1 month
SELECT o.customer, o.sub_account, o.alias, o.days::text, a.id
FROM account_owner($1, '') o
LEFT JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
WHERE o.customer <> ''
ORDER BY o.customer, o.sub_account, lower(o.days) DESC NULLS LAST, a.id

-- name: groups
-- One customer's charges, added up over everything a rule may ask for but tags: by ids first, which are few.
-- An account at a time (OFFSET keeps it so), through its index: a planner that does not know how many accounts there
-- are would rather read all of the month.
-- $1 month, $2 the customer's accounts, $3 the days on which each is
SELECT b.provider, b.billing_account, a.sub_account, b.invoice_issuer, b.billing_entity, b.currency,
    i.service_code, max(i.service_name COLLATE "C"), i.usage_type, i.region, i.sku_id, i.unit, i.line_type,
    i.category, i.class, i.pricing_category, coalesce(c.value, ''), '', to_char(u.month, 'YYYY-MM'),
    sum(u.row_count)::bigint, sum(u.quantity)::text, sum(u.billed)::text, sum(u.effective)::text,
    sum(u.list)::text, sum(u.contracted)::text
FROM (
    SELECT d.bill_id, d.account_id, d.item_id, d.commitment_id, date_trunc('month', d.day::timestamp) AS month,
        sum(d.row_count) AS row_count, sum(d.quantity) AS quantity, sum(d.billed) AS billed,
        sum(d.effective) AS effective, sum(d.list) AS list, sum(d.contracted) AS contracted
    FROM unnest($2::int[], $3::text[]::daterange[]) o (account_id, days)
    CROSS JOIN LATERAL (
        SELECT * FROM charge_daily d WHERE d.account_id = o.account_id AND o.days @> d.day OFFSET 0
    ) d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
    GROUP BY d.bill_id, d.account_id, d.item_id, d.commitment_id, 5
) u
JOIN dim_bill b ON b.id = u.bill_id
JOIN dim_account a ON a.id = u.account_id
JOIN dim_item i ON i.id = u.item_id
LEFT JOIN dim_commitment c ON c.id = u.commitment_id
GROUP BY b.provider, b.billing_account, a.sub_account, b.invoice_issuer, b.billing_entity, b.currency,
    i.service_code, i.usage_type, i.region, i.sku_id, i.unit, i.line_type, i.category, i.class,
    i.pricing_category, coalesce(c.value, ''), 19
HAVING sum(u.row_count) <> 0
ORDER BY b.provider, b.billing_account, a.sub_account, b.invoice_issuer, b.billing_entity, b.currency,
    i.service_code, i.usage_type, i.region, i.sku_id, i.unit, i.line_type, i.category, i.class,
    i.pricing_category, coalesce(c.value, ''), 19

-- name: groups_with_tags
-- The same over tags too. Charges of resources with custom tags are taken out of the days and laid back with them:
-- what is added is what was taken.
-- No branch of the union has a condition of its own: so each is read by account, through its index.
-- $1 month, $2 the customer's accounts, $3 the days on which each is
SELECT b.provider, b.billing_account, a.sub_account, b.invoice_issuer, b.billing_entity, b.currency,
    i.service_code, max(i.service_name COLLATE "C"), i.usage_type, i.region, i.sku_id, i.unit, i.line_type,
    i.category, i.class, i.pricing_category, coalesce(c.value, ''),
    coalesce((coalesce(t.tags, '{}') || d.custom)::text, t.tags::text, ''),
    to_char(d.day, 'YYYY-MM'),
    sum(d.row_count)::bigint, sum(d.quantity)::text, sum(d.billed)::text, sum(d.effective)::text,
    sum(d.list)::text, sum(d.contracted)::text
FROM unnest($2::int[], $3::text[]::daterange[]) o (account_id, days)
JOIN dim_account a ON a.id = o.account_id
JOIN (
    SELECT NULL::text AS month, delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id,
        NULL::jsonb AS custom, row_count, quantity::numeric AS quantity, billed::numeric AS billed, effective::numeric AS effective,
        list::numeric AS list, contracted::numeric AS contracted
    FROM charge_daily
    UNION ALL
    SELECT month::text, delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id, NULL::jsonb,
        -row_count, -quantity, -billed, -effective, -list, -contracted
    FROM tagged_daily
    UNION ALL
    SELECT month::text, delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id, custom,
        row_count, quantity::numeric, billed::numeric, effective::numeric, list::numeric, contracted::numeric
    FROM tagged_daily
) d ON d.account_id = a.id AND o.days @> d.day AND (d.month IS NULL OR d.month = $1)
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = d.item_id
LEFT JOIN dim_commitment c ON c.id = d.commitment_id
LEFT JOIN dim_tag_set t ON t.id = d.tag_set_id
GROUP BY b.provider, b.billing_account, a.sub_account, b.invoice_issuer, b.billing_entity, b.currency,
    i.service_code, i.usage_type, i.region, i.sku_id, i.unit, i.line_type, i.category, i.class,
    i.pricing_category, coalesce(c.value, ''), 18, 19
HAVING sum(d.row_count) <> 0
ORDER BY b.provider, b.billing_account, a.sub_account, b.invoice_issuer, b.billing_entity, b.currency,
    i.service_code, i.usage_type, i.region, i.sku_id, i.unit, i.line_type, i.category, i.class,
    i.pricing_category, coalesce(c.value, ''), 18, 19

-- name: customer_shares
-- What one customer's accounts took from each payer's bill, with what benefit policies and shared costs moved.
-- $1 month, $2 customer
SELECT provider, billing_account, currency, sum(row_count)::bigint, sum(billed)::text
FROM (
    SELECT b.provider, b.billing_account, b.currency, d.row_count, d.billed
    FROM account_owner($1, $2) o
    JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
    JOIN charge_daily d ON d.account_id = a.id AND o.days @> d.day
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
    WHERE o.customer = $2
    UNION ALL
    SELECT provider, billing_account, currency, 0, billed
    FROM transfer WHERE month = $1 AND customer = $2 AND side = 'customer'
) took
GROUP BY provider, billing_account, currency
ORDER BY provider, billing_account, currency

-- name: data_as_of
-- Per provider, the day up to which every payer's latest changes are in.
-- $1 month, $2 the customer's accounts, $3 the days on which each is
SELECT p.provider, min(p.as_of)
FROM (
    SELECT b.provider, coalesce(v.provider_as_of AT TIME ZONE 'UTC', max(d.day)::timestamp)::date AS as_of
    FROM unnest($2::int[], $3::text[]::daterange[]) o (account_id, days)
    CROSS JOIN LATERAL (
        SELECT * FROM charge_daily d WHERE d.account_id = o.account_id AND o.days @> d.day OFFSET 0
    ) d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
    GROUP BY b.provider, v.id, v.provider_as_of
) p
GROUP BY p.provider
ORDER BY p.provider

-- name: provisional
-- Providers whose data was not final when the close last looked. $1 month
SELECT DISTINCT provider FROM month_readiness
WHERE month = $1 AND finality = 'not-final' AND provider <> ''
ORDER BY provider

-- name: history
-- A customer's documents of some months before this one, oldest first; of a quarter's the bytes too, since its total
-- is of several months. $1 month, $2 customer, $3 provider, $4 currency, $5 the first month
SELECT i.month, i.total::text,
    CASE WHEN EXISTS (SELECT FROM quarter_month m WHERE m.quarter = i.id) THEN i.snapshot END
FROM invoice i
WHERE i.customer = $2 AND i.provider = $3 AND i.currency = $4 AND i.month >= $5 AND i.month < $1
    AND i.state IN ('deferred', 'final')
ORDER BY i.month, i.id

-- name: earlier_documents
-- A customer's last final document of each provider before a month. $1 month, $2 customer
SELECT DISTINCT ON (i.provider) i.snapshot
FROM invoice i
WHERE i.customer = $2 AND i.month < $1 AND i.state IN ('deferred', 'final') AND i.corrects IS NULL
ORDER BY i.provider, i.month DESC
