-- Rows set aside of the month: how each stands, and how many people accepted it since it was last rejected. $1 month
SELECT q.id, q.state, (
        SELECT count(DISTINCT w.said_by) FROM quarantine_word w
        WHERE w.row_id = q.id AND w.verdict = 'accept' AND w.id > coalesce((
            SELECT max(n.id) FROM quarantine_word n WHERE n.row_id = q.id AND n.verdict = 'reject'), 0)),
    coalesce(b.state, 'open')
FROM quarantined_row q
JOIN part p ON p.id = q.part_id
JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
LEFT JOIN billing_period b ON b.month = $1
WHERE q.month = $1 AND (q.billed IS NULL OR q.billed <> 0)
ORDER BY q.id
