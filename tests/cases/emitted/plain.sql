-- rows of the whole table
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t)
SELECT count(*) AS c0 FROM "_0" AS t

-- groups by a code
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0

-- sum and average of money
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."industry" AS c1 FROM "enterprise" AS t)
SELECT t.c1 AS c0, "sum"(t.c0) AS c1, "avg"(t.c0) AS c2 FROM "_0" AS t GROUP BY t.c1

-- a filter on a code and on a number
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE ((t.c0 = CAST('浦东' AS VARCHAR)) AND (t.c1 > CAST('20' AS BIGINT))))
SELECT count(*) AS c0 FROM "_1" AS t

-- a list of codes
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE (t.c0 IN (CAST('徐汇' AS VARCHAR), CAST('浦东' AS VARCHAR), CAST('静安' AS VARCHAR))))
SELECT t.c1 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c1

-- not in a list of codes
WITH "_0" AS NOT MATERIALIZED (SELECT t."industry" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 NOT IN (CAST('制造' AS VARCHAR), CAST('零售' AS VARCHAR))))
SELECT count(*) AS c0 FROM "_1" AS t

-- a range of money
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE ((t.c0 <= CAST('5000.50' AS DECIMAL(18,2))) AND (t.c0 >= CAST('100.00' AS DECIMAL(18,2)))))
SELECT count(*) AS c0, "sum"(t.c1) AS c1 FROM "_1" AS t

-- dates as texts
WITH "_0" AS NOT MATERIALIZED (SELECT t."founded" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE ((t.c0 < CAST('2020-01-01' AS DATE)) AND (t.c0 >= CAST('2015-01-01' AS DATE))))
SELECT count(*) AS c0 FROM "_1" AS t

-- dates with intervals
WITH "_0" AS NOT MATERIALIZED (SELECT t."founded" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 >= CAST('2017-01-01' AS DATE)))
SELECT count(*) AS c0 FROM "_1" AS t

-- today
WITH "_0" AS NOT MATERIALIZED (SELECT t."founded" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 < CAST('2016-06-30' AS DATE)))
SELECT count(*) AS c0 FROM "_1" AS t

-- age in years
WITH "_0" AS NOT MATERIALIZED (SELECT t."founded" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT "date_diff"(CAST('year' AS VARCHAR), CASE WHEN ((t.c0 >= CAST('0001-01-01' AS DATE)) AND (t.c0 <= CAST('9999-12-31' AS DATE))) THEN t.c0 ELSE CAST(NULL AS DATE) END, CASE WHEN ((CAST('2026-06-30' AS DATE) >= CAST('0001-01-01' AS DATE)) AND (CAST('2026-06-30' AS DATE) <= CAST('9999-12-31' AS DATE))) THEN CAST('2026-06-30' AS DATE) ELSE CAST(NULL AS DATE) END) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- founding years
WITH "_0" AS NOT MATERIALIZED (SELECT t."founded" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT "year"(CASE WHEN ((t.c0 >= CAST('0001-01-01' AS DATE)) AND (t.c0 <= CAST('9999-12-31' AS DATE))) THEN t.c0 ELSE CAST(NULL AS DATE) END) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- extract month
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."period" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, "date_part"(CAST('month' AS VARCHAR), CASE WHEN ((t.c1 >= CAST('0001-01-01' AS DATE)) AND (t.c1 <= CAST('9999-12-31' AS DATE))) THEN t.c1 ELSE CAST(NULL AS DATE) END) AS c1 FROM "_0" AS t)
SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1

-- truncated dates
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."period" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, "date_trunc"(CAST('quarter' AS VARCHAR), CASE WHEN ((t.c1 >= CAST('0001-01-01' AS DATE)) AND (t.c1 <= CAST('9999-12-31' AS DATE))) THEN t.c1 ELSE CAST(NULL AS DATE) END) AS c1 FROM "_0" AS t)
SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1

-- month as text
WITH "_0" AS NOT MATERIALIZED (SELECT t."period" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT "strftime"(CASE WHEN ((t.c0 >= CAST('0001-01-01' AS DATE)) AND (t.c0 <= CAST('9999-12-31' AS DATE))) THEN t.c0 ELSE CAST(NULL AS DATE) END, CAST('%Y-%m' AS VARCHAR)) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- buckets by CASE
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT CASE WHEN (t.c0 < CAST('10' AS BIGINT)) THEN CAST('small' AS VARCHAR) WHEN (t.c0 < CAST('50' AS BIGINT)) THEN CAST('medium' AS VARCHAR) ELSE CAST('large' AS VARCHAR) END AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- buckets by division
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT TRY_CAST((TRY_CAST(t.c0 AS HUGEINT) // CASE WHEN (TRY_CAST(CAST('10' AS BIGINT) AS HUGEINT) <> CAST('0' AS HUGEINT)) THEN TRY_CAST(CAST('10' AS BIGINT) AS HUGEINT) ELSE CAST(NULL AS HUGEINT) END) AS BIGINT) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- simple CASE
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CASE WHEN (t.c1 = CAST('增值税' AS VARCHAR)) THEN CAST('vat' AS VARCHAR) WHEN (t.c1 = CAST('所得税' AS VARCHAR)) THEN CAST('cit' AS VARCHAR) ELSE CAST(NULL AS VARCHAR) END AS c1 FROM "_0" AS t)
SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1

-- booleans
WITH "_0" AS NOT MATERIALIZED (SELECT t."listed" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 IS NOT NULL))
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- boolean as filter
WITH "_0" AS NOT MATERIALIZED (SELECT t."listed" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE t.c0)
SELECT count(*) AS c0 FROM "_1" AS t

-- boolean compared
WITH "_0" AS NOT MATERIALIZED (SELECT t."listed" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE ((t.c0 = CAST('false' AS BOOLEAN)) AND (NOT t.c0)))
SELECT count(*) AS c0 FROM "_1" AS t

-- null handling
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t)
SELECT count(*) AS c0, "count"(t.c0) AS c1, "count"(DISTINCT t.c1) AS c2 FROM "_0" AS t

-- coalesce
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT COALESCE(t.c0, CAST('未知' AS VARCHAR)) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- nullif and division
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."late_days" AS c2 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1, "sum"(t.c2) AS c2 FROM "_0" AS t GROUP BY t.c1)
SELECT t.c0 AS c0, (TRY_CAST(t.c1 AS DOUBLE) / CASE WHEN (TRY_CAST(CASE WHEN (t.c2 = CAST('0' AS HUGEINT)) THEN CAST(NULL AS HUGEINT) ELSE t.c2 END AS DOUBLE) <> CAST('0.0' AS DOUBLE)) THEN TRY_CAST(CASE WHEN (t.c2 = CAST('0' AS HUGEINT)) THEN CAST(NULL AS HUGEINT) ELSE t.c2 END AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c1 FROM "_1" AS t

-- having
WITH "_0" AS NOT MATERIALIZED (SELECT t."industry" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0)
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c1 >= CAST('5' AS BIGINT))

-- having on another aggregate
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."late_days" AS c2 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "avg"(t.c0) AS c1, count(*) AS c2, "sum"(t.c2) AS c3 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3 FROM "_1" AS t WHERE ((t.c2 > CAST('3' AS BIGINT)) OR (t.c3 > CAST('10' AS HUGEINT))))
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t

-- having on a key
WITH "_0" AS NOT MATERIALIZED (SELECT t."kind" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 <> CAST('增值税' AS VARCHAR)))
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- filters in aggregates
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1, t."listed" AS c2, t."staff" AS c3 FROM "enterprise" AS t)
SELECT t.c1 AS c0, count(*) FILTER (WHERE t.c2) AS c1, "sum"(t.c0) FILTER (WHERE (t.c3 > CAST('10' AS BIGINT))) AS c2 FROM "_0" AS t GROUP BY t.c1

-- ordered and limited
WITH "_0" AS NOT MATERIALIZED (SELECT t."industry" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 IS NOT NULL)),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0)
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t ORDER BY t.c1 DESC NULLS LAST, t.c0 ASC NULLS LAST LIMIT 3

-- ordered with offset
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_0" AS t GROUP BY t.c1)
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t ORDER BY t.c1 DESC NULLS LAST, t.c0 ASC NULLS FIRST LIMIT 2 OFFSET 1

-- ordered by something not shown
WITH "_0" AS NOT MATERIALIZED (SELECT t."industry" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 IS NOT NULL)),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t ORDER BY t.c1 DESC NULLS LAST, t.c0 ASC NULLS LAST)
SELECT t.c0 AS c0 FROM "_3" AS t

-- distinct
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."listed" AS c1 FROM "enterprise" AS t)
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t GROUP BY t.c0, t.c1

-- count of distinct codes with a filter
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1 FROM "enterprise" AS t)
SELECT "count"(DISTINCT t.c1) FILTER (WHERE (t.c0 = CAST('静安' AS VARCHAR))) AS c0 FROM "_0" AS t

-- texts
WITH "_0" AS NOT MATERIALIZED (SELECT t."kind" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT "upper"(t.c0) AS c0, "length"(t.c0) AS c1 FROM "_0" AS t)
SELECT t.c0 AS c0, t.c1 AS c1, count(*) AS c2 FROM "_1" AS t GROUP BY t.c0, t.c1

-- prefixes
WITH "_0" AS NOT MATERIALIZED (SELECT t."cause" AS c0 FROM "court" AS t),
"_1" AS NOT MATERIALIZED (SELECT "left"(t.c0, CASE WHEN ((CAST('2' AS BIGINT) >= CAST('-2000000' AS BIGINT)) AND (CAST('2' AS BIGINT) <= CAST('2000000' AS BIGINT))) THEN CAST('2' AS BIGINT) ELSE CAST(NULL AS BIGINT) END) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- like
WITH "_0" AS NOT MATERIALIZED (SELECT t."cause" AS c0 FROM "court" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 ~~ CAST('买卖%' AS VARCHAR)))
SELECT count(*) AS c0 FROM "_1" AS t

-- not like and ilike
WITH "_0" AS NOT MATERIALIZED (SELECT t."cause" AS c0, t."role" AS c1 FROM "court" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE ((t.c0 !~~ CAST('%纠纷' AS VARCHAR)) OR (t.c1 ~~* CAST('PLAIN%' AS VARCHAR))))
SELECT count(*) AS c0 FROM "_1" AS t

-- substring and position
WITH "_0" AS NOT MATERIALIZED (SELECT t."cause" AS c0 FROM "court" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, "substring"(t.c0, CASE WHEN ((CAST('2' AS BIGINT) >= CAST('-2000000' AS BIGINT)) AND (CAST('2' AS BIGINT) <= CAST('2000000' AS BIGINT))) THEN CAST('2' AS BIGINT) ELSE CAST(NULL AS BIGINT) END, CASE WHEN ((CAST('2' AS BIGINT) >= CAST('-2000000' AS BIGINT)) AND (CAST('2' AS BIGINT) <= CAST('2000000' AS BIGINT))) THEN CAST('2' AS BIGINT) ELSE CAST(NULL AS BIGINT) END) AS c1 FROM "_0" AS t)
SELECT t.c1 AS c0, "max"("strpos"(t.c0, CAST('合同' AS VARCHAR))) AS c1 FROM "_1" AS t GROUP BY t.c1

-- replace and concatenation
WITH "_0" AS NOT MATERIALIZED (SELECT t."kind" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT "left"(("left"(("replace"(t.c0, CAST('税' AS VARCHAR), CAST('' AS VARCHAR)) || CAST('/' AS VARCHAR)), CAST('512' AS BIGINT)) || COALESCE(t.c0, CAST('-' AS VARCHAR))), CAST('512' AS BIGINT)) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- numbers
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 < CAST('500.00' AS DECIMAL(18,2))))
SELECT "round"(t.c0, CAST('0' AS INTEGER)) AS c0, "floor"(t.c0) AS c1, "abs"(TRY_CAST((TRY_CAST(t.c0 AS DECIMAL(19,2)) - TRY_CAST(CAST('1000.00' AS DECIMAL(18,2)) AS DECIMAL(19,2))) AS DECIMAL(18,2))) AS c2 FROM "_1" AS t

-- logarithms and powers
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1, t."staff" AS c2 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_0" AS t WHERE (t.c0 > CAST('0.00' AS DECIMAL(18,2))))
SELECT t.c1 AS c0, "avg"("ln"(CASE WHEN (TRY_CAST(TRY_CAST((TRY_CAST(CAST('1.00' AS DECIMAL(18,2)) AS DECIMAL(19,2)) + TRY_CAST(t.c0 AS DECIMAL(19,2))) AS DECIMAL(18,2)) AS DOUBLE) > CAST('0' AS DOUBLE)) THEN TRY_CAST(TRY_CAST((TRY_CAST(CAST('1.00' AS DECIMAL(18,2)) AS DECIMAL(19,2)) + TRY_CAST(t.c0 AS DECIMAL(19,2))) AS DECIMAL(18,2)) AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END)) AS c1, "sum"("pow"(TRY_CAST(t.c2 AS DOUBLE), CAST('2' AS DOUBLE))) AS c2 FROM "_1" AS t GROUP BY t.c1

-- remainder
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT TRY_CAST((TRY_CAST(t.c0 AS HUGEINT) % CASE WHEN (TRY_CAST(CAST('3' AS BIGINT) AS HUGEINT) <> CAST('0' AS HUGEINT)) THEN TRY_CAST(CAST('3' AS BIGINT) AS HUGEINT) ELSE CAST(NULL AS HUGEINT) END) AS BIGINT) AS c0 FROM "_0" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- statistics
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."industry" AS c1, t."staff" AS c2 FROM "enterprise" AS t)
SELECT t.c1 AS c0, "stddev_samp"(CASE WHEN ((TRY_CAST(t.c0 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c0 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c0 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c1, "var_pop"(CASE WHEN ((TRY_CAST(t.c2 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c2 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c2 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c2, "corr"(CASE WHEN ((TRY_CAST(t.c0 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c0 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c0 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END, CASE WHEN ((TRY_CAST(t.c2 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c2 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c2 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c3 FROM "_0" AS t GROUP BY t.c1

-- regression
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."staff" AS c1 FROM "enterprise" AS t)
SELECT "regr_slope"(CASE WHEN ((TRY_CAST(t.c0 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c0 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c0 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END, CASE WHEN ((TRY_CAST(t.c1 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c1 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c1 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c0, "regr_intercept"(CASE WHEN ((TRY_CAST(t.c0 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c0 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c0 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END, CASE WHEN ((TRY_CAST(t.c1 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c1 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c1 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c1, "regr_r2"(CASE WHEN ((TRY_CAST(t.c0 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c0 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c0 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END, CASE WHEN ((TRY_CAST(t.c1 AS DOUBLE) >= CAST('-1e+140' AS DOUBLE)) AND (TRY_CAST(t.c1 AS DOUBLE) <= CAST('1e+140' AS DOUBLE))) THEN TRY_CAST(t.c1 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c2 FROM "_0" AS t

-- quantiles
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."staff" AS c1 FROM "enterprise" AS t)
SELECT "quantile_cont"(t.c1, CAST('0.5' AS DECIMAL(2,1))) AS c0, "quantile_cont"(t.c0, CAST('0.9' AS DECIMAL(2,1))) AS c1, "quantile_disc"(t.c1, CAST('0.25' AS DECIMAL(3,2))) AS c2 FROM "_0" AS t

-- extremes
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."founded" AS c1, t."industry" AS c2, t."staff" AS c3, t."uscc" AS c4 FROM "enterprise" AS t)
SELECT t.c0 AS c0, "min"(t.c1) AS c1, "max"(t.c3) AS c2, "arg_max"(t.c2, t.c4) AS c3 FROM "_0" AS t GROUP BY t.c0

-- conditional sums
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."late_days" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT "sum"(t.c0) AS c0, "sum"(CASE WHEN (t.c1 > CAST('0' AS BIGINT)) THEN t.c0 ELSE CAST('0.00' AS DECIMAL(18,2)) END) AS c1 FROM "_0" AS t)
SELECT (TRY_CAST(t.c1 AS DOUBLE) / CASE WHEN (TRY_CAST(t.c0 AS DOUBLE) <> CAST('0.0' AS DOUBLE)) THEN TRY_CAST(t.c0 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c0 FROM "_1" AS t

-- count if
WITH "_0" AS NOT MATERIALIZED (SELECT t."kind" AS c0, t."late_days" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) FILTER (WHERE (t.c1 > CAST('0' AS BIGINT))) AS c1 FROM "_0" AS t GROUP BY t.c0)
SELECT t.c0 AS c0, TRY_CAST(t.c1 AS HUGEINT) AS c1 FROM "_1" AS t

-- constants only
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0)
SELECT CAST('2' AS INTEGER) AS c0, CAST('a' AS VARCHAR) AS c1, CAST('2024-02-29' AS DATE) AS c2, TRY_CAST(NULL AS INTEGER) AS c3 FROM "_0" AS t

-- values
WITH "_0" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM (VALUES (CAST('1' AS INTEGER), CAST('a' AS VARCHAR)), (CAST('2' AS INTEGER), CAST('b' AS VARCHAR)), (CAST(NULL AS INTEGER), CAST('c' AS VARCHAR))) AS t(c0, c1))
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE ((t.c0 > CAST('1' AS INTEGER)) OR (t.c0 IS NULL))

-- or of comparisons
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE ((t.c1 = CAST('3' AS BIGINT)) OR (t.c0 IN (CAST('浦东' AS VARCHAR), CAST('静安' AS VARCHAR)))))
SELECT count(*) AS c0 FROM "_1" AS t

-- distinct from
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 IS DISTINCT FROM CAST('浦东' AS VARCHAR)))
SELECT count(*) AS c0 FROM "_1" AS t

-- an unused subquery
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t)
SELECT count(*) AS c0 FROM "_0" AS t

-- columns computed from columns
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1, "sum"(t.c1) AS c2 FROM "_0" AS t GROUP BY t.c0)
SELECT t.c0 AS c0, TRY_CAST((TRY_CAST(CAST('2' AS BIGINT) AS HUGEINT) * TRY_CAST(t.c1 AS HUGEINT)) AS BIGINT) AS c1, TRY_CAST((TRY_CAST(t.c2 AS DECIMAL(37,0)) + TRY_CAST(TRY_CAST(t.c1 AS HUGEINT) AS DECIMAL(37,0))) AS HUGEINT) AS c2 FROM "_1" AS t

-- star over a grouped subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0)
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c1 > CAST('2' AS BIGINT))

-- casts
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."founded" AS c1, t."staff" AS c2 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_0" AS t WHERE (t.c2 < CAST('20' AS BIGINT)))
SELECT TRY_CAST(t.c0 AS INTEGER) AS c0, TRY_CAST(t.c2 AS VARCHAR) AS c1, TRY_CAST(t.c1 AS VARCHAR) AS c2 FROM "_1" AS t

-- text compared with a number
WITH "_0" AS NOT MATERIALIZED (SELECT t."code" AS c0 FROM "region" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (TRY_CAST(t.c0 AS INTEGER) = CAST('310101' AS INTEGER)))
SELECT count(*) AS c0 FROM "_1" AS t

-- money times a factor
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."late_days" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT "sum"(TRY_CAST((TRY_CAST(CAST('0.13' AS DECIMAL(18,2)) AS DECIMAL(3,2)) * TRY_CAST(t.c0 AS DECIMAL(19,2))) AS DECIMAL(18,4))) AS c0, "sum"(TRY_CAST(TRY_CAST(TRY_CAST((t.c0 * TRY_CAST(TRY_CAST(t.c1 AS DECIMAL(37,0)) AS DECIMAL(20,0))) AS DECIMAL(37,2)) AS DECIMAL(28,2)) AS DECIMAL(37,2))) AS c1, "sum"(t.c0) AS c2 FROM "_0" AS t)
SELECT t.c0 AS c0, t.c1 AS c1, TRY_CAST((TRY_CAST(t.c2 AS DECIMAL(37,2)) * TRY_CAST(CAST('2' AS DECIMAL(38,0)) AS DECIMAL(1,0))) AS DECIMAL(38,2)) AS c2 FROM "_1" AS t

-- from first
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 > CAST('5' AS BIGINT)))
SELECT count(*) AS c0 FROM "_1" AS t
