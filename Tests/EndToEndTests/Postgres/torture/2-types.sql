-- Types, and a table of every built-in type with values that are hard to keep.
CREATE TYPE app.mood AS ENUM ('sad', 'ok', 'très heureux', 'it''s "quoted", \ and more');
ALTER TYPE app.mood ADD VALUE 'between' BEFORE 'ok';
CREATE TYPE app.pair AS (left_side integer, "Right Side" text COLLATE "C");
CREATE TYPE app.nested AS (one app.pair, many app.pair[], feeling app.mood);
CREATE TYPE app.emptiness AS ();
CREATE TYPE app.later;
CREATE FUNCTION app.mood_difference(double precision, double precision) RETURNS double precision
    LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 - $2';
CREATE TYPE app.floats AS RANGE (
    SUBTYPE = double precision, SUBTYPE_DIFF = app.mood_difference, MULTIRANGE_TYPE_NAME = app.many_floats);
CREATE DOMAIN app.percent AS numeric(5, 2) DEFAULT 50 CONSTRAINT "in range" CHECK (VALUE BETWEEN 0 AND 100) NOT NULL;
CREATE DOMAIN app.word AS text COLLATE "C" CHECK (VALUE !~ ' ');
ALTER DOMAIN app.word ADD CONSTRAINT short CHECK (length(VALUE) < 5) NOT VALID;
CREATE DOMAIN app.percents AS app.percent[];
COMMENT ON TYPE app.mood IS 'a mood';
COMMENT ON DOMAIN app.percent IS 'a part';
COMMENT ON CONSTRAINT "in range" ON DOMAIN app.percent IS 'a part is no more than the whole';
COMMENT ON COLUMN app.pair.left_side IS 'the left one';
ALTER TYPE app.pair OWNER TO "Owner Two; DROP";
GRANT USAGE ON TYPE app.mood TO reader;
REVOKE USAGE ON DOMAIN app.percent FROM PUBLIC;
-- A base type in SQL alone: the input and output functions of text.
CREATE TYPE app.label;
CREATE FUNCTION app.label_in(cstring) RETURNS app.label LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION app.label_out(app.label) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE app.label (INPUT = app.label_in, OUTPUT = app.label_out, LIKE = text, CATEGORY = 'S', STORAGE = extended);
CREATE COLLATION app.german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION app.caseless (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE COLLATION app.plain FROM "C";
COMMENT ON COLLATION app.caseless IS 'A is a';
ALTER COLLATION app.german OWNER TO owner_one;

CREATE TABLE app.values (
    id serial PRIMARY KEY, t text, v varchar(20), c char(9), n "char", nm name, b boolean, i2 smallint, i4 integer,
    i8 bigint, f4 real, f8 double precision, num numeric, fixed numeric(40, -5), mon money, bin bytea, d date, tm time,
    ttz time with time zone, ts timestamp(0), tstz timestamptz, iv interval, ivy interval year to month, js json,
    jsb jsonb, jp jsonpath, x xml, u uuid, net inet, cid cidr, mac macaddr, mac8 macaddr8, bits bit(9),
    vbits bit varying, pt point, ln line, seg lseg, bx box, pth path, pol polygon, cir circle, tsv tsvector, tsq tsquery,
    o oid, rc regclass, rp regprocedure, rt regtype, rn regnamespace, rr regrole, lsn pg_lsn, snap pg_snapshot,
    tx xid8, tid tid, ir int4range, irs int4multirange, tr tstzrange, nr nummultirange, ai integer[], at text[][],
    en app.mood, ena app.mood[], pr app.pair, ne app.nested, em app.emptiness, fr app.floats, fm app.many_floats,
    pc app.percent, pcs app.percents, w app.word, lb app.label, hs hstore, ci citext, cl text COLLATE app.caseless,
    vec int2vector, ov oidvector, rowtype pg_catalog.pg_namespace);
INSERT INTO app.values (t, v, c, n, b, i2, i4, i8, f4, f8, num, mon, bin, d, tm, ttz, ts, tstz, iv) VALUES
    ('', '', '', '', true, -32768, -2147483648, -9223372036854775808, '-Infinity', '-Infinity', '-Infinity',
        '-92233720368547758.08', '', '-infinity', '00:00', '00:00+15:59', '-infinity', '-infinity',
        '-178000000 years'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    ('\.', '\N', 'pad  ', 'x', false, 32767, 2147483647, 9223372036854775807, 'NaN', 'NaN', 'NaN',
        '92233720368547758.07', '\x00', '4713-11-24 BC', '24:00', '24:00-15:59', '4714-11-24 00:00 BC',
        '4714-11-24 00:00 UTC BC', '-1 mon +2 days -03:04:05.678'),
    (E'\\.\n\\.\n', E'\t', E'\t\n', '\', true, 0, 0, 0, '-0', '-0', 0, '-0.01', '\x5c2e0a5c2e0d0a', '5874897-12-31',
        '23:59:59.999999', '12:34:56.789+05:45', '294276-12-31 23:59:59', '294276-12-31 23:59:59.999999Z',
        '-00:00:00.000001'),
    (E'\b\f\n\r\t\v\\ \x01\x7f\u00a0\u2028\U0001F6DF e\u0301', E'\r', '  lead', 'Z', true, 1, 1, 1, 1e-45,
        5e-324, 1e-16383, 0, decode(repeat('00ff', 4000), 'hex'), '0001-01-01 BC', '00:00:00.000001', '00:00+00',
        '0001-01-01 00:00', '2026-03-29 02:30:00+01', '178000000 years 11 mons 2147483647 days 2000000000:00'),
    (repeat(E'line\r\n', 3), 'ü', 'ü', 'a', false, -1, -1, -1, 3.4028235e38, 1.7976931348623157e308,
        ('1' || repeat('0', 131071) || '.' || repeat('7', 16383))::numeric, 1234.56,
        (SELECT string_agg(decode(lpad(to_hex(i), 2, '0'), 'hex'), '') FROM generate_series(0, 255) i), 'infinity',
        '12:00', '12:00+00', 'infinity', 'infinity', '1 day -1 second'),
    (E'"quoted"\'s, {braces} $$ $1 :var :"var" \\connect', 'x', 'y', 'z', true, 2, 2, 2, 0.1, 0.30000000000000004, 1.50,
        0.1, '\xdeadbeef', '2000-02-29', '01:02:03', '01:02:03-07', '1999-12-31 23:59:60', '2000-01-01Z', '-0.1 s');
INSERT INTO app.values (js, jsb, jp, x, u, net, cid, mac, mac8, bits, vbits, pt, ln, seg, bx, pth, pol, cir, tsv, tsq) VALUES
    ('{"b": 1,  "a": [1, 2.50, null, "\u0000"], "a": "again"}', '{"b": 1e400, "a": {"": "\"\\\n\u20ac"}}',
        '$.a[*] ? (@.b like_regex "^\\d+$" flag "i")', '<a b="&lt;">&amp;<![CDATA[ ]] ]]></a>', gen_random_uuid(),
        '::ffff:1.2.3.4/100', '2001:db8::/32', '08:00:2b:01:02:03', '08:00:2b:ff:fe:01:02:03', B'010101010', B'',
        '(NaN,-0)', '{1,-1,0}', '[(0,0),(1e300,1)]', '((1,1),(0,0))', '[(0,0),(1,1)]', '((0,0),(1,1),(2,0))',
        '<(1,2),Infinity>', $$'it''s':1A,2B 'a\\b':3 'sp ace'$$, $$'it''s':*A & !('a\\b' <-> c)$$),
    ('  "text"  ', '"text"', 'strict $', 'not <b>one</b> root', NULL, '10.0.0.1', '10/8', NULL, NULL, NULL, B'1',
        NULL, NULL, NULL, NULL, '((0,0),(1,1))', NULL, NULL, '', '');
INSERT INTO app.values (o, rc, rp, rt, rn, rr, lsn, snap, tx, tid, ir, irs, tr, nr, ai, at, en, ena, pr, ne, fr, fm, pc,
    pcs, w, lb, hs, ci, cl, vec, ov, rowtype) VALUES
    (4294967295, 'app.values', 'app.mood_difference(float8, float8)', 'app.nested', '"Mixed Case"', '"Owner Two; DROP"',
        'FFFFFFFF/FFFFFFFF', '10:20:10,14,15', '18446744073709551615', '(4294967295,65535)', 'empty', '{[1,3),[5,7)}',
        '["2026-01-01Z",)', '{(,1.5],[2,2]}', '[0:2][-1:0]={{1,NULL},{3,4},{5,6}}', '{{"a,b","{}"},{NULL,"NULL"}}',
        'it''s "quoted", \ and more', '{NULL,"très heureux"}', ROW(1, 'a"b\,('), ROW(ROW(NULL, ''),
        ARRAY[ROW(1, NULL)::app.pair, NULL], 'between'), '[-0,Infinity)', '{[1,2]}', 0, '{0,100}', 'ab', E'l\\abel',
        '"a b"=>"c\"d", n=>NULL', 'CiText', 'Straße', '1 2 3', '1 4294967295', (SELECT n FROM pg_namespace n WHERE
        nspname = 'pg_catalog')),
    (0, 'pg_class', 'now()', 'integer[]', 'pg_catalog', 'reader', '0/0', '1:1:', '0', '(0,1)', '(,)', '{}', 'empty',
        '{}', '{}', '{}', 'sad', '{}', ROW(NULL, NULL), NULL, 'empty', '{}', 100, '{}', '', '', '', '', '', '', '', NULL);
COMMENT ON COLUMN app.values.cl IS E'tab\tand\nline\\';
