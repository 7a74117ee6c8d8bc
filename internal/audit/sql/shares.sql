-- What documents say they took, and what the proof says nobody owns. $1 month
SELECT h.provider, h.billing_account, h.currency, i.customer, h.assigned::text, h.retained::text, h.row_count
FROM invoice_share h JOIN invoice i ON i.id = h.invoice_id
WHERE i.month = $1 AND i.corrects IS NULL
ORDER BY h.provider, h.billing_account, h.currency, i.customer
