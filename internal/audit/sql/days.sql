-- Days that are not what their rows add up to, by every id and every amount; of deliveries whose rows are in the
-- books. $1 month
WITH here AS (
    SELECT d.id FROM delivery d
    WHERE d.state = 'sealed'
      AND NOT EXISTS (SELECT FROM part p JOIN archived_part a ON a.part = p.id WHERE p.delivery = d.id)
), held AS (
    SELECT p.delivery, (r.starts_at AT TIME ZONE 'UTC')::date AS day, r.bill_id, r.account_id, r.item_id, r.tag_set_id,
        r.commitment_id, count(*) AS row_count, sum(r.quantity) AS quantity, sum(r.billed) AS billed,
        sum(r.effective) AS effective, sum(r.list) AS list, sum(r.contracted) AS contracted
    FROM charge r
    JOIN part p ON p.id = r.part_id
    JOIN here h ON h.id = p.delivery
    LEFT JOIN dim_bill b ON b.id = r.bill_id
    WHERE coalesce(b.month, $1) = $1
    GROUP BY 1, 2, 3, 4, 5, 6, 7
), days AS (
    SELECT c.delivery, c.day, c.bill_id, c.account_id, c.item_id, c.tag_set_id, c.commitment_id, sum(c.row_count) AS row_count,
        sum(c.quantity) AS quantity, sum(c.billed) AS billed, sum(c.effective) AS effective, sum(c.list) AS list,
        sum(c.contracted) AS contracted
    FROM charge_daily c
    JOIN here h ON h.id = c.delivery
    LEFT JOIN dim_bill b ON b.id = c.bill_id
    WHERE coalesce(b.month, $1) = $1
    GROUP BY 1, 2, 3, 4, 5, 6, 7
)
SELECT (SELECT count(*) FROM days),
    concat_ws(' ', 'delivery', coalesce(held.delivery, days.delivery), coalesce(held.day, days.day), 'bill',
        coalesce(held.bill_id, days.bill_id), 'account', coalesce(held.account_id, days.account_id), 'item',
        coalesce(held.item_id, days.item_id)),
    coalesce(concat_ws(' ', held.row_count, trim_scale(held.quantity), trim_scale(held.billed),
        trim_scale(held.effective), trim_scale(held.list), trim_scale(held.contracted)), ''),
    coalesce(concat_ws(' ', days.row_count, trim_scale(days.quantity), trim_scale(days.billed),
        trim_scale(days.effective), trim_scale(days.list), trim_scale(days.contracted)), '')
FROM held FULL JOIN days USING (delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id)
WHERE (held.row_count, held.quantity, held.billed, held.effective, held.list, held.contracted)
    IS DISTINCT FROM (days.row_count, days.quantity, days.billed, days.effective, days.list, days.contracted)
ORDER BY 2
LIMIT 100
