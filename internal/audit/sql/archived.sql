-- Deliveries whose rows left the books: bill by bill what the rows came to, and what the days that stayed come to.
-- $1 month
SELECT coalesce(t.delivery, c.delivery), coalesce(t.bill_id, c.bill_id),
    coalesce(t.sums, 'none'), coalesce(c.sums, 'none')
FROM (
    SELECT p.delivery, t.bill_id, concat_ws(' ', sum(t.row_count), trim_scale(sum(t.quantity)), trim_scale(sum(t.billed)),
        trim_scale(sum(t.effective)), trim_scale(sum(t.list)), trim_scale(sum(t.contracted))) AS sums
    FROM archived_total t JOIN part p ON p.id = t.part
    JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    WHERE EXISTS (SELECT FROM delivery_total o WHERE o.delivery = d.id AND o.month = $1)
    GROUP BY p.delivery, t.bill_id
) t
FULL JOIN (
    SELECT c.delivery, c.bill_id, concat_ws(' ', sum(c.row_count), trim_scale(sum(c.quantity)), trim_scale(sum(c.billed)),
        trim_scale(sum(c.effective)), trim_scale(sum(c.list)), trim_scale(sum(c.contracted))) AS sums
    FROM charge_daily c
    JOIN archived_days a ON a.delivery = c.delivery
    JOIN delivery d ON d.id = c.delivery AND d.state = 'sealed'
    WHERE EXISTS (SELECT FROM delivery_total o WHERE o.delivery = d.id AND o.month = $1)
    GROUP BY c.delivery, c.bill_id
) c ON c.delivery = t.delivery AND c.bill_id = t.bill_id
ORDER BY 1, 2
