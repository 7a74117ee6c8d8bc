-- Master data: immutable versions of the workbook's sheets.
--
-- An import writes a whole new version of every sheet it contains; a close
-- names the versions it used, so that it can be explained years later. What
-- SQL must join is projected from the newest version into typed tables.

CREATE TABLE master_import (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    digest      text        NOT NULL UNIQUE, -- of the canonical rows: the same workbook is one import
    imported_by text        NOT NULL,        -- a code of the people sheet, or empty for the first
    imported_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE master_row (
    import_id bigint NOT NULL REFERENCES master_import,
    sheet     text   NOT NULL,
    row_no    int    NOT NULL, -- row in the sheet, which messages name
    cells     jsonb  NOT NULL, -- column -> text as typed; empty cells left out
    PRIMARY KEY (import_id, sheet, row_no)
);

-- Which import each sheet now stands at.
CREATE TABLE master_current (
    sheet     text   PRIMARY KEY,
    import_id bigint NOT NULL REFERENCES master_import
);

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- Which customer an account belongs to and when. Days, end excluded.
CREATE TABLE account_assignment (
    provider    text      NOT NULL,
    sub_account text      NOT NULL,
    customer    text      NOT NULL,
    organization text     NOT NULL,
    alias       text      NOT NULL,
    valid       daterange NOT NULL,
    CONSTRAINT assignment_has_length CHECK (NOT isempty(valid)),
    CONSTRAINT account_has_one_customer_at_a_time
        EXCLUDE USING gist (provider WITH =, sub_account WITH =, valid WITH &&)
);

-- Custom tags: at most ten per product and resource, in force from a month on.
CREATE TABLE custom_tag (
    provider    text          NOT NULL,
    service     text          NOT NULL,
    resource_id text          NOT NULL,
    key         text          NOT NULL,
    value       text          NOT NULL,
    from_month  text          NOT NULL, -- empty is always
    PRIMARY KEY (provider, service, resource_id, key, from_month)
);
