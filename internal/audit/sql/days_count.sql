-- $1 month
SELECT count(*) FROM charge_daily c JOIN dim_bill b ON b.id = c.bill_id AND b.month = $1
