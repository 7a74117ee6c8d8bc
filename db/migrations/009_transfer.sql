-- What benefit policies and shared costs move between customers, nobody and the
-- reseller: signed entries, replaced as a set for a month. The entries of one
-- rule, and of one commitment, sum to zero per payer and currency.
CREATE TABLE transfer (
    month           billing_month NOT NULL,
    ordinal         int           NOT NULL,
    kind            text          NOT NULL,
    rule            text          NOT NULL, -- the policy, or the id of the shared_costs row
    provider        text          NOT NULL,
    billing_account text          NOT NULL,
    currency        currency      NOT NULL,
    side            text          NOT NULL,
    customer        text          NOT NULL, -- empty where nobody owns the account
    taken           boolean       NOT NULL, -- from its holder, by a shared cost
    sub_account     text          NOT NULL,
    service_code    text          NOT NULL,
    service_name    text          NOT NULL,
    usage_type      text          NOT NULL,
    category        smallint      NOT NULL, -- charge.Category
    class           smallint      NOT NULL, -- charge.Class
    invoice_issuer  text          NOT NULL,
    billing_entity  text          NOT NULL,
    commitment_id   text          NOT NULL,
    charge_month    text          NOT NULL, -- of use, where it is not the bill's
    row_count       bigint        NOT NULL, -- signed: rows worth something that it puts on its side
    billed          amount        NOT NULL,
    effective       amount        NOT NULL,
    PRIMARY KEY (month, ordinal),
    CONSTRAINT kind_is_known          CHECK (kind IN ('benefit', 'shared')),
    CONSTRAINT side_is_known          CHECK (side IN ('customer', 'unassigned', 'retained')),
    CONSTRAINT customers_have_names   CHECK (side <> 'customer' OR customer <> ''),
    CONSTRAINT nobody_has_no_name     CHECK (side <> 'unassigned' OR customer = ''),
    CONSTRAINT only_shared_is_taken   CHECK (NOT taken OR kind = 'shared'),
    CONSTRAINT category_is_known      CHECK (category BETWEEN 1 AND 5)
);
CREATE INDEX transfer_customer ON transfer (month, customer);

GRANT SELECT, INSERT, UPDATE, DELETE ON transfer TO magam_app;
GRANT SELECT ON transfer TO magam_audit;
