-- Rows of nobody that are worth something, and rows set aside that nobody signed off, beside what the proof counts.
-- The days decide what is worth something, as they did then. $1 month
SELECT 'aside', q.provider, '', coalesce(nullif(q.currency, ''), 'XXX'), count(*)::bigint
FROM quarantined_row q JOIN part p ON p.id = q.part_id JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
WHERE q.state IN ('open', 'rejected')
  AND (q.billed IS NULL OR q.billed <> 0 OR coalesce(q.effective, 0) <> 0 OR q.code = 'E_NUMBER')
  AND coalesce(nullif(q.month, ''), (SELECT min(b.month) FROM charge_daily c JOIN dim_bill b ON b.id = c.bill_id
        WHERE c.delivery = d.id), nullif(d.month, ''), d.scope) = $1
GROUP BY q.provider, coalesce(nullif(q.currency, ''), 'XXX')
UNION ALL
SELECT 'moved', t.provider, t.billing_account, t.currency, sum(t.row_count)::bigint
FROM transfer t WHERE t.month = $1 AND t.side = 'unassigned'
GROUP BY t.provider, t.billing_account, t.currency
UNION ALL
SELECT 'proved rows', provider, billing_account, currency, undecided_rows FROM proof WHERE month = $1
UNION ALL
SELECT 'proved aside', provider, billing_account, currency, undecided_aside FROM proof
WHERE month = $1 AND undecided_aside <> 0
ORDER BY 1, 2, 3, 4
