-- What each document took of the bill. $1 month
SELECT h.invoice_id, h.provider, h.billing_account, h.currency, h.assigned::text, h.retained::text
FROM invoice_share h JOIN invoice i ON i.id = h.invoice_id
WHERE i.month = $1 AND i.corrects IS NULL
ORDER BY h.invoice_id, h.provider, h.billing_account, h.currency
