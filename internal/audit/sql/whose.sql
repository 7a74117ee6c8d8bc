-- Whose the account w was on the day s.day: the last owner of the day's month decides, by its contract, whether the
-- month or the day counts. Other statements name this one. $1 month
(
        SELECT CASE WHEN EXISTS (
            SELECT FROM master_row m JOIN master_current c ON c.sheet = m.sheet AND c.import_id = m.import_id
            WHERE m.sheet = 'customers' AND m.cells ->> 'code' = last.customer AND m.cells ->> 'move_policy' = 'by-day'
              AND coalesce(m.cells ->> 'from', '') <= $1 AND coalesce(nullif(m.cells ->> 'to', ''), $1) >= $1
        ) THEN (
            SELECT a.customer FROM account_assignment a
            WHERE a.provider = w.provider AND a.sub_account = w.sub_account AND a.valid @> s.day
        ) ELSE last.customer END
        FROM (
            SELECT a.customer FROM account_assignment a
            WHERE a.provider = w.provider AND a.sub_account = w.sub_account
              AND (lower(a.valid) IS NULL OR to_char(lower(a.valid), 'YYYY-MM') <= to_char(s.day, 'YYYY-MM'))
              AND (upper(a.valid) IS NULL OR to_char(upper(a.valid) - 1, 'YYYY-MM') >= to_char(s.day, 'YYYY-MM'))
            ORDER BY lower(a.valid) DESC NULLS LAST LIMIT 1
        ) last
    )
