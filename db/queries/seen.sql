-- What was seen of the files at each place.

-- name: recall
-- $1 location $2 keys
SELECT key, mark, digest FROM seen_file WHERE location = $1 AND key = ANY ($2::text[])
ORDER BY key;

-- name: remember
-- $1 location $2 keys $3 marks $4 digests
INSERT INTO seen_file (location, key, mark, digest)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
ON CONFLICT (location, key) DO UPDATE SET mark = excluded.mark, digest = excluded.digest, seen_at = now();

-- name: forget
-- $1 location $2 keys that are still there
DELETE FROM seen_file WHERE location = $1 AND NOT key = ANY ($2::text[]);

-- name: settle_refused
-- What earlier looks refused, of which this one tells anew. $1 source $2 month, empty for every month
DELETE FROM look_refusal WHERE source = $1 AND ($2 = '' OR month IN ('', $2));

-- name: note_refused
-- $1 source $2 month $3 codes $4 how often each
INSERT INTO look_refusal (source, month, code, times)
SELECT $1, $2, * FROM unnest($3::text[], $4::bigint[])
ON CONFLICT (source, month, code) DO NOTHING; -- another look at the same time saw the same

-- name: last_sealed
-- The newest published delivery of each source.
SELECT source, max(sealed_at), coalesce(max(provider_as_of), max(sealed_at)) FROM delivery
WHERE state = 'sealed'
GROUP BY source
ORDER BY source;
