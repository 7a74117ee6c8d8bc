-- Of deliveries whose rows left the books: how many days there were and are, their print then and now, and the rows of
-- all parts as they were counted and as they came to. $1 month
SELECT a.delivery, a.day_rows, a.print::text, now.day_rows, now.print::text,
    (SELECT coalesce(sum(x.row_count), 0) FROM archived_part x JOIN part p ON p.id = x.part WHERE p.delivery = a.delivery)::bigint,
    (SELECT coalesce(sum(x.row_count), 0) FROM archived_total x JOIN part p ON p.id = x.part WHERE p.delivery = a.delivery)::bigint
FROM archived_days a
JOIN delivery d ON d.id = a.delivery AND d.state = 'sealed'
CROSS JOIN LATERAL (
    SELECT count(*) AS day_rows, coalesce(sum(('x' || left(md5(array_to_string(ARRAY[to_char(c.day, 'YYYY-MM-DD'),
        c.bill_id::text, c.account_id::text, c.item_id::text, c.tag_set_id::text, c.commitment_id::text,
        c.row_count::text, trim_scale(c.quantity)::text, trim_scale(c.billed)::text, trim_scale(c.effective)::text,
        trim_scale(c.list)::text, trim_scale(c.contracted)::text], '|')), 15))::bit(60)::bigint::numeric), 0) AS print
    FROM charge_daily c WHERE c.delivery = a.delivery
) now
WHERE EXISTS (SELECT FROM delivery_total o WHERE o.delivery = d.id AND o.month = $1)
ORDER BY a.delivery
