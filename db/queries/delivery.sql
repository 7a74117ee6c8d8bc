-- Deliveries and their parts, and who delivers.

-- name: lock_digest
-- $1 digest
SELECT pg_advisory_xact_lock(hashtextextended('delivery ' || $1, 0));

-- name: by_digest
-- $1 digest
SELECT id, state FROM delivery WHERE digest = $1 AND state <> 'refused'
ORDER BY id DESC LIMIT 1;

-- name: add
-- $1 source $2 format $3 scope $4 digest $5 kind of digest $6 location $7 month $8 as of
INSERT INTO delivery (source, format, scope, digest, digest_kind, location, month, provider_as_of)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id;

-- name: add_part
-- $1 delivery $2 ordinal $3 key $4 bytes $5 digest
INSERT INTO part (delivery, ordinal, key, bytes, digest) VALUES ($1, $2, $3, $4, $5);

-- name: move
-- $1 delivery $2 location
UPDATE delivery SET location = $2 WHERE id = $1;

-- name: move_part
-- $1 delivery $2 digest $3 key
UPDATE part SET key = $3 WHERE delivery = $1 AND digest = $2 AND loaded_at IS NULL;

-- name: parts
-- $1 delivery
SELECT id, key, bytes, loaded_at IS NOT NULL FROM part WHERE delivery = $1 ORDER BY ordinal;

-- name: refuse
-- $1 delivery $2 why
UPDATE delivery SET state = 'refused', refusal = $2 WHERE id = $1 AND state = 'loading';

-- name: forget_quarantined
-- $1 delivery
DELETE FROM quarantined_row WHERE part_id IN (SELECT id FROM part WHERE delivery = $1);

-- name: withdraw
-- $1 delivery
SELECT charge_withdraw($1);

-- name: sources
SELECT coalesce(cells ->> 'name', ''), coalesce(cells ->> 'provider', ''), coalesce(cells ->> 'format', 'auto'),
    coalesce(cells ->> 'url', ''), coalesce(cells ->> 'billing_account', ''), coalesce(cells ->> 'currency', ''),
    coalesce(cells ->> 'close_policy', '')
FROM master_row JOIN master_current
    ON master_current.sheet = master_row.sheet AND master_current.import_id = master_row.import_id
WHERE master_row.sheet = 'sources'
ORDER BY row_no;
