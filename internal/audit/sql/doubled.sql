-- Rows of a file that stand twice. Lines made of one row (a cost, its credits) differ in their item. $1 month
SELECT p.key, r.row_no, count(*)
FROM charge r
JOIN part p ON p.id = r.part_id
JOIN delivery d ON d.id = p.delivery AND d.state = 'sealed'
JOIN dim_bill b ON b.id = r.bill_id AND b.month = $1
GROUP BY p.key, r.part_id, r.row_no, r.item_id
HAVING count(*) > 1
ORDER BY p.key, r.row_no
LIMIT 100
