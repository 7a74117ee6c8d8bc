-- What shared costs took, beside the rows themselves and what a benefit policy had moved there, each row given to its
-- owner by the last owner of its month. $1 month
WITH taken AS (
    SELECT * FROM transfer WHERE month = $1 AND taken
), sealed AS (
    SELECT r.bill_id, r.account_id, r.item_id, r.commitment_id, (r.starts_at AT TIME ZONE 'UTC')::date AS day, r.billed
    FROM charge r
    JOIN part p ON p.id = r.part_id
    JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    UNION ALL -- whose rows left the books: the days stand for them
    SELECT c.bill_id, c.account_id, c.item_id, c.commitment_id, c.day, c.billed
    FROM charge_daily c
    JOIN archived_days a ON a.delivery = c.delivery
    JOIN delivery d ON d.id = c.delivery AND d.state = 'sealed'
), rows_there AS (
    SELECT t.ordinal, t.customer, r.account_id, r.day, sum(r.billed) AS billed
    FROM taken t
    JOIN dim_bill b ON b.month = $1 AND b.provider = t.provider AND b.billing_account = t.billing_account
        AND b.currency = t.currency AND b.invoice_issuer = t.invoice_issuer AND b.billing_entity = t.billing_entity
    JOIN dim_account w ON w.provider = t.provider AND w.sub_account = t.sub_account
    JOIN sealed r ON r.bill_id = b.id AND r.account_id = w.id
        AND to_char(r.day, 'YYYY-MM') = coalesce(nullif(t.charge_month, ''), $1)
    JOIN dim_item i ON i.id = r.item_id AND i.service_code = t.service_code AND i.category = t.category
        AND i.class = t.class AND (i.service_code <> '' OR i.service_name = t.service_name)
    LEFT JOIN dim_commitment c ON c.id = r.commitment_id
    WHERE coalesce(c.value, '') = t.commitment_id AND t.usage_type = ''
    GROUP BY t.ordinal, t.customer, r.account_id, r.day
), owned AS (
    SELECT s.ordinal, s.customer, s.billed, coalesce({whose}, '') AS owner
    FROM rows_there s JOIN dim_account w ON w.id = s.account_id
)
SELECT t.ordinal, t.rule || ' from account ' || t.sub_account || ' ' || t.service_code, (-t.billed)::text, (
        coalesce((SELECT sum(o.billed) FROM owned o WHERE o.ordinal = t.ordinal AND o.owner = t.customer), 0) +
        coalesce((SELECT sum(n.billed) FROM transfer n WHERE n.month = $1 AND n.kind = 'benefit'
            AND t.usage_type <> '' AND n.commitment_id = t.commitment_id
            AND n.customer = t.customer AND n.side = t.side AND n.provider = t.provider
            AND n.billing_account = t.billing_account AND n.currency = t.currency AND n.sub_account = t.sub_account
            AND n.service_code = t.service_code AND (n.service_code <> '' OR n.service_name = t.service_name)
            AND n.category = t.category
            AND n.invoice_issuer = t.invoice_issuer AND n.billing_entity = t.billing_entity), 0)
    )::text
FROM taken t
ORDER BY t.ordinal
