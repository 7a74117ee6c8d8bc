What one customer's document depends on of another's cost: commitments and shared costs.

-- name: committed
-- Charges that belong to a commitment, by who holds them. $1 month
SELECT b.provider, b.billing_account, a.sub_account, coalesce(o.customer, ''), b.invoice_issuer, b.billing_entity,
    b.currency, i.service_code, max(i.service_name COLLATE "C"), i.line_type, i.category, i.class,
    i.pricing_category, c.value, to_char(d.day, 'YYYY-MM'),
    coalesce(sum(d.row_count) FILTER (WHERE d.billed <> 0), 0)::bigint, sum(d.quantity)::text, sum(d.billed)::text,
    sum(d.effective)::text, sum(d.list)::text
FROM charge_daily d
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = d.item_id
JOIN dim_commitment c ON c.id = d.commitment_id AND c.value <> ''
JOIN dim_account a ON a.id = d.account_id
LEFT JOIN account_owner($1, '') o
    ON o.provider = a.provider AND o.sub_account = a.sub_account AND o.days @> d.day
GROUP BY b.provider, b.billing_account, a.sub_account, coalesce(o.customer, ''), b.invoice_issuer,
    b.billing_entity, b.currency, i.service_code, CASE i.service_code WHEN '' THEN i.service_name END, i.line_type,
    i.category, i.class, i.pricing_category, c.value, to_char(d.day, 'YYYY-MM')
ORDER BY b.provider, c.value, b.billing_account, b.currency, a.sub_account, 4, i.service_code, i.line_type

-- name: shareable
-- Charges that some distribution may share, by who holds them: all of a service's, since a place is taken whole.
-- $1 month, then the columns of the distributions, pairwise, empty ones matching anything: $2 providers, $3 billing
-- accounts, $4 accounts, $5 services, $6 categories, 0 matching any
SELECT b.provider, b.billing_account, a.sub_account, coalesce(o.customer, ''), b.invoice_issuer, b.billing_entity,
    b.currency, i.service_code, max(i.service_name COLLATE "C"), '', i.category, i.class, '', coalesce(c.value, ''),
    to_char(d.day, 'YYYY-MM'), coalesce(sum(d.row_count) FILTER (WHERE d.billed <> 0), 0)::bigint,
    sum(d.quantity)::text, sum(d.billed)::text, sum(d.effective)::text, sum(d.list)::text
FROM charge_daily d
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = d.item_id
JOIN dim_account a ON a.id = d.account_id
LEFT JOIN dim_commitment c ON c.id = d.commitment_id
LEFT JOIN account_owner($1, '') o
    ON o.provider = a.provider AND o.sub_account = a.sub_account AND o.days @> d.day
WHERE EXISTS (
    SELECT FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[])
        AS s (provider, billing_account, sub_account, service, category)
    WHERE s.provider IN ('', b.provider) AND s.billing_account IN ('', b.billing_account)
        AND s.sub_account IN ('', a.sub_account) AND s.category IN (0, i.category)
        AND (s.service IN ('', i.service_code) OR i.service_code = '' AND i.service_name = s.service
            OR i.service_code <> '' AND i.service_code IN (
                SELECT n.service_code FROM dim_item n WHERE n.service_name = s.service)))
GROUP BY b.provider, b.billing_account, a.sub_account, coalesce(o.customer, ''), b.invoice_issuer,
    b.billing_entity, b.currency, i.service_code, CASE i.service_code WHEN '' THEN i.service_name END, i.category,
    i.class, coalesce(c.value, ''), to_char(d.day, 'YYYY-MM')
ORDER BY b.provider, b.billing_account, b.currency, a.sub_account, 4, i.service_code, i.category, i.class, 14, 15

-- name: spent
-- What each customer spent on usage and purchases, our margin left out. $1 month
SELECT o.customer, b.provider, b.billing_account, b.currency, sum(d.billed)::text
FROM account_owner($1, '') o
JOIN dim_account a ON a.provider = o.provider AND a.sub_account = o.sub_account
JOIN charge_daily d ON d.account_id = a.id AND o.days @> d.day
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
JOIN dim_item i ON i.id = d.item_id AND i.category IN (1, 2) AND i.class <> 3
GROUP BY o.customer, b.provider, b.billing_account, b.currency
ORDER BY o.customer, b.provider, b.billing_account, b.currency

-- name: holders
-- Who held each account last in the month. $1 month
SELECT DISTINCT ON (o.provider, o.sub_account) o.provider, o.sub_account, o.customer
FROM account_owner($1, '') o
WHERE o.days && daterange(($1 || '-01')::date, (($1 || '-01')::date + interval '1 month')::date)
ORDER BY o.provider, o.sub_account, lower(o.days) DESC NULLS LAST

-- name: lock_period
-- $1 month
SELECT state FROM billing_period WHERE month = $1 FOR UPDATE

-- name: finals
-- Documents of the month that change no more, by number where they have one. $1 month
SELECT customer, provider, coalesce(number, customer || ' ' || provider || ' ' || month) FROM invoice
WHERE month = $1 AND corrects IS NULL AND state IN ('deferred', 'final')
ORDER BY customer, provider

-- name: clear
-- $1 month
DELETE FROM transfer WHERE month = $1

-- name: add
-- $1 month, $2 ordinal, then the entry's columns in their order
INSERT INTO transfer (month, ordinal, kind, rule, provider, billing_account, currency, side, customer, taken,
    sub_account, service_code, service_name, usage_type, category, class, invoice_issuer, billing_entity,
    commitment_id, charge_month, row_count, billed, effective)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)

-- name: unbalanced
-- Rules, and commitments, whose entries do not sum to zero. $1 month
SELECT kind || ' ' || rule || ' of ' || provider || ' ' || billing_account || ' ' || currency, sum(billed)::text
FROM transfer WHERE month = $1
GROUP BY kind, rule, provider, billing_account, currency, CASE kind WHEN 'benefit' THEN commitment_id END
HAVING sum(billed) <> 0 OR sum(effective) <> 0
ORDER BY 1
LIMIT 1

-- name: read
-- The month's list; of one customer's sides alone where one is named. $1 month, $2 customer
SELECT kind, rule, provider, billing_account, currency, side, customer, taken, sub_account, service_code,
    service_name, usage_type, category, class, invoice_issuer, billing_entity, commitment_id, charge_month,
    row_count, billed::text, effective::text
FROM transfer
WHERE month = $1 AND ($2 = '' OR customer = $2 AND side = 'customer')
ORDER BY ordinal

-- name: unowned
-- What nobody owns and nothing shares, by what it is for, the largest first. $1 month, $2 limit
WITH unowned AS (
    SELECT b.provider, b.billing_account, b.currency, a.sub_account, max(i.service_name COLLATE "C") AS service,
        i.service_code, i.category, sum(d.billed) AS billed
    FROM charge_daily d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
    JOIN dim_item i ON i.id = d.item_id
    JOIN dim_account a ON a.id = d.account_id
    WHERE d.billed <> 0 AND NOT EXISTS (
        SELECT FROM account_owner($1, '') o
        WHERE o.provider = a.provider AND o.sub_account = a.sub_account AND o.days @> d.day)
    GROUP BY b.provider, b.billing_account, b.currency, a.sub_account, i.service_code,
        CASE i.service_code WHEN '' THEN i.service_name END, i.category
    UNION ALL
    SELECT provider, billing_account, currency, sub_account, service_name, service_code, category, billed
    FROM transfer WHERE month = $1 AND side = 'unassigned'
)
SELECT provider, billing_account, currency, sub_account, max(service), category, sum(billed)::text
FROM unowned
GROUP BY provider, billing_account, currency, sub_account, service_code,
    CASE service_code WHEN '' THEN service END, category
HAVING sum(billed) <> 0
ORDER BY abs(sum(billed)) DESC, provider, billing_account, sub_account, service_code, category
LIMIT $2
