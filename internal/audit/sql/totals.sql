-- What was kept of each delivery's month, beside its days and what was set aside of it. $1 month
SELECT coalesce(k.delivery, n.delivery), coalesce(k.currency, n.currency) || ' ' || coalesce(k.state, n.state),
    coalesce(concat_ws(' ', k.row_count, trim_scale(k.billed), trim_scale(k.effective), trim_scale(k.list),
        trim_scale(k.contracted)), 'none'),
    coalesce(concat_ws(' ', n.row_count, trim_scale(n.billed), trim_scale(n.effective), trim_scale(n.list),
        trim_scale(n.contracted)), 'none')
FROM (
    SELECT t.* FROM delivery_total t JOIN delivery d ON d.id = t.delivery AND d.state = 'sealed' WHERE t.month = $1
) k
FULL JOIN (
    SELECT c.delivery, b.currency::text AS currency, 'sealed' AS state, sum(c.row_count) AS row_count,
        sum(c.billed) AS billed, sum(c.effective) AS effective, sum(c.list) AS list, sum(c.contracted) AS contracted
    FROM charge_daily c JOIN dim_bill b ON b.id = c.bill_id AND b.month = $1
    JOIN delivery d ON d.id = c.delivery AND d.state = 'sealed'
    GROUP BY c.delivery, b.currency
    UNION ALL
    SELECT p.delivery, coalesce(nullif(q.currency, ''), 'XXX'), 'quarantined', count(*), sum(coalesce(q.billed, 0)),
        sum(coalesce(q.effective, 0)), sum(coalesce(q.list, 0)), sum(coalesce(q.contracted, 0))
    FROM quarantined_row q JOIN part p ON p.id = q.part_id JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
    WHERE coalesce(nullif(q.month, ''), (SELECT min(b.month) FROM charge_daily c JOIN dim_bill b ON b.id = c.bill_id
        WHERE c.delivery = d.id)) = $1
    GROUP BY p.delivery, coalesce(nullif(q.currency, ''), 'XXX')
) n ON n.delivery = k.delivery AND n.currency = k.currency AND n.state = k.state
ORDER BY 1, 2
