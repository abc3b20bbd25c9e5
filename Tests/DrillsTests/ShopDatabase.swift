/// A database such as a shop has, for drills.
enum ShopDatabase {
    /// The role that owns it, and the database itself.
    static let definition = """
        CREATE ROLE clerk LOGIN PASSWORD 'secret';
        CREATE DATABASE shop OWNER clerk;
        """
    /// What is in it.
    static let tables = """
        CREATE TYPE mood AS ENUM ('sad', 'ok');
        CREATE TABLE customers (id serial PRIMARY KEY, name text NOT NULL, mood mood DEFAULT 'ok');
        CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer int REFERENCES customers,
            total numeric(12,2), note jsonb);
        CREATE INDEX orders_by_total ON orders (total);
        CREATE VIEW rich AS SELECT * FROM orders WHERE total > 500;
        INSERT INTO customers (name) SELECT 'customer ' || n FROM generate_series(1, 500) n;
        INSERT INTO orders (customer, total, note)
            SELECT 1 + n % 500, n * 1.01, json_build_object('n', n)::jsonb FROM generate_series(1, 5000) n;
        GRANT SELECT ON orders TO clerk;
        SELECT lo_from_bytea(0, 'a large object');
        """
    /// What a check may miss: two tables of one shape, a function with its trigger, odd names.
    static let oddities = #"""
        CREATE TABLE north (id integer, what text);
        CREATE TABLE south (id integer, what text);
        INSERT INTO north SELECT n, 'north ' || n FROM generate_series(1, 100) n;
        INSERT INTO south SELECT n, 'south ' || n FROM generate_series(1, 100) n;
        CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.what := 'new'; RETURN NEW; END $$;
        CREATE TRIGGER stamp BEFORE INSERT ON south FOR EACH ROW WHEN (NEW.id < 0) EXECUTE FUNCTION stamp();
        CREATE TABLE "line
        break" (id integer);
        INSERT INTO "line
        break" VALUES (1);
        CREATE TABLE nothing (id integer);
        """#
}
