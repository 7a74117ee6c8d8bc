-- The month's report to finance: what it says is frozen, its files are kept by
-- content, and its mails have a ledger of their own. No customer's document and no
-- customer's mail is in any of these tables.

CREATE TABLE month_report (
    month    billing_month NOT NULL,
    edition  int           NOT NULL, -- 1.. : a month that changes is reported anew
    basis    text          NOT NULL, -- digest of what makes two reports the same one
    content  bytea         NOT NULL, -- canonical JSON
    digest   text          NOT NULL, -- sha256 of content
    made_at  timestamptz   NOT NULL DEFAULT now(),
    PRIMARY KEY (month, edition),
    CONSTRAINT editions_count_from_one CHECK (edition > 0)
);

CREATE TABLE month_report_file (
    month     billing_month NOT NULL,
    edition   int           NOT NULL,
    kind      text          NOT NULL, -- report-pdf, margin-xlsx
    language  text          NOT NULL,
    file_name text          NOT NULL,
    sha256    text          NOT NULL,
    bytes     bigint        NOT NULL,
    key       text          NOT NULL, -- in the blob store
    PRIMARY KEY (month, edition, kind, language),
    FOREIGN KEY (month, edition) REFERENCES month_report
);

-- One mail per person of finance and edition.
CREATE TABLE month_report_mail (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    month       billing_month NOT NULL,
    edition     int    NOT NULL,
    person      text   NOT NULL, -- a code of the people sheet
    recipient   text   NOT NULL, -- address
    language    text   NOT NULL,
    message_id  text   NOT NULL,
    mime_sha256 text   NOT NULL DEFAULT '',
    mime_key    text   NOT NULL DEFAULT '',
    state       text   NOT NULL DEFAULT 'pending',
    fence       bigint NOT NULL DEFAULT 0,
    lease_until timestamptz,
    attempts    int    NOT NULL DEFAULT 0,
    ambiguous   int    NOT NULL DEFAULT 0,
    last_reply  text   NOT NULL DEFAULT '',
    sent_at     timestamptz,
    UNIQUE (month, edition, person),
    FOREIGN KEY (month, edition) REFERENCES month_report,
    CONSTRAINT state_is_known  CHECK (state IN ('pending', 'sending', 'dot', 'sent', 'failed', 'unknown', 'held')),
    CONSTRAINT sent_has_a_time CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

CREATE TRIGGER month_report_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON month_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER month_report_file_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON month_report_file
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

GRANT SELECT ON month_report, month_report_file, month_report_mail TO magam_app, magam_audit;
GRANT INSERT ON month_report, month_report_file, month_report_mail TO magam_app;
GRANT UPDATE ON month_report_mail TO magam_app;
