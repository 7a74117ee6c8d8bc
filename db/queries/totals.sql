-- What the books hold of a month or of a delivery, per currency: never summed
-- across currencies. Amounts keep every digit that the sources gave.

-- name: by
-- $1 month, or empty for every month $2 delivery, or 0 for every published one $3 what to group by, or empty
WITH sealed AS (
    SELECT CASE $3
            WHEN 'service' THEN coalesce(nullif(item.service_code, ''), item.service_name)
            WHEN 'sub-account' THEN account.sub_account
            WHEN 'category' THEN (ARRAY['Usage', 'Purchase', 'Tax', 'Credit', 'Adjustment'])[item.category]
            WHEN 'provider' THEN bill.provider_name
            WHEN 'invoice-id' THEN bill.invoice_id
            WHEN 'issuer' THEN bill.invoice_issuer
            WHEN 'line-type' THEN item.line_type
            ELSE ''
        END AS key,
        CASE $3 WHEN 'service' THEN item.service_name WHEN 'sub-account' THEN account.sub_account_name ELSE '' END AS name,
        CASE WHEN $3 IN ('service', 'sub-account', 'provider') THEN bill.provider ELSE '' END AS provider,
        bill.currency::text AS currency, 'sealed' AS state, daily.row_count, daily.billed::numeric AS billed,
        daily.effective::numeric AS effective, daily.list::numeric AS list, daily.contracted::numeric AS contracted
    FROM charge_daily AS daily
        JOIN dim_bill AS bill ON bill.id = daily.bill_id
        JOIN dim_account AS account ON account.id = daily.account_id
        JOIN dim_item AS item ON item.id = daily.item_id
    WHERE ($1 = '' OR bill.month = $1) AND ($2::bigint = 0 OR daily.delivery = $2)
), aside AS (
    SELECT CASE $3
            WHEN 'service' THEN row.service
            WHEN 'sub-account' THEN row.sub_account
            WHEN 'category' THEN row.category
            WHEN 'provider' THEN coalesce((SELECT min(provider_name) FROM dim_bill
                WHERE dim_bill.provider = row.provider), row.provider)
            WHEN 'invoice-id' THEN row.invoice_id
            WHEN 'line-type' THEN CASE row.code WHEN 'E_UNKNOWN_TYPE' THEN row.category ELSE '' END -- as it is written
            ELSE ''
        END AS key,
        '' AS name,
        CASE WHEN $3 IN ('service', 'sub-account', 'provider') THEN row.provider ELSE '' END AS provider,
        coalesce(nullif(row.currency, ''), 'XXX') AS currency, 'quarantined' AS state, 1::bigint AS row_count,
        coalesce(row.billed, 0) AS billed, coalesce(row.effective, 0) AS effective, coalesce(row.list, 0) AS list,
        coalesce(row.contracted, 0) AS contracted
    FROM quarantined_row AS row
        JOIN part ON part.id = row.part_id
        JOIN delivery ON delivery.id = part.delivery AND delivery.state = 'sealed'
    WHERE ($1 = '' OR $1 = coalesce(nullif(row.month, ''),
            (SELECT min(month) FROM delivery_total WHERE delivery_total.delivery = delivery.id)))
        AND ($2::bigint = 0 OR delivery.id = $2)
)
SELECT key, max(name), provider, currency, state, sum(row_count)::bigint, sum(billed)::text, sum(effective)::text,
    sum(list)::text, sum(contracted)::text
FROM (SELECT * FROM sealed UNION ALL SELECT * FROM aside) AS held
GROUP BY key, provider, currency, state
ORDER BY currency, state DESC, key, provider;

-- name: of_delivery
-- $1 delivery
-- Kept also where the rows are gone.
SELECT '', '', '', currency::text, state, sum(row_count)::bigint, sum(billed)::text, sum(effective)::text,
    sum(list)::text, sum(contracted)::text
FROM delivery_total WHERE delivery = $1
GROUP BY currency, state
ORDER BY currency, state DESC;

-- name: delivery
-- $1 delivery
SELECT delivery.id, delivery.source, delivery.format, delivery.state, delivery.refusal,
    coalesce((SELECT array_agg(DISTINCT total.month::text ORDER BY total.month::text) FROM delivery_total AS total
        WHERE total.delivery = delivery.id), '{}')
FROM delivery WHERE id = $1;

-- name: progress
-- $1 the newest delivery when the command began
SELECT count(*), count(part.loaded_at), coalesce(sum(part.bytes), 0)::bigint,
    coalesce(sum(part.bytes) FILTER (WHERE part.loaded_at IS NOT NULL), 0)::bigint,
    coalesce(sum((SELECT sum((total ->> 'rows')::bigint) FROM jsonb_array_elements(part.control) AS total)), 0)::bigint
FROM part JOIN delivery ON delivery.id = part.delivery
WHERE delivery.id > $1 OR delivery.state = 'loading';

-- name: newest
SELECT coalesce(max(id), 0) FROM delivery;
