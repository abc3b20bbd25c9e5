-- A database with one of everything that a restore may lose.
CREATE SCHEMA "odd ""schema""";
CREATE TYPE state AS ENUM ('open', 'paid', 'sent');
CREATE TYPE address AS (street text, town text);
CREATE DOMAIN percent AS numeric CHECK (VALUE BETWEEN 0 AND 100);

CREATE TABLE customers (
    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    lives address,
    settings jsonb DEFAULT '{}',
    tags text[],
    picture bytea,
    discount percent DEFAULT 0,
    born date,
    seen timestamptz);
INSERT INTO customers (name, lives, settings, tags, picture, discount, born, seen)
    SELECT 'näme' || chr(9) || n || E'\n\\', ROW('street ' || n, NULL)::address, jsonb_build_object('n', n, 'odd', E'a"b\\'),
        ARRAY['x', NULL, 'y,"z"'], decode(md5(n::text), 'hex'), n % 101, date '1969-12-31' - n, timestamptz '2026-01-01' + n * interval '1 us'
    FROM generate_series(1, 2000) n;

CREATE SEQUENCE numbers START 1000 INCREMENT 7 CYCLE MAXVALUE 100000;
SELECT nextval('numbers'), nextval('numbers');

CREATE TABLE orders (
    id bigint DEFAULT nextval('numbers'),
    customer int NOT NULL REFERENCES customers ON DELETE CASCADE,
    state state NOT NULL DEFAULT 'open',
    net numeric(12, 2) NOT NULL,
    gross numeric GENERATED ALWAYS AS (net * 1.19) STORED,
    ordered timestamptz NOT NULL,
    PRIMARY KEY (id, ordered)) PARTITION BY RANGE (ordered);
CREATE TABLE orders_2025 PARTITION OF orders FOR VALUES FROM ('2025-01-01Z') TO ('2026-01-01Z');
CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01Z') TO ('2027-01-01Z');
CREATE TABLE orders_else PARTITION OF orders DEFAULT;
INSERT INTO orders (customer, state, net, ordered)
    SELECT 1 + n % 2000, (ARRAY['open', 'paid', 'sent'])[1 + n % 3]::state, n / 100.0, timestamptz '2025-06-01Z' + n * interval '1 hour'
    FROM generate_series(1, 12000) n;

CREATE INDEX orders_by_customer ON orders (customer, ordered DESC) WHERE state <> 'sent';
CREATE UNIQUE INDEX customers_lower ON customers (lower(name), id);
ALTER TABLE orders_2026 CLUSTER ON orders_2026_pkey;

CREATE VIEW unpaid AS SELECT c.name, sum(o.net) AS due FROM orders o JOIN customers c ON c.id = o.customer
    WHERE o.state = 'open' GROUP BY c.name;
CREATE MATERIALIZED VIEW totals AS SELECT state, count(*), sum(gross) FROM orders GROUP BY state;
CREATE UNIQUE INDEX ON totals (state);

CREATE TABLE journal (at timestamptz DEFAULT now(), what text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journal (what) VALUES (TG_OP || ' on ' || TG_TABLE_NAME);
    RETURN NEW;
END $$;
CREATE TRIGGER customers_note AFTER INSERT OR UPDATE ON customers FOR EACH ROW EXECUTE FUNCTION note();
UPDATE customers SET discount = 5 WHERE id = 1;

CREATE TABLE "odd ""schema"""."Table with ""quotes"", and a comma" ("Column; DROP" int, "select" text);
INSERT INTO "odd ""schema"""."Table with ""quotes"", and a comma" VALUES (1, E'\\.'), (2, NULL), (3, ''), (4, '\N');
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
CREATE TABLE empty_table (n int);
CREATE TABLE parent (n int);
CREATE TABLE child (m int) INHERITS (parent);
INSERT INTO parent VALUES (1);
INSERT INTO child VALUES (2, 3);
CREATE UNLOGGED TABLE scratch AS SELECT 1 AS n;
COMMENT ON TABLE customers IS 'people''s names';
SELECT lo_from_bytea(4711, decode(repeat('00ff', 5000), 'hex')), lo_from_bytea(4712, '');
