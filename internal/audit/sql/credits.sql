-- What each credit gave in final documents and did not get back, beside what the credits sheet grants.
SELECT t.credit_id, t.customer, sum(t.used)::text, coalesce(max(m.cells ->> 'amount'), '')
FROM (
    SELECT credit_id, customer, used FROM credit_use WHERE final
    UNION ALL
    SELECT credit_id, customer, -amount FROM credit_entry WHERE kind = 'return'
) t
LEFT JOIN (master_row m JOIN master_current c ON c.sheet = m.sheet AND c.import_id = m.import_id)
    ON m.sheet = 'credits' AND m.cells ->> 'id' = t.credit_id
GROUP BY t.credit_id, t.customer
ORDER BY t.credit_id, t.customer
