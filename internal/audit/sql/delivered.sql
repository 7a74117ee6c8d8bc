-- What each part's rows add up to, in the books or when they left them, and what its reader counted in the file. Costs
-- that an older count does not state are not compared. $1 month
SELECT p.id, p.key, s.side, s.currency, sum(s.row_count)::bigint, sum(s.billed)::text,
    coalesce(sum(s.effective)::text, ''), coalesce(sum(s.list)::text, ''), coalesce(sum(s.contracted)::text, '')
FROM delivery d
JOIN part p ON p.delivery = d.id
CROSS JOIN LATERAL (
    SELECT 'held' AS side, b.currency::text AS currency, count(*) AS row_count, sum(r.billed) AS billed,
        sum(r.effective) AS effective, sum(r.list) AS list, sum(r.contracted) AS contracted
    FROM charge r JOIN dim_bill b ON b.id = r.bill_id
    WHERE r.part_id = p.id AND b.month = $1
    GROUP BY b.currency
    UNION ALL
    SELECT 'held', b.currency::text, t.row_count, t.billed, t.effective, t.list, t.contracted
    FROM archived_total t JOIN dim_bill b ON b.id = t.bill_id
    WHERE t.part = p.id AND b.month = $1
    UNION ALL
    SELECT 'held', coalesce(nullif(q.currency, ''), 'XXX'), 1, coalesce(q.billed, 0), coalesce(q.effective, 0),
        coalesce(q.list, 0), coalesce(q.contracted, 0)
    FROM quarantined_row q WHERE q.part_id = p.id AND q.month = $1
    UNION ALL
    SELECT 'counted', t ->> 'currency', (t ->> 'rows')::bigint, (t ->> 'billed')::numeric,
        (t ->> 'effective')::numeric, (t ->> 'list')::numeric, (t ->> 'contracted')::numeric
    FROM jsonb_array_elements(p.control) t WHERE t ->> 'month' = $1
) s
WHERE d.state = 'sealed'
GROUP BY p.id, p.key, s.side, s.currency
ORDER BY p.id, s.currency, s.side
