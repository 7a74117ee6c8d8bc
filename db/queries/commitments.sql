-- Which commitments were flagged, on which rung of the ladder, and mailed when.

-- name: note
-- $1 commitment ids, $2 their last days, $3 rungs, $4 today
INSERT INTO commitment_notice (commitment_id, ends_on, rung, noticed_on)
SELECT id, ends_on, rung, $4::date
FROM unnest($1::text[], $2::date[], $3::int[]) AS reached (id, ends_on, rung)
ON CONFLICT (commitment_id, ends_on, rung) DO NOTHING

-- name: noticed_on
-- $1 day
SELECT commitment_id, ends_on, rung, mailed_at IS NOT NULL
FROM commitment_notice
WHERE noticed_on = $1::date
ORDER BY ends_on, commitment_id, rung

-- name: mark_mailed
-- $1 commitment ids, $2 day
UPDATE commitment_notice SET mailed_at = now()
WHERE commitment_id = ANY ($1::text[]) AND noticed_on = $2::date AND mailed_at IS NULL
