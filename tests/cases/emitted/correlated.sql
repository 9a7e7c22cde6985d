-- a correlated column that may be missing, compared null-safely
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_0" AS l SEMI JOIN "_1" AS r ON (l.c0 IS NOT DISTINCT FROM r.c0) AND (l.c1 < r.c1))
SELECT count(*) AS c0 FROM "_2" AS t

-- once with equality and once null-safely
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_3" AS MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t GROUP BY t.c0),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_1" AS l INNER JOIN "_3" AS r ON (l.c0 = r.c0)),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_2" AS l INNER JOIN "_3" AS r ON (l.c0 IS NOT DISTINCT FROM r.c0)),
"_6" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_4" AS t),
"_7" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_5" AS t),
"_8" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_6" AS t UNION ALL SELECT t.c0 AS c0 FROM "_7" AS t),
"_9" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_8" AS t GROUP BY t.c0),
"_10" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_3" AS l LEFT JOIN "_9" AS r ON (l.c0 IS NOT DISTINCT FROM r.c0)),
"_11" AS NOT MATERIALIZED (SELECT CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END AS c0, t.c0 AS c1 FROM "_10" AS t),
"_12" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_11" AS r ON (l.c0 IS NOT DISTINCT FROM r.c1))
SELECT "sum"(t.c1) AS c0 FROM "_12" AS t

-- not exists with an inequality
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_0" AS l ANTI JOIN "_1" AS r ON (l.c0 < r.c0) AND (l.c1 = r.c1))
SELECT count(*) AS c0 FROM "_2" AS t

-- not exists with nothing but an inequality
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."capital" AS c0 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l ANTI JOIN "_1" AS r ON (l.c0 < r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- exists with alternatives inside
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."late_days" AS c1, t."uscc" AS c2 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t GROUP BY t.c0, t.c1),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4 FROM "_1" AS l INNER JOIN "_2" AS r ON (l.c2 = r.c1) AND ((l.c0 > r.c0) OR (l.c1 > CAST('5' AS BIGINT)))),
"_4" AS NOT MATERIALIZED (SELECT t.c3 AS c0, t.c4 AS c1 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_0" AS l SEMI JOIN "_4" AS r ON (l.c0 IS NOT DISTINCT FROM r.c0) AND (l.c1 IS NOT DISTINCT FROM r.c1))
SELECT count(*) AS c0 FROM "_5" AS t

-- exists with an alternative across
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t GROUP BY t.c0, t.c1),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_1" AS l INNER JOIN "_2" AS r ON ((l.c1 = r.c1) OR (l.c0 > r.c0))),
"_4" AS NOT MATERIALIZED (SELECT t.c2 AS c0, t.c3 AS c1 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_0" AS l SEMI JOIN "_4" AS r ON (l.c0 IS NOT DISTINCT FROM r.c0) AND (l.c1 IS NOT DISTINCT FROM r.c1))
SELECT count(*) AS c0 FROM "_5" AS t

-- a count with a default
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."claim" AS c0, t."uscc" AS c1 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 > CAST('100.00' AS DECIMAL(18,2)))),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c0)),
"_5" AS NOT MATERIALIZED (SELECT COALESCE(CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END, CAST('0' AS BIGINT)) AS c0 FROM "_4" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_5" AS t GROUP BY t.c0

-- a count computed with
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_2" AS r ON (l.c0 = r.c0))
SELECT "sum"(TRY_CAST((TRY_CAST(TRY_CAST((TRY_CAST(CAST('2' AS BIGINT) AS HUGEINT) * TRY_CAST(CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END AS HUGEINT)) AS BIGINT) AS HUGEINT) + TRY_CAST(CAST('1' AS BIGINT) AS HUGEINT)) AS BIGINT)) AS c0 FROM "_3" AS t

-- a count compared
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_2" AS r ON (l.c0 = r.c0)),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_3" AS t WHERE (CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END >= CAST('2' AS BIGINT)))
SELECT count(*) AS c0 FROM "_4" AS t

-- a count of nothing
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_2" AS r ON (l.c0 = r.c0)),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_3" AS t WHERE (CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END = CAST('0' AS BIGINT)))
SELECT count(*) AS c0 FROM "_4" AS t

-- a correlated aggregate with groups and a condition on them
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."kind" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, count(*) AS c2 FROM "_1" AS t GROUP BY t.c0, t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_2" AS t WHERE (t.c2 > CAST('1' AS BIGINT))),
"_4" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_4" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_5" AS t

-- a correlated distinct count
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."kind" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "count"(DISTINCT t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_2" AS r ON (l.c0 = r.c0))
SELECT "sum"(CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END) AS c0 FROM "_3" AS t

-- two correlated subqueries
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "max"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c1)),
"_5" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_6" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "min"(t.c0) AS c1 FROM "_5" AS t GROUP BY t.c1),
"_7" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_6" AS t),
"_8" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4 FROM "_4" AS l LEFT JOIN "_7" AS r ON (l.c0 = r.c1))
SELECT "sum"(TRY_CAST((TRY_CAST(t.c1 AS DECIMAL(19,2)) - TRY_CAST(t.c3 AS DECIMAL(19,2))) AS DECIMAL(18,2))) AS c0 FROM "_8" AS t

-- a correlated subquery in a correlated subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "avg"(t.c0) AS c1 FROM "_2" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1, t.c1 AS c2 FROM "_1" AS t),
"_6" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4 FROM "_5" AS l LEFT JOIN "_4" AS r ON (l.c0 = r.c1)),
"_7" AS NOT MATERIALIZED (SELECT t.c2 AS c0, "sum"((TRY_CAST(t.c1 AS DOUBLE) - t.c3)) AS c1 FROM "_6" AS t GROUP BY t.c2),
"_8" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_7" AS t),
"_9" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_8" AS r ON (l.c0 = r.c1))
SELECT "sum"(t.c1) AS c0 FROM "_9" AS t

-- correlated over two levels with a value
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "avg"(t.c0) AS c1 FROM "_2" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_1" AS l INNER JOIN "_4" AS r ON (l.c1 = r.c1) AND (TRY_CAST(l.c0 AS DOUBLE) > r.c0)),
"_6" AS NOT MATERIALIZED (SELECT t.c1 AS c0, count(*) AS c1 FROM "_5" AS t GROUP BY t.c1),
"_7" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_6" AS r ON (l.c0 = r.c0))
SELECT "sum"(CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END) AS c0 FROM "_7" AS t

-- a correlated join inside
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."arrears" AS c0, t."uscc" AS c1 FROM "insurance" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t WHERE (t.c0 > CAST('10.00' AS DECIMAL(18,2)))),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_1" AS l INNER JOIN "_3" AS r ON (l.c1 = r.c1)),
"_5" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_4" AS t GROUP BY t.c1),
"_6" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_5" AS t),
"_7" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_6" AS r ON (l.c0 = r.c1))
SELECT "sum"(TRY_CAST(TRY_CAST(t.c1 AS DECIMAL(28,2)) AS DECIMAL(38,2))) AS c0 FROM "_7" AS t

-- a correlated left join inside
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."arrears" AS c0, t."period" AS c1, t."uscc" AS c2 FROM "insurance" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3, r.c2 AS c4 FROM "_1" AS l LEFT JOIN "_2" AS r ON (l.c0 < r.c1) AND (l.c1 = r.c2)),
"_4" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "count"(t.c2) AS c1 FROM "_3" AS t GROUP BY t.c1),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_4" AS r ON (l.c0 = r.c0))
SELECT "sum"(CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END) AS c0 FROM "_5" AS t

-- correlated in with an inequality
WITH "_0" AS NOT MATERIALIZED (SELECT t."kind" AS c0, t."period" AS c1, t."uscc" AS c2 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."kind" AS c0, t."period" AS c1, t."uscc" AS c2 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c2 AS c1 FROM "_0" AS t GROUP BY t.c1, t.c2),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4 FROM "_1" AS l INNER JOIN "_2" AS r ON (l.c1 < r.c0) AND (l.c2 = r.c1)),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c3 AS c1, t.c4 AS c2 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2 FROM "_0" AS l SEMI JOIN "_4" AS r ON (l.c0 = r.c0) AND (l.c1 IS NOT DISTINCT FROM r.c1) AND (l.c2 IS NOT DISTINCT FROM r.c2))
SELECT count(*) AS c0 FROM "_5" AS t

-- exists within exists, both over the unit
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "insurance" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_1" AS l ANTI JOIN "_2" AS r ON (l.c0 = r.c0)),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_3" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_4" AS t

-- a correlated value in HAVING
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_2" AS NOT MATERIALIZED (SELECT t."title" AS c0 FROM "region" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c0),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_1" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c0)),
"_5" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3 FROM "_4" AS t WHERE (t.c1 > CASE WHEN (t.c3 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c3 END))
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_5" AS t

-- a correlated value in a CASE
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."late_days" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "max"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c1))
SELECT "sum"(CASE WHEN (t.c1 > CAST('4' AS BIGINT)) THEN CAST('1' AS INTEGER) ELSE CAST('0' AS INTEGER) END) AS c0 FROM "_4" AS t

-- a correlated value in a filter
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."late_days" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "max"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c1))
SELECT count(*) FILTER (WHERE (t.c1 > CAST('4' AS BIGINT))) AS c0 FROM "_4" AS t

-- a lateral join with groups
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."uscc" AS c2 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c2 AS c1, "sum"(t.c0) AS c2 FROM "_1" AS t GROUP BY t.c1, t.c2),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c2 AS c1, t.c1 AS c2 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3, r.c2 AS c4 FROM "_0" AS l INNER JOIN "_3" AS r ON (l.c1 = r.c2))
SELECT t.c0 AS c0, t.c2 AS c1, "sum"(TRY_CAST(TRY_CAST(t.c3 AS DECIMAL(28,2)) AS DECIMAL(38,2))) AS c2 FROM "_4" AS t GROUP BY t.c0, t.c2

-- a lateral left join
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."late_days" AS c1, t."uscc" AS c2 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_1" AS t WHERE (t.c1 > CAST('2' AS BIGINT))),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c2 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c1 = r.c1))
SELECT t.c0 AS c0, "count"(t.c2) AS c1, count(*) AS c2 FROM "_4" AS t GROUP BY t.c0

-- a lateral join with an expression of both
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c1 = r.c1))
SELECT "sum"(TRY_CAST((TRY_CAST(t.c0 AS DECIMAL(22,2)) + TRY_CAST(t.c2 AS DECIMAL(22,2))) AS DECIMAL(22,2))) AS c0 FROM "_2" AS t

-- the two largest of each
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 IS NOT NULL)),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, "row_number"() OVER (PARTITION BY t.c1 ORDER BY t.c0 DESC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c2 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_3" AS t WHERE (t.c2 <= CAST('2' AS BIGINT))),
"_5" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_4" AS t),
"_6" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l INNER JOIN "_5" AS r ON (l.c0 = r.c1))
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_6" AS t

-- a correlated window inside
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."late_days" AS c2, t."period" AS c3, t."uscc" AS c4 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c3 AS c1, t.c0 AS c2, t.c2 AS c3, t.c4 AS c4 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4, "row_number"() OVER (PARTITION BY t.c0, t.c4 ORDER BY t.c1 ASC NULLS LAST, t.c2 ASC NULLS LAST, t.c3 ASC NULLS LAST RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c5 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT t.c4 AS c0, "max"(t.c5) AS c1 FROM "_3" AS t GROUP BY t.c4),
"_5" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_4" AS t),
"_6" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_5" AS r ON (l.c0 = r.c1))
SELECT "sum"(t.c1) AS c0 FROM "_6" AS t

-- keys that are expressions
WITH "_0" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."filed" AS c0, t."uscc" AS c1 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_0" AS l SEMI JOIN "_1" AS r ON ("year"(CASE WHEN ((l.c0 >= CAST('0001-01-01' AS DATE)) AND (l.c0 <= CAST('9999-12-31' AS DATE))) THEN l.c0 ELSE CAST(NULL AS DATE) END) = "year"(CASE WHEN ((r.c0 >= CAST('0001-01-01' AS DATE)) AND (r.c0 <= CAST('9999-12-31' AS DATE))) THEN r.c0 ELSE CAST(NULL AS DATE) END)) AND (l.c1 = r.c1))
SELECT count(*) AS c0 FROM "_2" AS t

-- several keys
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1, t."listed" AS c2 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1, t."listed" AS c2, t."staff" AS c3 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, "max"(t.c3) AS c3 FROM "_1" AS t GROUP BY t.c0, t.c1, t.c2),
"_3" AS NOT MATERIALIZED (SELECT t.c3 AS c0, t.c2 AS c1, t.c1 AS c2, t.c0 AS c3 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4, r.c2 AS c5, r.c3 AS c6 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c3) AND (l.c1 = r.c2) AND (l.c2 = r.c1))
SELECT "sum"(t.c3) AS c0 FROM "_4" AS t

-- a key used twice
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_1" AS l INNER JOIN "_2" AS r ON (l.c0 = r.c0)),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_4" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_5" AS t

-- exists as a value
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST('true' AS BOOLEAN) AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c0)),
"_5" AS NOT MATERIALIZED (SELECT (t.c2 IS NOT NULL) AS c0 FROM "_4" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_5" AS t GROUP BY t.c0

-- in as a value, with missing values
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c1 > CAST('40' AS BIGINT))),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, (l.c0 IN (SELECT r.c0 FROM "_3" AS r)) AS c1 FROM "_0" AS l)
SELECT t.c1 AS c0, count(*) AS c1 FROM "_4" AS t GROUP BY t.c1

-- exists joined to exists by OR
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 > CAST('600.00' AS DECIMAL(18,2)))),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_2" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST('true' AS BOOLEAN) AS c1 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_4" AS r ON (l.c0 = r.c0)),
"_6" AS NOT MATERIALIZED (SELECT t.c0 AS c0, (t.c2 IS NOT NULL) AS c1 FROM "_5" AS t),
"_7" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "insurance" AS t),
"_8" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_7" AS t GROUP BY t.c0),
"_9" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST('true' AS BOOLEAN) AS c1 FROM "_8" AS t),
"_10" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_6" AS l LEFT JOIN "_9" AS r ON (l.c0 = r.c0)),
"_11" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3 FROM "_10" AS t WHERE (t.c1 OR (t.c3 IS NULL)))
SELECT count(*) AS c0 FROM "_11" AS t

-- an uncorrelated exists
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."claim" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_1" AS t WHERE (t.c0 > CAST('100000.00' AS DECIMAL(18,2)))),
"_3" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_3" AS t LIMIT 1),
"_5" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_4" AS t),
"_6" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_5" AS t WHERE (t.c0 = CAST('1' AS BIGINT))),
"_7" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_6" AS t),
"_8" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_0" AS l INNER JOIN "_7" AS r ON true)
SELECT count(*) AS c0 FROM "_8" AS t

-- a value of a value
WITH "_0" AS NOT MATERIALIZED (SELECT t."kind" AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_2" AS NOT MATERIALIZED (SELECT "max"(t.c1) AS c0 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t."kind" AS c0 FROM "tax" AS t),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_3" AS t GROUP BY t.c0),
"_5" AS NOT MATERIALIZED (SELECT "min"(t.c1) AS c0 FROM "_4" AS t),
"_6" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_2" AS l INNER JOIN "_5" AS r ON true)
SELECT TRY_CAST((TRY_CAST(t.c0 AS HUGEINT) - TRY_CAST(t.c1 AS HUGEINT)) AS BIGINT) AS c0 FROM "_6" AS t

-- any of
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."late_days" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_1" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- greater than any of
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."insured" AS c0 FROM "insurance" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_1" AS r ON (l.c0 > r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- a value looked up by a key
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."city" AS c0, t."code" AS c1 FROM "region" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_1" AS r ON (l.c0 = r.c1)),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_2" AS t WHERE (t.c1 IS NULL))
SELECT count(*) AS c0 FROM "_3" AS t

-- a value looked up by a constant key
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."code" AS c0, t."title" AS c1 FROM "region" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 = CAST('310101' AS VARCHAR))),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0),
"_5" AS NOT MATERIALIZED (SELECT r.c0 AS c0 FROM "_4" AS l LEFT JOIN "_3" AS r ON true),
"_6" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_0" AS l INNER JOIN "_5" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_6" AS t

-- a value looked up by a key among other conditions
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."city" AS c0, t."code" AS c1, t."title" AS c2 FROM "region" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2 FROM "_1" AS t WHERE (t.c2 <> CAST('nowhere' AS VARCHAR))),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2, r.c2 AS c3 FROM "_0" AS l LEFT JOIN "_2" AS r ON (TRY_CAST(TRY_CAST((TRY_CAST(CAST('310100' AS BIGINT) AS HUGEINT) + TRY_CAST(l.c0 AS HUGEINT)) AS BIGINT) AS VARCHAR) = r.c1))
SELECT t.c1 AS c0, count(*) AS c1 FROM "_3" AS t GROUP BY t.c1
