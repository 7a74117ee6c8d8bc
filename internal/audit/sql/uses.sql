-- What credits the books say each document used. $1 month
SELECT u.invoice_id, u.credit_id, u.currency, u.used::text, u.final, u.month
FROM credit_use u JOIN invoice i ON i.id = u.invoice_id
WHERE i.month = $1
ORDER BY u.invoice_id, u.credit_id, u.currency
