-- allow
SELECT count(*) FROM "enterprise" AS e

-- allow
-- the engine compares names without case
SELECT COUNT(*) FROM Enterprise E WHERE E.Staff > 1

-- allow
WITH a AS (SELECT * FROM tax), b AS (SELECT * FROM a) SELECT count(*) FROM b

-- allow
TABLE region

-- refuse query/unknown-table 1:22
SELECT count(*) FROM salaries

-- refuse query/unknown-table 1:22
SELECT count(*) FROM 'secret.csv'

-- refuse query/unknown-table 1:22
SELECT count(*) FROM "/etc/passwd"

-- refuse query/unknown-table 1:15
SELECT * FROM duckdb_settings

-- refuse query/unknown-table 1:15
SELECT * FROM sqlite_master

-- refuse query/unknown-table 1:15
SELECT * FROM pg_class

-- refuse query/unknown-table 1:15
-- a common table expression out of its scope
SELECT * FROM a JOIN (WITH a AS (SELECT 1 AS x) SELECT * FROM a) b ON true

-- refuse query/qualified-name 1:15
SELECT * FROM information_schema.tables

-- refuse query/qualified-name 1:22
SELECT count(*) FROM main.tax

-- refuse query/qualified-name 1:22
SELECT count(*) FROM memory.main.tax

-- refuse query/qualified-name 1:8
SELECT main.tax.amount FROM tax

-- refuse query/table-function 1:15
SELECT * FROM read_csv('/etc/passwd')

-- refuse query/table-function 1:15
SELECT * FROM range(1000000000)

-- refuse query/table-function 1:15
SELECT * FROM query('SELECT 1')

-- refuse query/table-function 1:15
SELECT * FROM query_table('tax')

-- refuse query/table-function 1:15
SELECT * FROM duckdb_tables()

-- refuse query/table-function 1:15
SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))

-- refuse query/table-function 1:20
SELECT * FROM tax, unnest([1, 2])

-- refuse query/show
SELECT * FROM (SHOW TABLES)

-- refuse query/show
SELECT * FROM (DESCRIBE tax)

-- refuse query/show
SELECT * FROM (SUMMARIZE tax)

-- refuse query/sample 1:22
SELECT count(*) FROM tax TABLESAMPLE 10%

-- refuse query/sample
SELECT count(*) FROM tax USING SAMPLE 10

-- refuse query/time-travel 1:22
SELECT count(*) FROM tax AT (VERSION => 1)

-- refuse query/recursive
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r

-- refuse query/pivot
SELECT * FROM (PIVOT tax ON kind IN ('a', 'b') USING sum(amount))

-- refuse query/pivot
SELECT * FROM (UNPIVOT tax ON amount, late_days)

-- refuse query/join-kind 1:26
SELECT count(*) FROM tax FULL JOIN court USING (uscc)

-- refuse query/join-kind
SELECT count(*) FROM tax ASOF JOIN court ON tax.uscc = court.uscc AND tax.period >= court.filed

-- refuse query/join-kind
SELECT count(*) FROM tax POSITIONAL JOIN court

-- refuse query/set-operation
SELECT uscc FROM tax EXCEPT SELECT uscc FROM court

-- refuse query/set-operation
SELECT uscc FROM tax INTERSECT ALL SELECT uscc FROM court

-- refuse query/distinct-on
SELECT DISTINCT ON (uscc) uscc, amount FROM tax

-- allow
SELECT district, listed, count(*), grouping(district, listed) FROM enterprise GROUP BY CUBE (district, listed)

-- refuse query/too-many-groupings
SELECT count(*) FROM enterprise GROUP BY CUBE (district, industry, listed, founded, staff, capital)

-- refuse query/limit
SELECT district FROM enterprise LIMIT 10%

-- refuse query/limit
SELECT kind, count(*) FROM tax GROUP BY kind LIMIT (SELECT 3)
