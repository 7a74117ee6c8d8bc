-- The dictionaries of charge rows: tuples of text that are stored once.
--
-- Each statement takes the tuples of one chunk that the loader has not seen, as
-- their hashes ($1) and one array per column, and gives hash and id of each. A
-- tuple that another part is adding at the same moment may be missing: ask again.
-- Known tuples are looked up first, since an id once drawn is gone.

-- name: settings
-- For the transaction that follows in the same batch.
SELECT set_config('synchronous_commit', 'off', true);

-- name: bill
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::text[])
        AS given (hash, provider, provider_name, billing_account, invoice_id, invoice_issuer,
            billing_entity, currency, month)
), known AS (
    SELECT dim.hash, dim.id FROM dim_bill AS dim JOIN given ON dim.hash = given.hash
), fresh AS (
    INSERT INTO dim_bill (hash, provider, provider_name, billing_account, invoice_id, invoice_issuer,
        billing_entity, currency, month)
    SELECT given.hash, given.provider, given.provider_name, given.billing_account, given.invoice_id,
        given.invoice_issuer, given.billing_entity, given.currency, given.month
    FROM given LEFT JOIN known ON known.hash = given.hash
    WHERE known.hash IS NULL
    ORDER BY given.hash
    ON CONFLICT (hash) DO NOTHING
    RETURNING hash, id
)
SELECT hash, id FROM known
UNION ALL
SELECT hash, id FROM fresh;

-- name: account
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[])
        AS given (hash, provider, sub_account, sub_account_name)
), known AS (
    SELECT dim.hash, dim.id FROM dim_account AS dim JOIN given ON dim.hash = given.hash
), fresh AS (
    INSERT INTO dim_account (hash, provider, sub_account, sub_account_name)
    SELECT given.hash, given.provider, given.sub_account, given.sub_account_name
    FROM given LEFT JOIN known ON known.hash = given.hash
    WHERE known.hash IS NULL
    ORDER BY given.hash
    ON CONFLICT (hash) DO NOTHING
    RETURNING hash, id
)
SELECT hash, id FROM known
UNION ALL
SELECT hash, id FROM fresh;

-- name: item
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::smallint[], $3::smallint[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
        $15::text[])
        AS given (hash, category, class, line_type, service_code, service_name, usage_type, operation,
            region, sku_id, sku_price_id, unit, pricing_category, tax_type, description)
), known AS (
    SELECT dim.hash, dim.id FROM dim_item AS dim JOIN given ON dim.hash = given.hash
), fresh AS (
    INSERT INTO dim_item (hash, category, class, line_type, service_code, service_name, usage_type,
        operation, region, sku_id, sku_price_id, unit, pricing_category, tax_type, description)
    SELECT given.hash, given.category, given.class, given.line_type, given.service_code, given.service_name,
        given.usage_type, given.operation, given.region, given.sku_id, given.sku_price_id, given.unit,
        given.pricing_category, given.tax_type, given.description
    FROM given LEFT JOIN known ON known.hash = given.hash
    WHERE known.hash IS NULL
    ORDER BY given.hash
    ON CONFLICT (hash) DO NOTHING
    RETURNING hash, id
)
SELECT hash, id FROM known
UNION ALL
SELECT hash, id FROM fresh;

-- name: resource
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::text[])
        AS given (hash, value)
), known AS (
    SELECT dim.hash, dim.id FROM dim_resource AS dim JOIN given ON dim.hash = given.hash
), fresh AS (
    INSERT INTO dim_resource (hash, value)
    SELECT given.hash, given.value
    FROM given LEFT JOIN known ON known.hash = given.hash
    WHERE known.hash IS NULL
    ORDER BY given.hash
    ON CONFLICT (hash) DO NOTHING
    RETURNING hash, id
)
SELECT hash, id FROM known
UNION ALL
SELECT hash, id FROM fresh;

-- name: tag_set
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::text[])
        AS given (hash, value)
), known AS (
    SELECT dim.hash, dim.id FROM dim_tag_set AS dim JOIN given ON dim.hash = given.hash
), fresh AS (
    INSERT INTO dim_tag_set (hash, value)
    SELECT given.hash, given.value
    FROM given LEFT JOIN known ON known.hash = given.hash
    WHERE known.hash IS NULL
    ORDER BY given.hash
    ON CONFLICT (hash) DO NOTHING
    RETURNING hash, id
)
SELECT hash, id FROM known
UNION ALL
SELECT hash, id FROM fresh;

-- name: commitment
WITH given AS (
    SELECT * FROM unnest($1::bytea[], $2::text[])
        AS given (hash, value)
), known AS (
    SELECT dim.hash, dim.id FROM dim_commitment AS dim JOIN given ON dim.hash = given.hash
), fresh AS (
    INSERT INTO dim_commitment (hash, value)
    SELECT given.hash, given.value
    FROM given LEFT JOIN known ON known.hash = given.hash
    WHERE known.hash IS NULL
    ORDER BY given.hash
    ON CONFLICT (hash) DO NOTHING
    RETURNING hash, id
)
SELECT hash, id FROM known
UNION ALL
SELECT hash, id FROM fresh;
