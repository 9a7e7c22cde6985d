-- allow
-- full-width spaces and Chinese identifiers
SELECT　district AS 区,　count(*) AS 数量 FROM enterprise GROUP BY district

-- allow
-- comments, a semicolon and more comments at the end
SELECT /* a; /* nested; */ */ count(*) FROM enterprise -- here; too
; -- and here

-- allow
-- a semicolon in a text
SELECT count(*) FROM enterprise WHERE district = 'a;b' AND industry = $$c;d$$

-- refuse query/empty
-- only a comment

-- refuse query/empty
;

-- refuse query/several-statements 1:27
SELECT count(*) FROM tax; DROP TABLE tax

-- refuse query/several-statements 2:1
SELECT 1;
SELECT 2

-- refuse query/not-select 1:1
DROP TABLE tax

-- refuse query/not-select 1:1
PRAGMA database_list

-- refuse query/not-select 1:1
PRAGMA x(sleep_ms(1500))

-- refuse query/not-select 1:1
EXPLAIN SELECT 1

-- refuse query/not-select 1:1
SET memory_limit = '1TB'

-- refuse query/not-select 1:1
CALL enable_peg_parser()

-- refuse query/not-select 1:1
COPY tax TO '/tmp/x.csv'

-- refuse query/not-select 1:1
ATTACH '/tmp/x.db' AS x

-- refuse query/not-select 1:1
DESCRIBE tax

-- refuse query/not-select 1:1
SUMMARIZE tax

-- refuse query/not-select 1:1
SHOW TABLES

-- refuse query/not-select 1:1
PIVOT tax ON kind USING sum(amount)

-- refuse query/syntax 1:31
SELECT count(*) FROM tax WHERE

-- refuse query/syntax
SELECT FROM tax

-- refuse query/syntax 2:15
SELECT count(*)
FROM (SELECT 1

-- refuse query/syntax 1:9
SELECT 1) AS a, (SELECT 2

-- refuse query/several-statements 1:17
SELECT 1) AS q; DROP TABLE tax; SELECT (1

-- refuse query/syntax 1:9
SELECT 1) AS q WHERE (1 = 1

-- refuse query/number 1:8
SELECT 0xFF

-- refuse query/number 1:50
SELECT count(*) FROM enterprise WHERE industry = X'ab'

-- refuse query/number 1:8
SELECT 1_000abc

-- refuse query/parameter
SELECT count(*) FROM enterprise WHERE staff > ?

-- refuse query/parameter
SELECT count(*) FROM enterprise WHERE staff > $1

-- refuse query/parameter
SELECT count(*) FROM enterprise WHERE staff > $name
