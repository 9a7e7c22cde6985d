-- a join on the enterprise
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c1 = r.c1))
SELECT t.c0 AS c0, "sum"(t.c2) AS c1 FROM "_2" AS t GROUP BY t.c0

-- a comma join
WITH "_0" AS NOT MATERIALIZED (SELECT t."industry" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 > CAST('100.00' AS DECIMAL(18,2)))),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_2" AS r ON (l.c1 = r.c1))
SELECT t.c0 AS c0, count(*) AS c1 FROM "_3" AS t GROUP BY t.c0

-- using
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."arrears" AS c0, t."uscc" AS c1 FROM "insurance" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c1 = r.c1))
SELECT t.c0 AS c0, "sum"(t.c2) AS c1 FROM "_2" AS t GROUP BY t.c0

-- natural join
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- a left join with counts
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l LEFT JOIN "_1" AS r ON (l.c1 = r.c1))
SELECT t.c0 AS c0, "count"(t.c2) AS c1, count(*) AS c2 FROM "_2" AS t GROUP BY t.c0

-- a left join that WHERE turns into an inner one
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."late_days" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 > CAST('3' AS BIGINT))),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l INNER JOIN "_2" AS r ON (l.c0 = r.c1))
SELECT count(*) AS c0 FROM "_3" AS t

-- a left join with conditions on both sides
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."kind" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 = CAST('增值税' AS VARCHAR))),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l LEFT JOIN "_2" AS r ON (l.c1 = r.c1) AND (l.c0 > CAST('10' AS BIGINT)))
SELECT count(*) AS c0, "count"(t.c3) AS c1 FROM "_3" AS t

-- a right join
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2 FROM "_0" AS l LEFT JOIN "_1" AS r ON (l.c1 = r.c0))
SELECT t.c0 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c0

-- three tables
WITH "_0" AS NOT MATERIALIZED (SELECT t."industry" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c1 = r.c0)),
"_3" AS NOT MATERIALIZED (SELECT t."role" AS c0, t."uscc" AS c1 FROM "court" AS t),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_3" AS t WHERE (t.c0 = CAST('defendant' AS VARCHAR))),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4 FROM "_2" AS l INNER JOIN "_4" AS r ON (l.c1 = r.c1))
SELECT t.c0 AS c0, "count"(DISTINCT t.c1) AS c1 FROM "_5" AS t GROUP BY t.c0

-- a public table
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."city" AS c0, t."title" AS c1 FROM "region" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c0 = r.c1))
SELECT t.c1 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c1

-- left join of a public table
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."city" AS c0, t."title" AS c1 FROM "region" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_1" AS r ON (l.c0 = r.c1)),
"_3" AS NOT MATERIALIZED (SELECT COALESCE(t.c1, CAST('none' AS VARCHAR)) AS c0 FROM "_2" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_3" AS t GROUP BY t.c0

-- a self join
WITH "_0" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c0 < r.c0) AND (l.c1 = r.c1))
SELECT count(*) AS c0 FROM "_2" AS t

-- a join on an inequality as well
WITH "_0" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "insurance" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c0 >= r.c0) AND (l.c1 = r.c1))
SELECT count(*) AS c0 FROM "_2" AS t

-- a join on null-safe equality
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."title" AS c0 FROM "region" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c0 IS NOT DISTINCT FROM r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- a cross product of aggregates
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_0" AS t),
"_2" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "tax" AS t),
"_3" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_2" AS t)
SELECT l.c0 AS c0, r.c0 AS c1 FROM "_1" AS l INNER JOIN "_3" AS r ON true

-- exists
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."late_days" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 > CAST('0' AS BIGINT))),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_3" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_4" AS t

-- not exists
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_0" AS l ANTI JOIN "_1" AS r ON (l.c1 = r.c0))
SELECT t.c0 AS c0, count(*) AS c1 FROM "_2" AS t GROUP BY t.c0

-- exists and not exists
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."arrears" AS c0, t."uscc" AS c1 FROM "insurance" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t WHERE (t.c0 > CAST('0.00' AS DECIMAL(18,2)))),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_0" AS t WHERE (t.c0 > CAST('3' AS BIGINT))),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_4" AS l SEMI JOIN "_1" AS r ON (l.c1 = r.c0)),
"_6" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_5" AS t),
"_7" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_3" AS t),
"_8" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_6" AS l ANTI JOIN "_7" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_8" AS t

-- exists after a comma join
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_0" AS l INNER JOIN "_1" AS r ON (l.c0 = r.c0)),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_3" AS l SEMI JOIN "_2" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_4" AS t

-- in a subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c0 > CAST('500.00' AS DECIMAL(18,2)))),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_3" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_4" AS t

-- not in a subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_1" AS t WHERE (t.c0 IS NOT NULL)),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l WHERE NOT (l.c0 IN (SELECT r.c0 FROM "_2" AS r)))
SELECT count(*) AS c0 FROM "_3" AS t

-- not in a subquery with nulls
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."staff" AS c1 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_1" AS t WHERE (t.c1 > CAST('60' AS BIGINT))),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l WHERE NOT (l.c0 IN (SELECT r.c0 FROM "_3" AS r)))
SELECT count(*) AS c0 FROM "_4" AS t

-- in a subquery as a value
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, (l.c1 IN (SELECT r.c0 FROM "_1" AS r)) AS c2 FROM "_0" AS l)
SELECT t.c0 AS c0, "sum"(CASE WHEN t.c2 THEN CAST('1' AS INTEGER) ELSE CAST('0' AS INTEGER) END) AS c1 FROM "_2" AS t GROUP BY t.c0

-- exists in an alternative
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST('true' AS BOOLEAN) AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c1 = r.c0)),
"_5" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3 FROM "_4" AS t WHERE ((t.c0 > CAST('50' AS BIGINT)) OR (t.c3 IS NOT NULL)))
SELECT count(*) AS c0 FROM "_5" AS t

-- exists in a filter of an aggregate
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, CAST('true' AS BOOLEAN) AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c0 = r.c0))
SELECT count(*) FILTER (WHERE (t.c2 IS NOT NULL)) AS c0, count(*) AS c1 FROM "_4" AS t

-- correlated in
WITH "_0" AS NOT MATERIALIZED (SELECT t."founded" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."filed" AS c0, t."uscc" AS c1 FROM "court" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_0" AS l SEMI JOIN "_1" AS r ON (l.c0 = r.c0) AND (l.c1 = r.c1))
SELECT count(*) AS c0 FROM "_2" AS t

-- an uncorrelated scalar subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."capital" AS c0 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT "avg"(t.c0) AS c0 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_0" AS l INNER JOIN "_2" AS r ON (TRY_CAST(l.c0 AS DOUBLE) > r.c0))
SELECT count(*) AS c0 FROM "_3" AS t

-- a scalar subquery in the list
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_0" AS t GROUP BY t.c0),
"_2" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "tax" AS t),
"_3" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_2" AS t)
SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2 FROM "_1" AS l INNER JOIN "_3" AS r ON true

-- a scalar subquery without rows
WITH "_0" AS NOT MATERIALIZED (SELECT t."staff" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."kind" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1 FROM "_2" AS t WHERE (t.c1 > CAST('100000' AS BIGINT))),
"_4" AS NOT MATERIALIZED (SELECT "sum"(t.c1) AS c0 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_0" AS l INNER JOIN "_4" AS r ON (TRY_CAST(l.c0 AS HUGEINT) > r.c0))
SELECT count(*) AS c0 FROM "_5" AS t

-- a correlated scalar subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l LEFT JOIN "_3" AS r ON (l.c1 = r.c1))
SELECT t.c0 AS c0, "sum"(TRY_CAST(TRY_CAST(t.c2 AS DECIMAL(28,2)) AS DECIMAL(38,2))) AS c1 FROM "_4" AS t GROUP BY t.c0

-- a correlated count
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, count(*) AS c1 FROM "_1" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_2" AS r ON (l.c0 = r.c0)),
"_4" AS NOT MATERIALIZED (SELECT CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END AS c0 FROM "_3" AS t)
SELECT t.c0 AS c0, count(*) AS c1 FROM "_4" AS t GROUP BY t.c0

-- above the average of its district
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."capital" AS c0, t."district" AS c1 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "avg"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_3" AS r ON (l.c1 = r.c1) AND (TRY_CAST(l.c0 AS DOUBLE) > r.c0))
SELECT count(*) AS c0 FROM "_4" AS t

-- above the average of its district and industry
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1, t."staff" AS c2 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."industry" AS c1, t."staff" AS c2 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, "avg"(t.c2) AS c2 FROM "_1" AS t GROUP BY t.c0, t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c2 AS c0, t.c1 AS c1, t.c0 AS c2 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4, r.c2 AS c5 FROM "_0" AS l INNER JOIN "_3" AS r ON (l.c0 = r.c2) AND (l.c1 = r.c1) AND (TRY_CAST(l.c2 AS DOUBLE) >= r.c0))
SELECT t.c1 AS c0, count(*) AS c1 FROM "_4" AS t GROUP BY t.c1

-- the latest filing
WITH "_0" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "max"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l INNER JOIN "_3" AS r ON (l.c0 = r.c0) AND (l.c1 = r.c1))
SELECT count(*) AS c0 FROM "_4" AS t

-- the first row of a correlated subquery
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."period" AS c2, t."uscc" AS c3 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c2 AS c1, t.c1 AS c2, t.c3 AS c3 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, "row_number"() OVER (PARTITION BY t.c3 ORDER BY t.c1 DESC NULLS LAST, t.c0 DESC NULLS LAST, t.c2 ASC NULLS LAST ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c4 FROM "_2" AS t),
"_4" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c1 AS c1, t.c2 AS c2, t.c3 AS c3, t.c4 AS c4 FROM "_3" AS t WHERE (t.c4 <= CAST('1' AS BIGINT))),
"_5" AS NOT MATERIALIZED (SELECT t.c0 AS c0, t.c3 AS c1 FROM "_4" AS t),
"_6" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_5" AS r ON (l.c0 = r.c1))
SELECT t.c0 AS c0, t.c1 AS c1 FROM "_6" AS t

-- a lateral join
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0, t."uscc" AS c1 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "sum"(t.c0) AS c1 FROM "_1" AS t GROUP BY t.c1),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, r.c0 AS c2, r.c1 AS c3 FROM "_0" AS l LEFT JOIN "_2" AS r ON (l.c1 = r.c0))
SELECT t.c0 AS c0, "sum"(TRY_CAST(TRY_CAST(t.c3 AS DECIMAL(28,2)) AS DECIMAL(38,2))) AS c1 FROM "_3" AS t GROUP BY t.c0

-- a semi join as written
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_1" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- an anti join as written
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l ANTI JOIN "_1" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- nested subqueries
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1, t."uscc" AS c2 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."amount" AS c0, t."kind" AS c1 FROM "tax" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c1 AS c0, "avg"(t.c0) AS c1 FROM "_2" AS t GROUP BY t.c1),
"_4" AS NOT MATERIALIZED (SELECT t.c1 AS c0, t.c0 AS c1 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1, l.c2 AS c2, r.c0 AS c3, r.c1 AS c4 FROM "_1" AS l INNER JOIN "_4" AS r ON (l.c1 = r.c1) AND (TRY_CAST(l.c0 AS DOUBLE) > r.c0)),
"_6" AS NOT MATERIALIZED (SELECT t.c2 AS c0 FROM "_5" AS t),
"_7" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_6" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_7" AS t

-- a subquery correlated over two levels
WITH "_0" AS NOT MATERIALIZED (SELECT t."uscc" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."period" AS c0, t."uscc" AS c1 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT t."filed" AS c0, t."uscc" AS c1 FROM "court" AS t),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, l.c1 AS c1 FROM "_1" AS l SEMI JOIN "_2" AS r ON (l.c0 < r.c0) AND (l.c1 = r.c1)),
"_4" AS NOT MATERIALIZED (SELECT t.c1 AS c0 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_4" AS r ON (l.c0 = r.c0))
SELECT count(*) AS c0 FROM "_5" AS t

-- correlated by an inequality
WITH "_0" AS NOT MATERIALIZED (SELECT t."capital" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."amount" AS c0 FROM "tax" AS t),
"_2" AS NOT MATERIALIZED (SELECT l.c0 AS c0 FROM "_0" AS l SEMI JOIN "_1" AS r ON (l.c0 < r.c0))
SELECT count(*) AS c0 FROM "_2" AS t

-- a correlated count by an inequality
WITH "_0" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT t."title" AS c0 FROM "region" AS t),
"_2" AS MATERIALIZED (SELECT t.c0 AS c0 FROM "_0" AS t GROUP BY t.c0),
"_3" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1 FROM "_1" AS l INNER JOIN "_2" AS r ON (l.c0 > r.c0)),
"_4" AS NOT MATERIALIZED (SELECT t.c1 AS c0, count(*) AS c1 FROM "_3" AS t GROUP BY t.c1),
"_5" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_2" AS l LEFT JOIN "_4" AS r ON (l.c0 IS NOT DISTINCT FROM r.c0)),
"_6" AS NOT MATERIALIZED (SELECT CASE WHEN (t.c2 IS NULL) THEN CAST('0' AS BIGINT) ELSE t.c2 END AS c0, t.c0 AS c1 FROM "_5" AS t),
"_7" AS NOT MATERIALIZED (SELECT l.c0 AS c0, r.c0 AS c1, r.c1 AS c2 FROM "_0" AS l LEFT JOIN "_6" AS r ON (l.c0 IS NOT DISTINCT FROM r.c1))
SELECT "sum"(t.c1) AS c0 FROM "_7" AS t

-- a table that is only counted stands before one of two columns
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t),
"_1" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0),
"_2" AS NOT MATERIALIZED (SELECT CAST('5' AS INTEGER) AS c0, CAST('7' AS INTEGER) AS c1 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT r.c0 AS c0, r.c1 AS c1 FROM "_0" AS l INNER JOIN "_2" AS r ON true)
SELECT "sum"(t.c0) AS c0, "min"(t.c1) AS c1 FROM "_3" AS t

-- a constant is looked for in a table
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0),
"_1" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t),
"_2" AS NOT MATERIALIZED (SELECT (CAST('浦东' AS VARCHAR) IN (SELECT r.c0 FROM "_1" AS r)) AS c0 FROM "_0" AS l),
"_3" AS NOT MATERIALIZED (SELECT t."district" AS c0 FROM "enterprise" AS t)
SELECT l.c0 AS c0, (CAST('苏州' AS VARCHAR) IN (SELECT r.c0 FROM "_3" AS r)) AS c1 FROM "_2" AS l

-- a window over rows of which nothing is read
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t)
SELECT count(*) OVER (RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS c0 FROM "_0" AS t

-- one row of nothing stands beside what a subquery finds
WITH "_0" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "tax" AS t),
"_1" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "_0" AS t LIMIT 1),
"_2" AS NOT MATERIALIZED (SELECT count(*) AS c0 FROM "_1" AS t),
"_3" AS NOT MATERIALIZED (SELECT t.c0 AS c0 FROM "_2" AS t WHERE (t.c0 = CAST('1' AS BIGINT))),
"_4" AS NOT MATERIALIZED (SELECT CAST('1' AS INTEGER) AS c0, CAST('2' AS INTEGER) AS c1 FROM "_3" AS t),
"_5" AS NOT MATERIALIZED (SELECT CAST(NULL AS BOOLEAN) AS c0 FROM "enterprise" AS t)
SELECT l.c0 AS c0, l.c1 AS c1 FROM "_4" AS l INNER JOIN "_5" AS r ON true
