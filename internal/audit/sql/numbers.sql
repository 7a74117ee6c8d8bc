-- Every series with the numbers that documents carry, of the years that the month is in. $1 month
SELECT s.issuer, s.series, s.last_no,
    ARRAY(SELECT i.number FROM invoice i
        WHERE i.issuer = s.issuer AND i.number LIKE s.series || '-%' ORDER BY i.number COLLATE "C")
FROM invoice_series s
WHERE right(s.series, 4) = left($1, 4)
ORDER BY s.issuer, s.series
