-- Which version of each sheet the final documents were made from. $1 month
SELECT i.id, n.key, n.value::bigint
FROM invoice i CROSS JOIN jsonb_each_text(i.master) n
WHERE i.month = $1 AND i.snapshot IS NOT NULL
ORDER BY i.id, n.key
