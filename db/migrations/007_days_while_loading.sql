-- Daily sums are added up while a part is loaded, and a cost like the billed one is left out.

-- As stored, NULL is "as billed": nearly every row's costs are one number in the
-- source, and taking a number in costs Postgres more than six ids. Everybody but
-- the seal's proof reads `charge`, where every cost stands.
ALTER TABLE charge RENAME TO charge_row;
ALTER TABLE charge_row
    ALTER effective  DROP NOT NULL,
    ALTER list       DROP NOT NULL,
    ALTER contracted DROP NOT NULL;
CREATE VIEW charge AS
SELECT part_id, row_no, bill_id, account_id, item_id, resource_id, tag_set_id, commitment_id, starts_at, ends_at,
    quantity, billed, coalesce(effective, billed) AS effective, coalesce(list, billed) AS list,
    coalesce(contracted, billed) AS contracted
FROM charge_row;
GRANT SELECT ON charge TO magam_app, magam_audit;

-- How often the part's daily sums were written down: more than once where there
-- were too many to keep. 0 is a part that was loaded before it had any.
ALTER TABLE part ADD daily_runs int NOT NULL DEFAULT 0;

-- charge_part_open makes the empty tables of a part, for its rows and for their
-- daily sums, dropping what an earlier attempt left, but never what is
-- published. It runs with its owner's rights, since the application may not make tables.
CREATE OR REPLACE FUNCTION charge_part_open(part bigint) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := format('charge_p%s', part);
    days text := format('charge_daily_p%s', part);
BEGIN
    IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(name) AND inhparent = 'charge_row'::regclass) THEN
        RAISE EXCEPTION 'part % is published; a newer delivery supersedes it', part
            USING ERRCODE = 'restrict_violation';
    END IF;
    EXECUTE format('DROP TABLE IF EXISTS %I, %I', name, days);
    EXECUTE format('CREATE TABLE %I (LIKE charge_row INCLUDING ALL)', name);
    EXECUTE format('CREATE TABLE %I (LIKE charge_daily)', days); -- its index is made when it is attached
    EXECUTE format('GRANT SELECT, INSERT ON %I, %I TO magam_app', name, days);
    RETURN name;
END $$;

-- charge_publish attaches every part of a delivery, closes it to writing and
-- makes the delivery's daily table: the sums of a single part as they are, those
-- of several added up. Parts without any are added up by the application.
-- Tables are made apart and then attached: made as partitions they would keep
-- every reader out until the seal commits.
CREATE OR REPLACE FUNCTION charge_publish(published bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET enable_hashagg = off SET jit = off AS $$
DECLARE
    one  bigint;
    days text := format('charge_daily_d%s', published);
    sums text;
BEGIN
    FOR one IN SELECT id FROM part WHERE delivery = published ORDER BY id LOOP
        EXECUTE format('ALTER TABLE charge_row ATTACH PARTITION %I FOR VALUES IN (%s)',
            format('charge_p%s', one), one);
        EXECUTE format('REVOKE INSERT ON %I FROM magam_app', format('charge_p%s', one));
    END LOOP;
    IF (SELECT count(*) = 1 AND min(daily_runs) = 1 FROM part WHERE delivery = published) THEN
        EXECUTE format('ALTER TABLE %I RENAME TO %I', format('charge_daily_p%s', one), days);
        EXECUTE format('REVOKE INSERT ON %I FROM magam_app', days);
    ELSE
        EXECUTE format('CREATE TABLE %I (LIKE charge_daily)', days);
        SELECT string_agg(format('SELECT * FROM %I', format('charge_daily_p%s', id)), ' UNION ALL ' ORDER BY id)
        INTO sums FROM part WHERE delivery = published AND daily_runs > 0;
        IF sums IS NOT NULL THEN -- sorted, since a table of this many sums does not fit into memory
            EXECUTE format('INSERT INTO %I SELECT delivery, day, bill_id, account_id, item_id, tag_set_id,
                    commitment_id, sum(row_count), sum(quantity), sum(billed), sum(effective), sum(list),
                    sum(contracted)
                FROM (%s) AS sums
                GROUP BY delivery, day, bill_id, account_id, item_id, tag_set_id, commitment_id', days, sums);
        END IF;
        FOR one IN SELECT id FROM part WHERE delivery = published ORDER BY id LOOP
            EXECUTE format('DROP TABLE IF EXISTS %I', format('charge_daily_p%s', one));
        END LOOP;
    END IF;
    EXECUTE format('ALTER TABLE charge_daily ATTACH PARTITION %I FOR VALUES IN (%s)', days, published);
END $$;

-- charge_withdraw drops every row of a delivery, published or half loaded.
CREATE OR REPLACE FUNCTION charge_withdraw(withdrawn bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    one bigint;
BEGIN
    FOR one IN SELECT id FROM part WHERE delivery = withdrawn ORDER BY id LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I, %I', format('charge_p%s', one), format('charge_daily_p%s', one));
    END LOOP;
    EXECUTE format('DROP TABLE IF EXISTS %I', format('charge_daily_d%s', withdrawn));
END $$;
