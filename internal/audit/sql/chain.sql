-- The audit log in order, with every field that a row's hash covers.
SELECT seq, to_char(happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), actor, action, subject,
    detail::text, prev_hash, hash
FROM audit_log
ORDER BY seq
