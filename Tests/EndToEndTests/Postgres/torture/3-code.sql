-- Everything that is called.
SET search_path = app, public;
SET check_function_bodies = off;
CREATE FUNCTION app.twice(n integer DEFAULT 1, OUT result integer) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$
-- Name: nothing; Type: TABLE; Schema: app; Owner: nobody
    SELECT $1 * 2 /* $$ */
-- PostgreSQL database dump complete
$f$;
CREATE FUNCTION app.modern(a integer, VARIADIC rest text[] DEFAULT '{}') RETURNS SETOF text STABLE ROWS 7 COST 3
    BEGIN ATOMIC SELECT unnest(rest); END;
CREATE FUNCTION app.as_table(text) RETURNS TABLE (a integer, "B b" text) LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = app, "Mixed Case" SET work_mem = '4MB' LEAKPROOF AS
    'BEGIN RETURN QUERY SELECT 1, $1 || ''\ it''''s''; END';
CREATE FUNCTION app.modern(text) RETURNS text LANGUAGE sql AS 'SELECT $1';
CREATE PROCEDURE app.work(INOUT n integer) LANGUAGE plpgsql AS $$ BEGIN n := n + 1; COMMIT; END $$;
CREATE FUNCTION app."odd ""name"" (really)"("a b" integer) RETURNS integer LANGUAGE sql AS 'SELECT $1';
CREATE AGGREGATE app.product(double precision) (SFUNC = float8mul, STYPE = double precision, INITCOND = '1',
    PARALLEL = safe, COMBINEFUNC = float8mul);
CREATE AGGREGATE app.ranked(VARIADIC "any" ORDER BY VARIADIC "any") (
    SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
CREATE FUNCTION app.pair_less(app.pair, app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
    'SELECT $1.left_side < $2.left_side';
CREATE OPERATOR app.<<< (LEFTARG = app.pair, RIGHTARG = app.pair, FUNCTION = app.pair_less, COMMUTATOR = OPERATOR(app.>>>),
    RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE FUNCTION app.pair_more(app.pair, app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS
    'SELECT $1.left_side > $2.left_side';
CREATE OPERATOR app.>>> (LEFTARG = app.pair, RIGHTARG = app.pair, FUNCTION = app.pair_more, COMMUTATOR = OPERATOR(app.<<<));
CREATE FUNCTION app.absolute(numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT pg_catalog.abs($1)';
CREATE OPERATOR app.!! (RIGHTARG = numeric, FUNCTION = app.absolute);
CREATE FUNCTION app.backwards(integer, integer) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS
    'SELECT pg_catalog.btint4cmp($2, $1)';
CREATE OPERATOR FAMILY app.turned USING btree;
CREATE OPERATOR CLASS app.turned_ops FOR TYPE integer USING btree FAMILY app.turned AS
    OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 app.backwards(integer, integer);
CREATE OPERATOR CLASS app.mood_ops FOR TYPE app.mood USING hash AS
    OPERATOR 1 = (anyenum, anyenum), FUNCTION 1 (app.mood, app.mood) hashenum(anyenum), FUNCTION 2 (app.mood, app.mood) hashenumextended(anyenum, bigint);
CREATE FUNCTION app.to_pair(integer) RETURNS app.pair LANGUAGE sql IMMUTABLE AS 'SELECT ROW($1, NULL)::app.pair';
CREATE CAST (integer AS app.pair) WITH FUNCTION app.to_pair(integer) AS ASSIGNMENT;
CREATE CAST (app.mood AS varchar) WITH INOUT AS IMPLICIT;
CREATE DEFAULT CONVERSION app.from_latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE FUNCTION app.plother_handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE FUNCTION app.plother_inline(internal) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_inline_handler';
CREATE FUNCTION app.plother_validator(oid) RETURNS void LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_validator';
CREATE TRUSTED LANGUAGE plother HANDLER app.plother_handler INLINE app.plother_inline VALIDATOR app.plother_validator;
CREATE FUNCTION app.in_other(integer) RETURNS integer LANGUAGE plother AS 'BEGIN RETURN $1; END';
CREATE TRANSFORM FOR integer LANGUAGE plother (FROM SQL WITH FUNCTION prsd_lextype(internal));
CREATE ACCESS METHOD heap_too TYPE TABLE HANDLER heap_tableam_handler;
CREATE TEXT SEARCH DICTIONARY app.stems (TEMPLATE = snowball, Language = 'german', StopWords = 'german');
CREATE TEXT SEARCH CONFIGURATION app.german (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION app.german ALTER MAPPING FOR asciiword, word WITH app.stems, simple;
CREATE TEXT SEARCH PARSER app.parser (START = prsd_start, GETTOKEN = prsd_nexttoken, END = prsd_end,
    LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
CREATE TEXT SEARCH TEMPLATE app.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);

COMMENT ON FUNCTION app.twice(integer) IS 'doubles; Type: INDEX; Schema: -; Owner: -';
COMMENT ON PROCEDURE app.work(integer) IS 'works';
COMMENT ON AGGREGATE app.product(double precision) IS 'multiplies';
COMMENT ON OPERATOR app.<<< (app.pair, app.pair) IS 'less';
COMMENT ON OPERATOR FAMILY app.turned USING btree IS 'turned around';
COMMENT ON OPERATOR CLASS app.turned_ops USING btree IS 'turned around';
COMMENT ON CAST (integer AS app.pair) IS 'half a pair';
COMMENT ON CONVERSION app.from_latin IS 'from latin';
COMMENT ON LANGUAGE plother IS 'the same under another name';
COMMENT ON TRANSFORM FOR integer LANGUAGE plother IS 'changes';
COMMENT ON ACCESS METHOD heap_too IS 'a heap';
COMMENT ON TEXT SEARCH CONFIGURATION app.german IS 'German';
COMMENT ON TEXT SEARCH DICTIONARY app.stems IS 'stems';
COMMENT ON TEXT SEARCH PARSER app.parser IS 'words';
COMMENT ON TEXT SEARCH TEMPLATE app.template IS 'simple';
REVOKE ALL ON FUNCTION app.as_table(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.as_table(text) TO reader WITH GRANT OPTION;
GRANT EXECUTE ON PROCEDURE app.work(integer) TO "back\slash 'quote'";
REVOKE USAGE ON LANGUAGE plother FROM PUBLIC;
ALTER FUNCTION app.twice(integer) OWNER TO owner_one;
ALTER AGGREGATE app.product(double precision) OWNER TO "Owner Two; DROP";
ALTER OPERATOR app.<<< (app.pair, app.pair) OWNER TO owner_one;
ALTER TEXT SEARCH CONFIGURATION app.german OWNER TO owner_one;
-- A right on a function of the system, which is not a default one.
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC;
GRANT SELECT (rolname) ON pg_catalog.pg_authid TO reader;
