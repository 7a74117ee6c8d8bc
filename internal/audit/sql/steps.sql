-- The month's steps as they were written, and whether the month has ended. $1 month
SELECT provider, billing_account, source, currency, ordinal, step, amounts, delta::text, after::text
FROM proof_step WHERE month = $1
ORDER BY provider, billing_account, source, currency, ordinal
