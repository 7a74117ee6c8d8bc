-- What the rows of each customer of a final document come to, by everything that a price, a tax or a fee may ask for:
-- by tags only where one of the customer's rules does. A resource is named where the tags sheet names it; where rows
-- left the books their days stand for them, and what was laid over their resources is taken out and laid back. $1 month
WITH named AS (
    SELECT DISTINCT d.id, d.value
    FROM invoice i
    JOIN master_row m ON m.sheet = 'tags' AND m.import_id = (i.master ->> 'tags')::bigint
    JOIN dim_resource d ON d.value = m.cells ->> 'resource_id'
    WHERE i.month = $1 AND i.snapshot IS NOT NULL
), asking AS (
    SELECT DISTINCT i.customer
    FROM invoice i
    JOIN master_row m ON m.sheet = 'prices' AND m.import_id = (i.master ->> 'prices')::bigint
        AND m.cells ->> 'tag_key' <> '' AND coalesce(nullif(m.cells ->> 'customer', ''), '*') IN ('*', i.customer)
    WHERE i.month = $1 AND i.snapshot IS NOT NULL
), gone AS (
    SELECT a.delivery FROM archived_days a JOIN delivery d ON d.id = a.delivery AND d.state = 'sealed'
), held AS (
    SELECT r.bill_id, r.account_id, (r.starts_at AT TIME ZONE 'UTC')::date AS day, r.item_id, r.tag_set_id,
        r.commitment_id, n.value AS resource, NULL::jsonb AS custom, count(*) AS row_count, sum(r.quantity) AS quantity,
        sum(r.billed) AS billed, sum(r.effective) AS effective, sum(r.list) AS list
    FROM charge r
    JOIN part p ON p.id = r.part_id
    JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    JOIN dim_bill b ON b.id = r.bill_id AND b.month = $1
    LEFT JOIN named n ON n.id = r.resource_id
    GROUP BY 1, 2, 3, 4, 5, 6, 7
    UNION ALL
    SELECT c.bill_id, c.account_id, c.day, c.item_id, c.tag_set_id, c.commitment_id, NULL, NULL, c.row_count, c.quantity,
        c.billed, c.effective, c.list
    FROM charge_daily c JOIN gone g ON g.delivery = c.delivery
    UNION ALL
    SELECT t.bill_id, t.account_id, t.day, t.item_id, t.tag_set_id, t.commitment_id, NULL,
        CASE sign WHEN 1 THEN t.custom END, sign * t.row_count, sign * t.quantity, sign * t.billed, sign * t.effective,
        sign * t.list
    FROM tagged_daily t JOIN gone g ON g.delivery = t.delivery CROSS JOIN (VALUES (-1), (1)) laid (sign)
    WHERE t.month = $1
), owned AS (
    SELECT s.account_id, s.day, {whose} AS customer
    FROM (SELECT DISTINCT h.account_id, h.day FROM held h) s
    JOIN dim_account w ON w.id = s.account_id
), told AS (
    SELECT o.customer, h.bill_id, h.account_id, h.item_id, h.commitment_id, to_char(h.day, 'YYYY-MM') AS used,
        CASE WHEN g.customer IS NOT NULL THEN h.tag_set_id ELSE 0 END AS tag_set_id,
        CASE WHEN g.customer IS NOT NULL THEN h.resource END AS resource,
        CASE WHEN g.customer IS NOT NULL THEN h.custom END AS custom, sum(h.row_count) AS row_count,
        sum(h.quantity) AS quantity, sum(h.billed) AS billed, sum(h.effective) AS effective, sum(h.list) AS list
    FROM held h
    JOIN owned o ON o.account_id = h.account_id AND o.day = h.day
    LEFT JOIN asking g ON g.customer = o.customer
    WHERE EXISTS (SELECT FROM invoice v WHERE v.month = $1 AND v.snapshot IS NOT NULL AND v.customer = o.customer)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
)
SELECT s.customer, b.provider, b.billing_account, a.sub_account, b.invoice_issuer, b.billing_entity, b.currency::text,
    i.service_code, i.service_name, i.usage_type, i.region, i.sku_id, i.unit, i.line_type, i.category, i.class,
    i.pricing_category, coalesce(c.value, ''), coalesce(t.tags::text, ''), coalesce(s.resource, ''),
    coalesce(s.custom::text, ''), CASE s.used WHEN $1 THEN '' ELSE s.used END, s.row_count::bigint,
    s.quantity::text, s.billed::text, s.effective::text, s.list::text
FROM told s
JOIN dim_bill b ON b.id = s.bill_id
JOIN dim_account a ON a.id = s.account_id
JOIN dim_item i ON i.id = s.item_id
LEFT JOIN dim_commitment c ON c.id = s.commitment_id
LEFT JOIN dim_tag_set t ON t.id = s.tag_set_id
ORDER BY s.customer
