/// A database with one of everything that a backup can get wrong.
enum TortureDatabase {
    static let sql = #"""
        CREATE ROLE reporter LOGIN;
        CREATE ROLE app LOGIN;
        CREATE SCHEMA "Mixed.Case/Slash";
        CREATE SCHEMA app AUTHORIZATION app;
        CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'très heureux');
        CREATE DOMAIN app.percent AS numeric(5, 2) CHECK (VALUE BETWEEN 0 AND 100);
        CREATE TYPE app.pair AS (left_side integer, right_side text);
        CREATE FUNCTION app.twice(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT $1 * 2 -- a comment
        $$;
        CREATE TABLE app.customer (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL, feeling app.mood DEFAULT 'ok', tags text[] DEFAULT '{}',
            document jsonb, raw json, picture bytea, share app.percent, both_sides app.pair,
            born date, seen timestamptz, gap interval, weight double precision, exact numeric, price money, net inet,
            doubled integer GENERATED ALWAYS AS (app.twice(length(name))) STORED, gone integer);
        ALTER TABLE app.customer DROP COLUMN gone;
        INSERT INTO app.customer (name, feeling, tags, document, raw, picture, share,
            both_sides, born, seen, gap, weight, exact, price, net)
        SELECT E'name\t' || i || E'\\ "quoted" \n line', (ARRAY['sad', 'ok', 'très heureux'])[1 + i % 3]::app.mood,
            ARRAY['a' || i, NULL, 'with,comma', '{brace}'], jsonb_build_object('i', i, 'ü', repeat('x', i % 50)),
            '{"b": 1,  "a": 2}', decode(repeat('00ff5c0a', i % 7), 'hex'), i % 100, ROW(i, 'r' || i)::app.pair,
            date '1900-01-01' + i, timestamptz '2026-03-29 02:30:00+02' + i * interval '1 hour',
            i * interval '1 day 03:04',
            0.1 + i * 0.2, i / 7.0, i * 1.5, '10.0.0.0'::inet + i
        FROM generate_series(1, 1000) i;
        INSERT INTO app.customer (name, weight) VALUES ('odd', 'NaN'), ('end', '-Infinity'), ('\.', 0);
        CREATE TABLE app."Order" (
            id serial PRIMARY KEY, customer bigint REFERENCES app.customer DEFERRABLE INITIALLY DEFERRED,
            "Weird ""Col" text, parent integer, CONSTRAINT "self ref" FOREIGN KEY (parent) REFERENCES app."Order");
        INSERT INTO app."Order" (customer, "Weird ""Col", parent)
            SELECT 1 + i % 1000, 'o' || i, NULLIF(i / 2, 0) FROM generate_series(1, 500) i;
        ALTER TABLE app.customer ADD COLUMN first_order integer REFERENCES app."Order";
        UPDATE app.customer SET first_order = 1 WHERE id = 1;
        CREATE INDEX customer_lower ON app.customer (lower(name)) WHERE id > 5;
        CREATE UNIQUE INDEX "Order_unique" ON app."Order" ("Weird ""Col", id DESC);
        CREATE INDEX customer_document ON app.customer USING gin (document);
        CREATE STATISTICS app.customer_stats (dependencies) ON name, feeling FROM app.customer;
        CREATE TABLE "Mixed.Case/Slash"."we.ird/na~me%" (a integer, b text DEFAULT 'x');
        INSERT INTO "Mixed.Case/Slash"."we.ird/na~me%" VALUES (1, NULL), (1, NULL), (2, '');
        CREATE TABLE empty (id integer PRIMARY KEY, t text);
        CREATE TABLE nothing ();
        INSERT INTO nothing DEFAULT VALUES;
        INSERT INTO nothing DEFAULT VALUES;
        CREATE TABLE only_generated (a integer GENERATED ALWAYS AS (1) STORED);
        INSERT INTO only_generated DEFAULT VALUES;
        CREATE TABLE measure (at date NOT NULL, value integer, site text) PARTITION BY RANGE (at);
        CREATE TABLE measure_2025 PARTITION OF measure FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
            PARTITION BY LIST (site);
        CREATE TABLE measure_2025_a PARTITION OF measure_2025 FOR VALUES IN ('a');
        CREATE TABLE measure_2025_rest PARTITION OF measure_2025 DEFAULT;
        CREATE TABLE measure_2026 PARTITION OF measure FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
        CREATE INDEX ON measure (at);
        INSERT INTO measure SELECT date '2025-01-01' + i % 700, i, chr(97 + i % 3) FROM generate_series(1, 2000) i;
        CREATE TABLE spread (id integer) PARTITION BY HASH (id);
        CREATE TABLE spread_0 PARTITION OF spread FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE spread_1 PARTITION OF spread FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        INSERT INTO spread SELECT generate_series(1, 100);
        CREATE TABLE moods (feeling app.mood, id integer) PARTITION BY HASH (feeling);
        CREATE TABLE moods_0 PARTITION OF moods FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE moods_1 PARTITION OF moods FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        INSERT INTO moods SELECT (ARRAY['sad', 'ok', 'très heureux'])[1 + i % 3]::app.mood, i
            FROM generate_series(1, 60) i;
        CREATE TABLE ancestor (id integer, kind text);
        CREATE TABLE heir (extra text) INHERITS (ancestor);
        INSERT INTO ancestor VALUES (1, 'a'), (2, 'a');
        INSERT INTO heir VALUES (3, 'h', 'more');
        CREATE TABLE bulk AS SELECT i AS id, md5(i::text) AS digest FROM generate_series(1, 40000) i;
        CREATE UNLOGGED TABLE scratch AS SELECT 1 AS one;
        CREATE VIEW app.happy AS SELECT id, name FROM app.customer WHERE feeling = 'très heureux';
        CREATE MATERIALIZED VIEW app.per_mood AS SELECT feeling, count(*) AS how_many FROM app.customer GROUP BY 1;
        CREATE UNIQUE INDEX per_mood_key ON app.per_mood (feeling);
        CREATE MATERIALIZED VIEW app.second AS SELECT max(how_many) AS most FROM app.per_mood;
        CREATE MATERIALIZED VIEW app.unfilled AS SELECT 1 AS x WITH NO DATA;
        CREATE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN NEW.b := NEW.b || '!'; RETURN NEW; END $$;
        CREATE TRIGGER stamp BEFORE INSERT ON "Mixed.Case/Slash"."we.ird/na~me%"
            FOR EACH ROW EXECUTE FUNCTION app.stamp();
        CREATE FUNCTION app.told() RETURNS event_trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'no table today'; END $$;
        CREATE TABLE secret_rows (owner text, what text);
        INSERT INTO secret_rows VALUES ('app', 'a'), ('reporter', 'b');
        ALTER TABLE secret_rows ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON secret_rows USING (owner = current_user);
        CREATE RULE ignore AS ON DELETE TO empty DO INSTEAD NOTHING;
        CREATE SEQUENCE app.counter START 5 INCREMENT 3;
        SELECT nextval('app.counter'), nextval('app.counter');
        CREATE SEQUENCE app.untouched;
        SELECT setval('app.untouched', 42, false);
        COMMENT ON TABLE app.customer IS 'Customers; Type: INDEX; Schema: public; Owner: nobody';
        COMMENT ON COLUMN app.customer.name IS E'two\nlines';
        GRANT SELECT ON app.customer TO reporter;
        GRANT USAGE ON SCHEMA app TO reporter;
        GRANT SELECT (id) ON app."Order" TO reporter;
        ALTER TABLE app.customer OWNER TO app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO reporter;
        SELECT lo_from_bytea(4242, decode(repeat('deadbeef', 2000), 'hex'));
        SELECT lo_from_bytea(4243, '');
        SELECT lo_create(i) FROM generate_series(5000, 5099) i;
        SELECT lo_put(i, 3000, decode('c0ffee', 'hex')) FROM generate_series(5000, 5099) i;
        ALTER LARGE OBJECT 4242 OWNER TO app;
        COMMENT ON LARGE OBJECT 4243 IS 'empty';
        CREATE PUBLICATION changes FOR TABLE empty;
        ALTER DATABASE postgres SET search_path = app, "$user", public;
        ALTER ROLE reporter IN DATABASE postgres SET work_mem = '7MB';
        COMMENT ON DATABASE postgres IS 'the torture';
        GRANT CONNECT ON DATABASE postgres TO reporter;
        CREATE EVENT TRIGGER told ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION app.told();
        """#
}
