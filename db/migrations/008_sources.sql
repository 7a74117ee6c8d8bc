-- What was seen of the files at each place, so that a look at an unchanged
-- export reads none of them again.

CREATE TABLE seen_file (
    location text NOT NULL, -- URL of the place, without credentials
    key      text NOT NULL, -- path in it
    mark     text NOT NULL, -- all that its store says of its version: size, time, ETag or the like
    digest   text NOT NULL, -- sha256 of its bytes
    seen_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (location, key),
    CONSTRAINT marked_files_only CHECK (mark <> ''),
    CONSTRAINT digest_is_sha256  CHECK (digest ~ '^[0-9a-f]{64}$')
);

GRANT SELECT ON seen_file TO magam_app, magam_audit;
GRANT INSERT, UPDATE, DELETE ON seen_file TO magam_app;

-- Files without a manifest are one delivery a month: a folder that holds every
-- month's file must not give up October when November comes. What is sealed
-- already gets the month that it begins with into its scope.
UPDATE delivery SET scope = regexp_replace(scope, '( #[0-9]+)?$', ' ' || first.month || '\1')
FROM (SELECT delivery, min(month) AS month FROM delivery_total GROUP BY delivery) AS first
WHERE first.delivery = delivery.id AND digest_kind = 'files' AND scope LIKE 'files %';
