-- allow
SELECT count(*) FROM enterprise e WHERE e.capital > 10.5 AND NOT e.listed

-- refuse query/unknown-column 1:39
SELECT count(*) FROM enterprise WHERE phone = 1

-- refuse query/unknown-column 2:7
SELECT count(*) FROM enterprise
WHERE 电话 = 1

-- refuse query/unknown-alias 1:8
SELECT x.amount FROM tax t

-- refuse query/unknown-column 1:8
SELECT t.phone FROM tax t

-- refuse query/ambiguous-column 1:8
SELECT uscc FROM tax, court

-- refuse query/not-grouped 1:8
SELECT district, count(*) FROM enterprise

-- refuse query/misplaced-aggregate
SELECT district FROM enterprise WHERE count(*) > 1 GROUP BY district

-- refuse query/misplaced-aggregate
SELECT 1 FROM enterprise GROUP BY sum(staff)

-- refuse query/misplaced-aggregate
SELECT sum(count(*)) FROM enterprise

-- refuse query/misplaced-aggregate
SELECT count(*) FROM enterprise WHERE row_number() OVER () = 1

-- refuse query/row-id 1:8
SELECT rowid FROM tax

-- refuse query/row-id 1:22
SELECT count(*), max(__rank_person) FROM tax

-- refuse query/columns-expression 1:8
SELECT COLUMNS('a.*') FROM tax

-- refuse query/columns-expression
SELECT min(COLUMNS(*)) FROM tax

-- refuse query/collation
SELECT count(*) FROM tax WHERE kind COLLATE NOCASE = 'vat'

-- refuse query/lambda
SELECT count(*) FROM tax WHERE x -> x + 1

-- refuse query/qualified-function 1:8
SELECT system.main.upper(kind) FROM tax

-- refuse query/qualified-function 1:8
SELECT kind.upper() FROM tax

-- refuse query/nested-value
SELECT [1, 2, 3]

-- refuse query/nested-value
SELECT {'a': 1}

-- refuse query/nested-value
SELECT kind[1] FROM tax

-- refuse query/nested-value
SELECT row(1, 2)

-- refuse query/type
-- a whole row
SELECT e FROM enterprise e

-- refuse query/function 1:8
SELECT getvariable('x')

-- refuse query/function 1:8
SELECT current_setting('memory_limit')

-- refuse query/function 1:8
SELECT error(district) FROM enterprise

-- refuse query/function 1:8
SELECT sleep_ms(1000)

-- refuse query/function 1:8
SELECT random()

-- refuse query/function 1:8
SELECT now()

-- refuse query/function 1:8
SELECT current_timestamp

-- refuse query/function 1:8
SELECT list(district) FROM enterprise

-- refuse query/function 1:8
SELECT string_agg(district, ',') FROM enterprise

-- refuse query/function 1:8
SELECT any_value(district) FROM enterprise

-- refuse query/function 1:8
SELECT first(district) FROM enterprise

-- refuse query/function 1:8
SELECT stats(capital) FROM enterprise

-- refuse query/function 1:8
SELECT repeat('x', 2000000000)

-- refuse query/function 1:8
SELECT hash(district) FROM enterprise

-- refuse query/function 1:8
SELECT __hash(1, district) FROM enterprise

-- refuse query/function 1:8
SELECT approx_count_distinct(district) FROM enterprise

-- refuse query/function 1:8
SELECT nosuchfunction(district) FROM enterprise

-- refuse query/function 1:8
-- the reasons of a text are told all at once
-- refuse query/function 1:24
SELECT list(district), random(), nosuch(1) FROM enterprise
-- refuse query/function 1:34

-- refuse query/unsupported
SELECT TRY(staff) FROM enterprise

-- refuse query/argument-types 1:8
SELECT sum(district) FROM enterprise

-- refuse query/argument-types 1:8
SELECT upper(capital, 3) FROM enterprise

-- refuse query/argument-types
SELECT avg(founded) FROM enterprise

-- refuse query/function-arguments
SELECT date_trunc(kind, period) FROM tax

-- refuse query/function-arguments
SELECT period + to_months(late_days::INTEGER) FROM tax

-- refuse query/function-arguments
SELECT count(*) FROM tax WHERE kind LIKE kind

-- refuse query/function-arguments
SELECT count(*) FROM tax WHERE kind LIKE '%a%a%a%a%a%a%a%a%a%'

-- refuse query/nested-value
SELECT quantile_cont(amount, [0.1, 0.9]) FROM tax

-- refuse query/growth
SELECT replace(kind, 'a', 'aaaaaaaaaa') FROM tax

-- refuse query/growth
SELECT lpad(kind, 100000, '0') FROM tax

-- refuse query/ordered-aggregate
SELECT sum(amount ORDER BY period) FROM tax

-- refuse query/type
SELECT CAST(staff AS FLOAT) FROM enterprise

-- refuse query/type
SELECT CAST(district AS ENUM ('a', 'b')) FROM enterprise

-- refuse query/type
SELECT CAST(district AS UUID) FROM enterprise

-- refuse query/type
SELECT founded::TIMESTAMPTZ FROM enterprise

-- refuse query/cast
SELECT CAST(staff AS DATE) FROM enterprise

-- refuse query/window-frame
SELECT sum(amount) OVER (ORDER BY late_days RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM tax

-- refuse query/window-frame
SELECT sum(amount) OVER (ORDER BY period ROWS BETWEEN late_days PRECEDING AND CURRENT ROW) FROM tax

-- refuse query/window-frame
SELECT sum(amount) OVER (ORDER BY period ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM tax

-- refuse query/window-frame
SELECT lag(amount IGNORE NULLS) OVER (ORDER BY period) FROM tax

-- refuse query/literal 1:55
SELECT count(*) FROM enterprise WHERE founded >= DATE '2024-13-45'

-- refuse query/literal 1:50
SELECT count(*) FROM enterprise WHERE founded >= '2024-02-30'

-- refuse query/literal 1:47
SELECT count(*) FROM enterprise WHERE staff > '12a'

-- refuse query/literal 1:13
SELECT CAST(300 AS TINYINT)

-- refuse query/constant 1:10
SELECT 1 / 0

-- refuse query/constant
SELECT count(*) FROM enterprise WHERE staff > 9223372036854775807 + 1

-- refuse query/constant
SELECT count(*) FROM enterprise WHERE capital > ln(0)

-- refuse query/binding
SELECT district, industry FROM enterprise UNION ALL SELECT uscc FROM tax
