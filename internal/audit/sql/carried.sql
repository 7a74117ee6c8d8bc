-- What the savings fees of the document before left to make up for, beside each final document: of the one that was final
-- when this one became so, where months were closed out of their order. $1 month
SELECT i.id, f ->> 'ID', f ->> 'Currency', f ->> 'CarriedOut'
FROM invoice i
CROSS JOIN LATERAL (
    SELECT coalesce(s.whole -> 'Months' -> -1, s.whole) -> 'Fees' AS fees FROM invoice e
    CROSS JOIN LATERAL (SELECT convert_from(e.snapshot, 'UTF8')::jsonb AS whole) s
    WHERE e.customer = i.customer AND e.provider = i.provider AND e.month < i.month AND e.snapshot IS NOT NULL
        AND e.corrects IS NULL AND coalesce(e.finalized_at <= i.finalized_at, true)
    ORDER BY e.month DESC LIMIT 1
) before
CROSS JOIN jsonb_array_elements(before.fees) f
WHERE i.month = $1 AND i.snapshot IS NOT NULL AND (f ->> 'CarriedOut')::numeric < 0
ORDER BY i.id
