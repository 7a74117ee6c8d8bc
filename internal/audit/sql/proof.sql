-- The month's proof as it was written. $1 month
SELECT provider, billing_account, currency, delivered::text, sealed::text, quarantined::text, assigned::text,
    retained::text, unassigned::text
FROM proof WHERE month = $1
ORDER BY provider, billing_account, currency
