Tags of a month.

-- name: unread_sets
-- Distinct tag sets that no month has normalized yet. $1 after this id, $2 limit
SELECT id, value FROM dim_tag_set WHERE tags IS NULL AND id > $1 ORDER BY id LIMIT $2

-- name: write_sets
-- $1 ids, $2 normalized
UPDATE dim_tag_set s SET tags = n.tags::jsonb
FROM unnest($1::int[], $2::text[]) AS n (id, tags)
WHERE s.id = n.id

-- name: lock_month
-- $1 month
SELECT pg_advisory_xact_lock(hashtext('tags of ' || $1))

-- name: clear_month
-- $1 month
DELETE FROM resource_tag WHERE month = $1

-- name: lay_custom
-- Custom tags as they stand in the month: per key the newest row in force; an empty value takes the tag away.
-- $1 month
INSERT INTO resource_tag (month, provider, service, resource_id, tags)
SELECT $1, t.provider, t.service, r.id, jsonb_object_agg(t.key, t.value ORDER BY t.key)
FROM (
    SELECT DISTINCT ON (provider, service, resource_id, key) provider, service, resource_id, key, value
    FROM custom_tag
    WHERE from_month <= $1
    ORDER BY provider, service, resource_id, key, from_month DESC
) t
JOIN dim_resource r ON r.value = t.resource_id
WHERE t.value <> ''
GROUP BY t.provider, t.service, r.id

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
INSERT INTO tag_month (month, tag_sets, custom_tags, digest) VALUES ($1, $2, $3, $4)
ON CONFLICT (month) DO UPDATE SET applied_at = now(), tag_sets = $2, custom_tags = $3, digest = $4
