-- What the looks at a source refused before it became a delivery: a file or a
-- manifest that cannot be read, two exports of one cost. No delivery tells of it.

CREATE TABLE look_refusal (
    source  text   NOT NULL,
    month   text   NOT NULL, -- that the look was for; empty is every month
    code    text   NOT NULL,
    times   bigint NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (source, month, code),
    CONSTRAINT refused_at_least_once CHECK (times > 0)
);

GRANT SELECT ON look_refusal TO magam_app, magam_audit;
GRANT INSERT, DELETE ON look_refusal TO magam_app;

ALTER TABLE alarm DROP CONSTRAINT kind_is_known;
ALTER TABLE alarm ADD CONSTRAINT kind_is_known
    CHECK (kind IN ('silent', 'held', 'refused', 'unread', 'rows', 'jump', 'quarantine'));
