-- What hangs on tables.
SET search_path = app, public;
CREATE INDEX customer_part ON app.customer (lower(name) text_pattern_ops DESC NULLS LAST, born) INCLUDE (feeling)
    WITH (fillfactor = 60, deduplicate_items = off) WHERE id > 5 AND feeling <> 'sad';
CREATE INDEX customer_hash ON app.customer USING hash (feeling);
CREATE INDEX customer_turned ON app.customer USING btree (late app.turned_ops);
CREATE INDEX customer_gist ON app.customer USING gist (name extra.gist_trgm_ops (siglen = 32));
CREATE INDEX customer_brin ON app.customer USING brin (born date_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 4);
CREATE INDEX customer_bloom ON app.customer USING bloom (late, other) WITH (length = 80, col1 = 2);
CREATE INDEX customer_expression ON app.customer ((doubled + 1), (CASE WHEN late > 1 THEN 'a' END));
ALTER INDEX app.customer_expression ALTER COLUMN 1 SET STATISTICS 400;
CREATE INDEX values_gin ON app.values USING gin (jsb jsonb_path_ops) WITH (fastupdate = off);
CREATE INDEX values_spgist ON app.values USING spgist (pt);
CREATE UNIQUE INDEX adopted_identity ON app.adopted (id);
ALTER TABLE app.adopted ALTER id SET NOT NULL;
ALTER TABLE app.adopted REPLICA IDENTITY USING INDEX adopted_identity;
ALTER TABLE app.orders REPLICA IDENTITY FULL;
ALTER TABLE app.toasted REPLICA IDENTITY NOTHING;
ALTER TABLE app.orders CLUSTER ON orders_pkey;
CREATE UNIQUE INDEX CONCURRENTLY elsewhere_t ON app.elsewhere (t) TABLESPACE away;
CREATE STATISTICS app.customer_stats (dependencies, mcv) ON name, feeling FROM app.customer;
ALTER STATISTICS app.customer_stats SET STATISTICS 55;
CREATE STATISTICS "Mixed Case"."expression stats" ON (lower(name)), (late + 1) FROM app.customer;
COMMENT ON STATISTICS app.customer_stats IS 'together';
COMMENT ON INDEX app.customer_part IS 'partly';
COMMENT ON CONSTRAINT both_or_none ON app.orders IS 'unique';
COMMENT ON TABLE app.customer IS 'Customers; Type: INDEX; Schema: public; Owner: nobody';

CREATE VIEW app.happy WITH (security_barrier) AS SELECT id, name, feeling FROM app.customer WHERE feeling = 'très heureux'
    WITH CASCADED CHECK OPTION;
CREATE VIEW app.invoked WITH (security_invoker) AS SELECT * FROM app.happy;
CREATE RECURSIVE VIEW app.counted (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 5;
CREATE VIEW app.grouped AS SELECT id, name, count(*) FROM app.customer GROUP BY id;
CREATE VIEW app.one AS SELECT 1 AS a;
CREATE VIEW app.two AS SELECT a FROM app.one;
CREATE OR REPLACE VIEW app.one AS SELECT two.a FROM app.two;
ALTER VIEW app.happy ALTER name SET DEFAULT 'somebody';
COMMENT ON VIEW app.happy IS 'the happy ones';
CREATE MATERIALIZED VIEW app.per_mood AS SELECT feeling, count(*) AS how_many FROM app.customer GROUP BY 1;
CREATE UNIQUE INDEX per_mood_key ON app.per_mood (feeling);
ALTER MATERIALIZED VIEW app.per_mood CLUSTER ON per_mood_key;
ALTER MATERIALIZED VIEW app.per_mood ALTER feeling SET STATISTICS 12;
CREATE MATERIALIZED VIEW app.above AS SELECT max(how_many) AS most FROM app.per_mood;
CREATE MATERIALIZED VIEW app.aaa_first_by_name AS SELECT most + 1 AS more FROM app.above;
CREATE MATERIALIZED VIEW app.by_key AS SELECT id, name, count(*) FROM app.customer GROUP BY id WITH DATA;
CREATE MATERIALIZED VIEW app.unfilled AS SELECT id FROM app.customer WITH NO DATA;
COMMENT ON MATERIALIZED VIEW app.above IS 'the most';

CREATE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.late := NEW.late + 1; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE OF name ON app.customer FOR EACH ROW WHEN (NEW.late > 0) EXECUTE FUNCTION app.stamp();
CREATE TRIGGER disabled BEFORE INSERT ON app.customer FOR EACH ROW EXECUTE FUNCTION app.stamp('a', E'b\\''c');
CREATE TRIGGER replica BEFORE INSERT ON app.customer FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER always AFTER UPDATE ON app.customer REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION app.stamp();
CREATE CONSTRAINT TRIGGER later AFTER INSERT ON app.customer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER instead INSTEAD OF INSERT ON app.grouped FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER on_root BEFORE INSERT ON app.measure FOR EACH ROW EXECUTE FUNCTION app.stamp();
ALTER TABLE app.customer DISABLE TRIGGER disabled, ENABLE REPLICA TRIGGER replica, ENABLE ALWAYS TRIGGER always;
ALTER TABLE app.measure_rest DISABLE TRIGGER on_root;
ALTER TABLE app.orders DISABLE TRIGGER USER;
COMMENT ON TRIGGER stamp ON app.customer IS 'stamps';
CREATE RULE ignored AS ON DELETE TO app.empty_one WHERE OLD.id > 0 DO INSTEAD NOTHING;
CREATE RULE copied AS ON INSERT TO app.empty_one DO ALSO (INSERT INTO app.scratch VALUES (NEW.id); DELETE FROM app.scratch);
ALTER TABLE app.empty_one DISABLE RULE copied;
COMMENT ON RULE ignored ON app.empty_one IS 'nothing';

CREATE TABLE app.secret_rows (owner text, what text);
INSERT INTO app.secret_rows VALUES ('reader', 'a'), ('owner_one', 'b');
ALTER TABLE app.secret_rows ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY, OWNER TO owner_one;
CREATE POLICY own ON app.secret_rows AS RESTRICTIVE FOR SELECT TO reader, owner_one USING (owner = current_user);
CREATE POLICY "any one" ON app.secret_rows USING (true) WITH CHECK (what <> E'\\');
COMMENT ON POLICY own ON app.secret_rows IS 'ones own';
ALTER TABLE app.toasted ENABLE ROW LEVEL SECURITY;

CREATE SERVER far TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere', dbname 'it''s \ far');
CREATE USER MAPPING FOR owner_one SERVER far OPTIONS (user 'u', password 's3cr''et\');
CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'p', password_required 'false');
CREATE FOREIGN DATA WRAPPER empty_wrapper OPTIONS (debug 'true');
CREATE FOREIGN TABLE app.abroad (id integer OPTIONS (column_name 'ID') NOT NULL, t text DEFAULT 'x' COLLATE "C")
    SERVER far OPTIONS (schema_name 'a', table_name 'b');
CREATE FOREIGN TABLE app.partition_abroad PARTITION OF app.no_partitions FOR VALUES IN (1, NULL) SERVER far;
COMMENT ON SERVER far IS 'nowhere';
COMMENT ON FOREIGN TABLE app.abroad IS 'not here';
COMMENT ON FOREIGN DATA WRAPPER empty_wrapper IS 'wraps nothing';
GRANT USAGE ON FOREIGN SERVER far TO reader;
GRANT USAGE ON FOREIGN DATA WRAPPER empty_wrapper TO owner_one;

CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert, truncate', publish_via_partition_root = true);
CREATE PUBLICATION chosen FOR TABLE app.ancestor, ONLY app.orders (id, customer) WHERE (room > 1), TABLE app.elsewhere WHERE (t <> E'\\');
CREATE PUBLICATION by_schema FOR TABLES IN SCHEMA "Mixed Case", TABLE app.typed;
CREATE PUBLICATION of_nothing;
COMMENT ON PUBLICATION chosen IS 'chosen';
ALTER PUBLICATION of_nothing OWNER TO owner_one;
CREATE SUBSCRIPTION feed CONNECTION 'host=/nowhere dbname=x password=s3cret' PUBLICATION p, "Q q"
    WITH (connect = false, slot_name = 'production_slot', binary = true);
CREATE SUBSCRIPTION slotless CONNECTION 'host=/nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);
COMMENT ON SUBSCRIPTION feed IS 'from far';

SELECT lo_from_bytea(4242, decode(repeat('deadbeef', 20000), 'hex')), lo_from_bytea(4243, ''), lo_create(4244);
SELECT lo_create(i), lo_put(i, 3000, decode('c0ffee', 'hex')) FROM generate_series(5000, 5049) i;
SELECT lo_put(4244, 1000000, 'after a hole');
ALTER LARGE OBJECT 4242 OWNER TO owner_one;
GRANT SELECT, UPDATE ON LARGE OBJECT 4242 TO reader;
COMMENT ON LARGE OBJECT 4243 IS E'empty\n\\';

-- Called by a bare name: nothing of this works with an empty search path.
SET search_path = app, "Mixed Case", public;
CREATE TABLE "Mixed Case".lookup AS SELECT 7 AS id;
GRANT SELECT ON "Mixed Case".lookup TO owner_one;
CREATE FUNCTION "Mixed Case".known(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS
    'SELECT EXISTS (SELECT FROM lookup WHERE id = $1)';
CREATE FUNCTION "Mixed Case".plus(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
    'BEGIN RETURN (SELECT max(id) + $1 FROM lookup); END';
CREATE TABLE app.bare_check (id integer CHECK ("Mixed Case".known(id)));
INSERT INTO app.bare_check VALUES (7);
CREATE TABLE app.bare_generated (id integer, g integer GENERATED ALWAYS AS ("Mixed Case".plus(id)) STORED);
INSERT INTO app.bare_generated VALUES (1), (2);
CREATE DOMAIN app.bare_domain AS integer CHECK ("Mixed Case".known(VALUE));
CREATE TABLE app.bare_domains (id app.bare_domain);
INSERT INTO app.bare_domains VALUES (7);
CREATE MATERIALIZED VIEW app.bare_view AS SELECT "Mixed Case".plus(late) AS p FROM app.customer;
CREATE MATERIALIZED VIEW app.above_bare_view AS SELECT max(p) AS p FROM app.bare_view;
CREATE INDEX bare_index ON app.customer ("Mixed Case".plus(late));
CREATE TABLE app.bare_default (id integer DEFAULT "Mixed Case".plus(1));
INSERT INTO app.bare_default DEFAULT VALUES;

GRANT SELECT, INSERT ON app.customer TO reader WITH GRANT OPTION;
GRANT SELECT ("ü", "select"), UPDATE ("select") ON "Mixed Case"."T""able 'x'" TO reader, PUBLIC;
GRANT ALL ON app.per_mood TO "Group""e";
REVOKE ALL ON app.typed FROM postgres;
ALTER TABLE app.customer OWNER TO owner_one;
ALTER TABLE app.typed OWNER TO "Owner Two; DROP";
ALTER MATERIALIZED VIEW app.above OWNER TO "back\slash 'quote'";
GRANT SELECT ON app.per_mood TO "back\slash 'quote'";
ALTER SEQUENCE app.round OWNER TO owner_one;
ALTER SCHEMA extra OWNER TO reader;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE ON SCHEMA public TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO reader;
ALTER DEFAULT PRIVILEGES FOR ROLE owner_one REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE owner_one IN SCHEMA "Mixed Case" GRANT ALL ON SEQUENCES TO reader WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO reader;

-- Last, as they forbid nearly everything.
CREATE FUNCTION app.forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
CREATE EVENT TRIGGER forbid ON ddl_command_start WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX', 'REFRESH MATERIALIZED VIEW',
    'ALTER TABLE', 'CREATE PUBLICATION', 'COMMENT') EXECUTE FUNCTION app.forbid();
CREATE EVENT TRIGGER forbid_always ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE INDEX',
    'REFRESH MATERIALIZED VIEW', 'GRANT', 'REVOKE') EXECUTE FUNCTION app.forbid();
CREATE EVENT TRIGGER off_one ON sql_drop EXECUTE FUNCTION app.forbid();
COMMENT ON EVENT TRIGGER forbid IS 'forbids';
ALTER EVENT TRIGGER off_one DISABLE;
ALTER EVENT TRIGGER forbid_always ENABLE ALWAYS;
ALTER EVENT TRIGGER off_one OWNER TO postgres;
