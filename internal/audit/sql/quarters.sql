-- Months that documents of this month bill, oldest first, with the number of each; and months of this month that wait,
-- without one, although a later document of their quarter has its number. $1 month
SELECT d.customer || ' ' || d.provider || ' ' || d.month, q.number, d.digest, d.month
FROM quarter_month m
JOIN invoice q ON q.id = m.quarter
JOIN invoice d ON d.id = m.deferred
WHERE q.month = $1
UNION ALL
SELECT d.customer || ' ' || d.provider || ' ' || d.month, '', d.digest, d.month
FROM invoice d
WHERE d.month = $1 AND d.state = 'deferred'
    AND NOT EXISTS (SELECT FROM quarter_month m WHERE m.deferred = d.id)
    AND EXISTS (SELECT FROM invoice q
        WHERE q.customer = d.customer AND q.provider = d.provider AND q.number IS NOT NULL AND q.month > d.month
            AND date_trunc('quarter', (q.month || '-01')::date) = date_trunc('quarter', (d.month || '-01')::date))
ORDER BY 4, 1
