-- What policies and shared costs moved, entry by entry. $1 month
SELECT ordinal, kind, rule, CASE kind WHEN 'benefit' THEN commitment_id ELSE '' END, provider, billing_account, currency,
    side, customer, billed::text, effective::text
FROM transfer WHERE month = $1
ORDER BY ordinal
