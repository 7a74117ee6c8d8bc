-- Whose each row is, decided row by row from the assignments: the last owner of the row's month decides, by its
-- contract, whether the month or the day counts. $1 month
WITH sums AS (
    SELECT b.provider, b.billing_account, b.currency::text AS currency, r.account_id,
        (r.starts_at AT TIME ZONE 'UTC')::date AS day, sum(r.billed) AS billed, count(*) AS row_count
    FROM charge r
    JOIN part p ON p.id = r.part_id
    JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    JOIN dim_bill b ON b.id = r.bill_id AND b.month = $1
    GROUP BY p.delivery, b.id, r.account_id, (r.starts_at AT TIME ZONE 'UTC')::date, r.item_id, r.tag_set_id,
        r.commitment_id
    UNION ALL -- whose rows left the books: the days stand for them
    SELECT b.provider, b.billing_account, b.currency::text, c.account_id, c.day, c.billed, c.row_count
    FROM charge_daily c
    JOIN archived_days a ON a.delivery = c.delivery
    JOIN delivery d ON d.id = c.delivery AND d.state = 'sealed'
    JOIN dim_bill b ON b.id = c.bill_id AND b.month = $1
), spent AS (
    SELECT provider, billing_account, currency, account_id, day, sum(billed) AS billed, sum(row_count) AS row_count,
        sum(row_count) FILTER (WHERE billed <> 0) AS worth
    FROM sums
    GROUP BY provider, billing_account, currency, account_id, day
), owned AS (
    SELECT s.provider, s.billing_account, s.currency, s.billed, s.row_count, s.worth, {whose} AS customer
    FROM spent s JOIN dim_account w ON w.id = s.account_id
)
SELECT provider, billing_account, currency, coalesce(customer, ''), sum(billed)::text, sum(row_count)::bigint,
    coalesce(sum(worth), 0)::bigint
FROM owned
GROUP BY provider, billing_account, currency, customer
ORDER BY provider, billing_account, currency, customer
