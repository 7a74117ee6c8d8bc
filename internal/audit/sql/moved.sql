-- What benefit policies and shared costs moved to and from customers, in the month's order. $1 month
SELECT t.customer, t.kind, t.rule, t.taken, t.provider, t.billing_account, t.sub_account, t.invoice_issuer,
    t.billing_entity, t.currency::text, t.service_code, t.service_name, t.usage_type, t.category, t.class,
    t.commitment_id, t.charge_month, t.billed::text, t.effective::text
FROM transfer t
WHERE t.month = $1 AND t.side = 'customer'
ORDER BY t.ordinal
