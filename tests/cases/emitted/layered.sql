-- features by enterprise, then groups
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, count(*) AS c1, "sum"(t.c0) AS c2 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3, r.c2 AS c4 FROM "_2" AS l INNER JOIN "_1" AS r ON (l.c1 = r.c0))
SELECT t.c0 AS c0, "avg"(TRY_CAST(TRY_CAST(t.c4 AS DECIMAL(28,2)) AS DECIMAL(38,2))) AS c1, "sum"(t.c3) AS c2 FROM "_3" AS t GROUP BY t.c0

-- features from two tables
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT t."insured" AS c0, t."uscc" AS c1 FROM "insurance" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "max"(t.c0) AS c1 FROM "_2" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT t."industry" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_4" AS l LEFT JOIN "_1" AS r ON (l.c1 = r.c0)),
"_6" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, l.c3 AS c3, r.c0 AS c4, r.c1 AS c5 FROM "_5" AS l LEFT JOIN "_3" AS r ON (l.c1 = r.c0))
SELECT t.c0 AS c0, count(*) AS c1, "avg"((TRY_CAST(t.c3 AS DOUBLE) / CASE WHEN (TRY_CAST(CASE WHEN (t.c5 = CAST('0' AS BIGINT)) THEN CAST(NULL AS BIGINT) ELSE t.c5 END AS DOUBLE) <> CAST('0.0' AS DOUBLE)) THEN TRY_CAST(CASE WHEN (t.c5 = CAST('0' AS BIGINT)) THEN CAST(NULL AS BIGINT) ELSE t.c5 END AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END)) AS c2 FROM "_6" AS t GROUP BY t.c0

-- a common table expression used twice
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_1" AS l INNER JOIN "_1" AS r ON (l.c0 = r.c0) AND (l.c1 >= r.c1))
SELECT count(*) AS c0 FROM "_2" AS t

-- a share of the total
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_1" AS MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT "sum"(TRY_CAST(TRY_CAST(t.c1 AS DECIMAL(28,2)) AS DECIMAL(38,2))) AS c0 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2 FROM "_1" AS l INNER JOIN "_2" AS r ON true)
SELECT t.c0 AS c0, (TRY_CAST(t.c1 AS DOUBLE) / CASE WHEN (TRY_CAST(t.c2 AS DOUBLE) <> CAST('0.0' AS DOUBLE)) THEN TRY_CAST(t.c2 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c1 FROM "_3" AS t

-- common table expressions over each other
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1, t."uscc" AS c2 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_0" AS t WHERE (t.c1 > CAST('2' AS BIGINT))),
"_2" AS NOT MATERIALIZED (SELECT t.c2 AS c0, t.c0 AS c1 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_2" AS l INNER JOIN "_3" AS r ON (l.c0 = r.c1)),
"_5" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c2) AS c1 FROM "_4" AS t GROUP BY t.c1)
SELECT "max"(t.c1) AS c0, "min"(t.c1) AS c1 FROM "_5" AS t

-- nested derived tables
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (TRY_CAST((TRY_CAST(t.c0 AS HUGEINT) % CASE WHEN (TRY_CAST(CAST('2' AS BIGINT) AS HUGEINT) <> CAST('0' AS HUGEINT)) THEN TRY_CAST(CAST('2' AS BIGINT) AS HUGEINT) ELSE CAST(NULL AS HUGEINT) END) AS BIGINT) = CAST('0' AS BIGINT))),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t WHERE (t.c1 > CAST('1' AS BIGINT)))
SELECT count(*) AS c0 FROM "_3" AS t

-- buckets of features
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT CASE WHEN (t.c1 > CAST('1000.00' AS DECIMAL(38,2))) THEN CAST('high' AS VARCHAR) ELSE CAST('low' AS VARCHAR) END AS c0 FROM "_1" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c0

-- distinct pairs, then groups
WITH "_0" AS NOT MATERIALIZED (SELECT t."kind" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t GROUP BY t.c0, t.c1)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0

-- latest by window
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."period" AS c2, t."uscc" AS c3 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, "row_number"() OVER (PARTITION BY t.c3 ORDER BY t.c2 DESC NULLS LAST, t.c0 DESC NULLS LAST, t.c1 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c4 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4 FROM "_1" AS t WHERE (t.c4 = CAST('1' AS BIGINT)))
SELECT t.c1 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c1

-- qualify
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."period" AS c2, t."uscc" AS c3 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, "row_number"() OVER (PARTITION BY t.c3 ORDER BY t.c2 ASC NULLS LAST, t.c0 ASC NULLS LAST, t.c1 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c4 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4 FROM "_1" AS t WHERE (t.c4 = CAST('1' AS BIGINT)))
SELECT "sum"(t.c0) AS c0 FROM "_2" AS t

-- change against the period before
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."period" AS c2, t."uscc" AS c3 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, "lag"(t.c0) OVER (PARTITION BY t.c3, t.c1 ORDER BY t.c2 ASC NULLS LAST, t.c0 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c4 FROM "_0" AS t)
SELECT "avg"(TRY_CAST((TRY_CAST(t.c0 AS DECIMAL(19,2)) - TRY_CAST(t.c4 AS DECIMAL(19,2))) AS DECIMAL(18,2))) AS c0 FROM "_1" AS t

-- a default for the period before
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."late_days" AS c2, t."period" AS c3, t."uscc" AS c4 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4, "lag"(t.c2, CAST('1' AS BIGINT), CAST('0' AS BIGINT)) OVER (PARTITION BY t.c4 ORDER BY t.c3 ASC NULLS LAST, t.c0 ASC NULLS LAST, t.c1 ASC NULLS LAST, t.c2 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c5 FROM "_0" AS t)
SELECT "sum"(t.c5) AS c0 FROM "_1" AS t

-- running sums
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."period" AS c2, t."uscc" AS c3 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, "sum"(t.c0) OVER (PARTITION BY t.c3 ORDER BY t.c2 ASC NULLS LAST, t.c0 ASC NULLS LAST, t.c1 ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c4 FROM "_0" AS t)
SELECT "max"(t.c4) AS c0 FROM "_1" AS t

-- moving averages
WITH "_0" AS NOT MATERIALIZED (SELECT t."insured" AS c0, t."period" AS c1, t."uscc" AS c2 FROM "insurance" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, "avg"(t.c0) OVER (PARTITION BY t.c2 ORDER BY t.c1 ASC NULLS LAST, t.c0 ASC NULLS LAST ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS c3 FROM "_0" AS t)
SELECT "avg"(t.c3) AS c0 FROM "_1" AS t

-- a window over the whole enterprise
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, "sum"(t.c0) OVER (PARTITION BY t.c1 RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c2 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_1" AS t WHERE (t.c2 < TRY_CAST(TRY_CAST((TRY_CAST(t.c0 AS DECIMAL(19,2)) * TRY_CAST(CAST('2' AS DECIMAL(18,0)) AS DECIMAL(1,0))) AS DECIMAL(18,2)) AS DECIMAL(38,2))))
SELECT count(*) AS c0 FROM "_2" AS t

-- ranks of groups
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0)
SELECT t.c0 AS c0, t.c1 AS c1, "rank"() OVER (ORDER BY t.c1 DESC NULLS LAST, t.c0 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c2 FROM "_1" AS t

-- shares by a window over groups
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, "sum"(t.c1) OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c2 FROM "_1" AS t)
SELECT t.c0 AS c0, t.c1 AS c1, (TRY_CAST(t.c1 AS DOUBLE) / CASE WHEN (TRY_CAST(t.c2 AS DOUBLE) <> CAST('0.0' AS DOUBLE)) THEN TRY_CAST(t.c2 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c2 FROM "_2" AS t

-- filter on a window's partition
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t WHERE (t.c0 < CAST('20' AS BIGINT))),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) OVER (PARTITION BY t.c0 RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c1 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t WHERE (t.c1 > CAST('1' AS BIGINT)))
SELECT count(*) AS c0 FROM "_3" AS t

-- first and last values
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."period" AS c2, t."uscc" AS c3 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, "first_value"(t.c0) OVER (PARTITION BY t.c3 ORDER BY t.c2 ASC NULLS LAST, t.c0 ASC NULLS LAST, t.c1 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS c4, "last_value"(t.c0) OVER (PARTITION BY t.c3 ORDER BY t.c2 ASC NULLS LAST, t.c0 ASC NULLS LAST, t.c1 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS c5 FROM "_0" AS t)
SELECT "sum"(t.c4) AS c0, "sum"(t.c5) AS c1 FROM "_1" AS t

-- tiles
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, "ntile"(CAST('4' AS BIGINT)) OVER (ORDER BY t.c1 ASC NULLS LAST, t.c0 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c2 FROM "_1" AS t)
SELECT t.c2 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c2

-- rollup
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT CAST(NULL AS VARCHAR) AS c0, CAST(NULL AS VARCHAR) AS c1, t.c0 AS c2 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST(NULL AS VARCHAR) AS c1, t.c1 AS c2 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, count(*) AS c2 FROM "_0" AS t GROUP BY t.c0, t.c1)
SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_2" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_4" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_5" AS t

-- cube with grouping
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."listed" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT CAST(NULL AS VARCHAR) AS c0, CAST(NULL AS BOOLEAN) AS c1, t.c0 AS c2, CAST('1' AS BIGINT) AS c3, CAST('1' AS BIGINT) AS c4 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST(NULL AS BOOLEAN) AS c1, t.c1 AS c2, CAST('0' AS BIGINT) AS c3, CAST('1' AS BIGINT) AS c4 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, count(*) AS c2 FROM "_0" AS t GROUP BY t.c0, t.c1),
"_6" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, CAST('0' AS BIGINT) AS c3, CAST('0' AS BIGINT) AS c4 FROM "_5" AS t),
"_7" AS NOT MATERIALIZED (SELECT t.c1 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c1),
"_8" AS NOT MATERIALIZED (SELECT CAST(NULL AS VARCHAR) AS c0, t.c0 AS c1, t.c1 AS c2, CAST('1' AS BIGINT) AS c3, CAST('0' AS BIGINT) AS c4 FROM "_7" AS t),
"_9" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4 FROM "_2" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4 FROM "_4" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4 FROM "_6" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4 FROM "_8" AS t)
SELECT t.c0 AS c0, t.c1 AS c1, t.c3 AS c2, t.c4 AS c3, t.c2 AS c4 FROM "_9" AS t

-- grouping sets
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1, t."staff" AS c2 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, "sum"(t.c2) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST(NULL AS VARCHAR) AS c1, t.c1 AS c2 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c2) AS c1 FROM "_0" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT CAST(NULL AS VARCHAR) AS c0, t.c0 AS c1, t.c1 AS c2 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT "sum"(t.c2) AS c0 FROM "_0" AS t),
"_6" AS NOT MATERIALIZED (SELECT CAST(NULL AS VARCHAR) AS c0, CAST(NULL AS VARCHAR) AS c1, t.c0 AS c2 FROM "_5" AS t)
SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_2" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_4" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_6" AS t

-- rollup of the same column twice
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT CAST(NULL AS VARCHAR) AS c0, t.c0 AS c1 FROM "_1" AS t),
"_3" AS MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1 FROM "_3" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1 FROM "_3" AS t)
SELECT t.c0 AS c0, t.c0 AS c1, t.c1 AS c2 FROM "_4" AS t

-- union all
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT CAST('tax' AS VARCHAR) AS c0, t.c0 AS c1 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "court" AS t),
"_4" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT CAST('court' AS VARCHAR) AS c0, t.c0 AS c1 FROM "_4" AS t)
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1 FROM "_5" AS t

-- union
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t UNION ALL SELECT t.c0 AS c0 FROM "_1" AS t)
SELECT t.c0 AS c0 FROM "_2" AS t GROUP BY t.c0

-- union of rows, then groups
WITH "_0" AS NOT MATERIALIZED (SELECT t."amount" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT CAST('tax' AS VARCHAR) AS c0, t.c0 AS c1 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."claim" AS c0 FROM "court" AS t),
"_3" AS NOT MATERIALIZED (SELECT CAST('claim' AS VARCHAR) AS c0, t.c0 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1 FROM "_3" AS t)
SELECT t.c0 AS c0, "sum"(t.c1) AS c1 FROM "_4" AS t GROUP BY t.c0

-- a union filtered outside
WITH "_0" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."filed" AS c0, t."uscc" AS c1 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE ((t.c0 > CAST('2022-06-01' AS DATE)) AND (t.c1 > CAST('3' AS BIGINT)))),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE ((t.c0 > CAST('2022-06-01' AS DATE)) AND (t.c1 > CAST('3' AS BIGINT)))),
"_4" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_2" AS t),
"_5" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_3" AS t),
"_6" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_4" AS t UNION ALL SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_5" AS t)
SELECT count(*) AS c0 FROM "_6" AS t

-- ordered union
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE ((t.c1 > CAST('20' AS BIGINT)) AND (t.c0 IS NOT NULL))),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t),
"_4" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT CAST('all' AS VARCHAR) AS c0, t.c0 AS c1 FROM "_4" AS t),
"_6" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t UNION ALL SELECT t.c0 AS c0, t.c1 AS c1 FROM "_5" AS t)
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_6" AS t ORDER BY t.c1 DESC NULLS LAST, t.c0 ASC NULLS LAST

-- limit in a subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t ORDER BY t.c1 DESC NULLS LAST, t.c0 ASC NULLS LAST LIMIT 2)
SELECT "sum"(t.c1) AS c0 FROM "_3" AS t

-- a group average joined back
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "avg"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_2" AS r ON (l.c1 = r.c0) AND (TRY_CAST(l.c0 AS DOUBLE) > r.c1))
SELECT t.c1 AS c0, count(*) AS c1 FROM "_3" AS t GROUP BY t.c1

-- having with a subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_2" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT "avg"(TRY_CAST(TRY_CAST(t.c1 AS DECIMAL(28,2)) AS DECIMAL(38,2))) AS c0 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2 FROM "_1" AS l INNER JOIN "_4" AS r ON (TRY_CAST(l.c1 AS DOUBLE) > r.c0))
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_5" AS t

-- aggregates of expressions of aggregates
WITH "_0" AS NOT MATERIALIZED (SELECT t."late_days" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c1 AS c0, count(*) AS c1, count(*) FILTER (WHERE (t.c0 > CAST('0' AS BIGINT))) AS c2 FROM "_0" AS t GROUP BY t.c1),
"_2" AS NOT MATERIALIZED (SELECT (TRY_CAST(TRY_CAST((TRY_CAST(t.c2 AS DECIMAL(21,0)) * TRY_CAST(CAST('1.0' AS DECIMAL(21,1)) AS DECIMAL(2,1))) AS DECIMAL(21,1)) AS DOUBLE) / CASE WHEN (TRY_CAST(t.c1 AS DOUBLE) <> CAST('0.0' AS DOUBLE)) THEN TRY_CAST(t.c1 AS DOUBLE) ELSE CAST(NULL AS DOUBLE) END) AS c0 FROM "_1" AS t)
SELECT "avg"(t.c0) AS c0, "stddev_pop"(CASE WHEN ((t.c0 >= CAST('-1e+140' AS DOUBLE)) AND (t.c0 <= CAST('1e+140' AS DOUBLE))) THEN t.c0 ELSE CAST(NULL AS DOUBLE) END) AS c1 FROM "_2" AS t

-- several levels of aggregates
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c1 = r.c0)),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, count(*) AS c2 FROM "_2" AS t GROUP BY t.c0, t.c1),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, "avg"(t.c2) AS c1 FROM "_3" AS t GROUP BY t.c0)
SELECT "max"(t.c1) AS c0 FROM "_4" AS t

-- the same group twice
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_2" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, "sum"(t.c1) AS c1 FROM "_2" AS t GROUP BY t.c0),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_1" AS l INNER JOIN "_3" AS r ON (l.c0 = r.c0))
SELECT t.c0 AS c0, t.c1 AS c1, t.c3 AS c2 FROM "_4" AS t

-- constants through layers
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_0" AS t WHERE (CAST('x' AS VARCHAR) = CAST('x' AS VARCHAR))),
"_2" AS NOT MATERIALIZED (SELECT CAST('x' AS VARCHAR) AS c0 FROM "_1" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c0

-- a date shifted
WITH "_0" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."founded" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c1 = r.c1) AND (TRY_CAST(l.c0 AS TIMESTAMP) > (CASE WHEN ((r.c0 >= CAST('0001-01-01' AS DATE)) AND (r.c0 <= CAST('9999-12-31' AS DATE))) THEN r.c0 ELSE CAST(NULL AS DATE) END + CAST('5 years' AS INTERVAL))) AND ((CASE WHEN ((l.c0 >= CAST('0001-01-01' AS DATE)) AND (l.c0 <= CAST('9999-12-31' AS DATE))) THEN l.c0 ELSE CAST(NULL AS DATE) END - CASE WHEN ((r.c0 >= CAST('0001-01-01' AS DATE)) AND (r.c0 <= CAST('9999-12-31' AS DATE))) THEN r.c0 ELSE CAST(NULL AS DATE) END) < CAST('9000' AS BIGINT)))
SELECT count(*) AS c0 FROM "_2" AS t
