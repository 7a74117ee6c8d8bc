-- $1 month
SELECT count(*)::int FROM billing_period WHERE month = $1 AND state LIKE 'closed%'
