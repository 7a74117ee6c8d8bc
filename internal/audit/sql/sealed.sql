-- The bill per payer from the rows themselves, or what they came to when they left the books, and from the days that
-- closes read. $1 month
SELECT provider, billing_account, currency, side, sum(row_count)::bigint, sum(billed)::text
FROM (
    SELECT b.provider, b.billing_account, b.currency, 'rows' AS side, count(*) AS row_count, sum(r.billed) AS billed
    FROM charge r
    JOIN part p ON p.id = r.part_id
    JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    JOIN dim_bill b ON b.id = r.bill_id AND b.month = $1
    GROUP BY b.provider, b.billing_account, b.currency
    UNION ALL
    SELECT b.provider, b.billing_account, b.currency, 'rows', sum(t.row_count), sum(t.billed)
    FROM archived_total t
    JOIN part p ON p.id = t.part
    JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    JOIN dim_bill b ON b.id = t.bill_id AND b.month = $1
    GROUP BY b.provider, b.billing_account, b.currency
    UNION ALL
    SELECT b.provider, b.billing_account, b.currency, 'days', sum(c.row_count), sum(c.billed)
    FROM charge_daily c
    JOIN delivery d ON d.id = c.delivery AND d.state = 'sealed'
    JOIN dim_bill b ON b.id = c.bill_id AND b.month = $1
    GROUP BY b.provider, b.billing_account, b.currency
) sides
GROUP BY provider, billing_account, currency, side
ORDER BY provider, billing_account, currency, side
