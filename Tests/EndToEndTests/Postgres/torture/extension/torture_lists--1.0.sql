-- The first list is the extension's own: only what users add is configuration. Its items refer to the lists.
CREATE TABLE list (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO list VALUES (0, 'built in');
CREATE SEQUENCE numbers START 10;
CREATE TABLE aaa_item (id integer DEFAULT nextval('numbers') PRIMARY KEY, list integer REFERENCES list, what text);
CREATE TABLE fixed AS SELECT 'not configuration' AS what;
SELECT pg_catalog.pg_extension_config_dump('list', 'WHERE id <> 0');
SELECT pg_catalog.pg_extension_config_dump('aaa_item', '');
SELECT pg_catalog.pg_extension_config_dump('numbers', '');
