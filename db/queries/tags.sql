Tags of a month.

-- name: unread_sets
-- Distinct tag sets that no month has normalized yet. $1 after this id, $2 limit
SELECT id, value FROM dim_tag_set WHERE tags IS NULL AND id > $1 ORDER BY id LIMIT $2

-- name: write_sets
-- $1 ids, $2 normalized
UPDATE dim_tag_set s SET tags = n.tags::jsonb
FROM unnest($1::int[], $2::text[]) AS n (id, tags)
WHERE s.id = n.id AND s.tags IS NULL

-- name: fresh
-- Whether a month's tags were laid over what is published now. $1 month
SELECT EXISTS (SELECT FROM tag_month WHERE month = $1::text AND basis = tag_basis($1::text))

-- name: archived
-- Published deliveries of a month whose rows left the books: where tags lie over resources, nobody can lay them anew.
-- $1 month
SELECT coalesce(string_agg(d.id::text, ', ' ORDER BY d.id), '')
FROM delivery d
JOIN archived_days a ON a.delivery = d.id
WHERE d.state = 'sealed'
  AND EXISTS (SELECT FROM delivery_total t WHERE t.delivery = d.id AND t.month = $1::text AND t.state = 'sealed')
  AND (EXISTS (SELECT FROM tagged_daily l WHERE l.month = $1::text) OR EXISTS (SELECT FROM custom_tag_in($1::text)))

-- name: standing
-- $1 month
SELECT tag_sets, custom_tags FROM tag_month WHERE month = $1

-- name: lock_month
-- The month's row is the lock. Who finds it taken starts over, and then sees what the other did. $1 month
INSERT INTO tag_month (month, tag_sets, custom_tags, digest) VALUES ($1, 0, 0, '')
ON CONFLICT (month) DO UPDATE SET basis = ''

-- name: clear_month
-- $1 month
WITH charges AS (DELETE FROM tagged_daily WHERE month = $1)
DELETE FROM resource_tag WHERE month = $1

-- name: lay_custom
-- $1 month
INSERT INTO resource_tag (month, provider, service, resource_id, tags)
SELECT $1::text, t.provider, t.service, r.id, jsonb_object_agg(t.key, t.value ORDER BY t.key)
FROM custom_tag_in($1::text) t
JOIN dim_resource r ON r.value = t.resource_id
GROUP BY t.provider, t.service, r.id

-- name: lay_charges
-- What the charges of those resources add up to, read from the rows themselves: the days that closes read name
-- no resource. A service is named by its code or, where no row names the code, by its name.
-- $1 month, $2 parts, by value so that tables of other deliveries are not even opened
INSERT INTO tagged_daily (month, delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id, custom,
    row_count, quantity, billed, effective, list, contracted)
WITH carried AS MATERIALIZED (
    SELECT c.part_id, (c.starts_at AT TIME ZONE 'UTC')::date AS day, c.bill_id, c.account_id, c.item_id, c.tag_set_id,
        c.commitment_id, c.resource_id, count(*) AS row_count, sum(c.quantity) AS quantity, sum(c.billed) AS billed,
        sum(c.effective) AS effective, sum(c.list) AS list, sum(c.contracted) AS contracted
    FROM charge c
    JOIN (SELECT DISTINCT t.resource_id FROM resource_tag t WHERE t.month = $1::text) r ON r.resource_id = c.resource_id
    WHERE c.part_id = ANY ($2::bigint[])
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), kind AS MATERIALIZED (
    SELECT DISTINCT d.resource_id, d.item_id, d.bill_id FROM carried d
), laid AS MATERIALIZED (
    SELECT k.resource_id, k.item_id, k.bill_id, jsonb_object_agg(e.key, e.value ORDER BY t.service = i.service_code) AS tags
    FROM kind k
    JOIN dim_bill b ON b.id = k.bill_id AND b.month = $1::text
    JOIN dim_item i ON i.id = k.item_id
    JOIN resource_tag t ON t.resource_id = k.resource_id AND t.month = $1::text AND t.provider = b.provider
        AND t.service IN (i.service_code, i.service_name)
    CROSS JOIN jsonb_each_text(t.tags) e
    GROUP BY k.resource_id, k.item_id, k.bill_id
)
SELECT $1::text, p.delivery, d.day, d.bill_id, d.account_id, d.item_id, d.tag_set_id, d.commitment_id, x.tags,
    sum(d.row_count), sum(d.quantity), sum(d.billed), sum(d.effective), sum(d.list), sum(d.contracted)
FROM carried d
JOIN part p ON p.id = d.part_id
JOIN laid x ON x.resource_id = d.resource_id AND x.item_id = d.item_id AND x.bill_id = d.bill_id
GROUP BY p.delivery, d.day, d.bill_id, d.account_id, d.item_id, d.tag_set_id, d.commitment_id, x.tags

-- name: laid
SELECT tags_laid()

-- name: count_sets
-- Tag sets that charges of the month carry. $1 month
SELECT count(DISTINCT d.tag_set_id)
FROM charge_daily d JOIN dim_bill b ON b.id = d.bill_id
WHERE b.month = $1 AND d.tag_set_id <> 0

-- name: digest
-- $1 month
SELECT encode(sha256(convert_to(coalesce(string_agg(
    octet_length(line) || ':' || line, '' ORDER BY line COLLATE "C"), ''), 'UTF8')), 'hex'), count(*)
FROM (
    SELECT jsonb_build_array(t.provider, t.service, r.value, t.tags)::text AS line
    FROM resource_tag t JOIN dim_resource r ON r.id = t.resource_id
    WHERE t.month = $1
) lines

-- name: write_month
-- $1 month, $2 tag sets, $3 custom tags, $4 digest
INSERT INTO tag_month (month, tag_sets, custom_tags, digest, basis) VALUES ($1::text, $2, $3, $4, tag_basis($1::text))
ON CONFLICT (month) DO UPDATE SET applied_at = now(), tag_sets = $2, custom_tags = $3, digest = $4,
    basis = tag_basis($1::text)

-- name: keys
-- Which keys a month's charges carry: with the provider's tags, per distinct set, and with ours, per resource.
-- $1 month
SELECT k.key, 'provider', count(DISTINCT k.value), count(DISTINCT s.id), 0::bigint
FROM (
    SELECT DISTINCT d.tag_set_id FROM charge_daily d
    JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1::text
    JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
) c
JOIN dim_tag_set s ON s.id = c.tag_set_id
CROSS JOIN jsonb_each_text(s.tags) k
GROUP BY k.key
UNION ALL
SELECT k.key, 'custom', count(DISTINCT k.value), 0::bigint, count(DISTINCT t.resource_id)
FROM resource_tag t CROSS JOIN jsonb_each_text(t.tags) k
WHERE t.month = $1::text
GROUP BY k.key
ORDER BY 1, 2

-- name: costs
-- A month's cost by the value of one tag; charges without it have no value.
-- $1 month, $2 key, $3 whose tags: provider, custom, or both, of which ours win
SELECT coalesce(CASE $3 WHEN 'provider' THEN t.tags ->> $2 WHEN 'custom' THEN d.custom ->> $2
        ELSE coalesce(d.custom ->> $2, t.tags ->> $2) END, '') AS value,
    b.currency::text, sum(d.row_count)::bigint, sum(d.billed)::text, sum(d.effective)::text, sum(d.list)::text
FROM (
    SELECT delivery, bill_id, tag_set_id, NULL::jsonb AS custom, row_count, billed::numeric AS billed,
        effective::numeric AS effective, list::numeric AS list
    FROM charge_daily
    UNION ALL
    SELECT delivery, bill_id, tag_set_id, NULL, -row_count, -billed, -effective, -list
    FROM tagged_daily WHERE month = $1::text
    UNION ALL
    SELECT delivery, bill_id, tag_set_id, custom, row_count, billed, effective, list
    FROM tagged_daily WHERE month = $1::text
) d
JOIN dim_bill b ON b.id = d.bill_id AND b.month = $1::text
JOIN delivery v ON v.id = d.delivery AND v.state = 'sealed'
LEFT JOIN dim_tag_set t ON t.id = d.tag_set_id
GROUP BY 1, 2
HAVING sum(d.row_count) <> 0
ORDER BY 2, 1
