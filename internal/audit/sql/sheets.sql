-- Rows of the sheets that decide what final documents come to, in every version that one of them was made from.
-- $1 month
SELECT r.sheet, r.import_id, r.cells
FROM (
    SELECT DISTINCT n.key AS sheet, n.value::bigint AS import_id
    FROM invoice i CROSS JOIN jsonb_each_text(i.master) n
    WHERE i.month = $1 AND i.snapshot IS NOT NULL
      AND n.key IN ('customers', 'prices', 'fees', 'plans', 'adjustments', 'tags', 'tax_rules', 'taxes', 'rates', 'holidays')
) v
JOIN master_row r ON r.sheet = v.sheet AND r.import_id = v.import_id
ORDER BY r.sheet, r.import_id, r.row_no
