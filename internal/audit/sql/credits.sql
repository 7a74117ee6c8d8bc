-- What each credit gave in final documents, beside what the credits sheet grants.
SELECT u.credit_id, u.customer, sum(u.used)::text, coalesce(max(m.cells ->> 'amount'), '')
FROM credit_use u
LEFT JOIN (master_row m JOIN master_current c ON c.sheet = m.sheet AND c.import_id = m.import_id)
    ON m.sheet = 'credits' AND m.cells ->> 'id' = u.credit_id
WHERE u.final
GROUP BY u.credit_id, u.customer
ORDER BY u.credit_id, u.customer
