-- Who bills each account, by the rows or, where they left the books, by the days. $1 month
SELECT b.provider, w.sub_account, b.currency, string_agg(DISTINCT b.billing_account, ' ' ORDER BY b.billing_account)
FROM (
    SELECT DISTINCT c.bill_id, c.account_id FROM charge_daily c JOIN delivery d ON d.id = c.delivery AND d.state = 'sealed'
) s
JOIN dim_bill b ON b.id = s.bill_id AND b.month = $1
JOIN dim_account w ON w.id = s.account_id
GROUP BY b.provider, w.sub_account, b.currency
ORDER BY 1, 2, 3
