-- features by enterprise, then groups
WITH f AS (SELECT uscc, sum(amount) AS paid, count(*) AS n FROM tax GROUP BY uscc)
SELECT e.district, avg(f.paid) AS mean, sum(f.n) AS n FROM enterprise e JOIN f ON f.uscc = e.uscc GROUP BY e.district

-- features from two tables
WITH t AS (SELECT uscc, sum(amount) AS paid FROM tax GROUP BY uscc), i AS (SELECT uscc, max(insured) AS insured FROM insurance GROUP BY uscc)
SELECT e.industry, count(*) AS n, avg(t.paid / nullif(i.insured, 0)) AS per_head FROM enterprise e LEFT JOIN t USING (uscc) LEFT JOIN i USING (uscc) GROUP BY 1

-- a common table expression used twice
WITH f AS (SELECT uscc, sum(amount) AS paid FROM tax GROUP BY uscc)
SELECT count(*) FROM f a JOIN f b ON a.uscc = b.uscc AND a.paid >= b.paid

-- a share of the total
WITH g AS (SELECT district, sum(capital) AS s FROM enterprise GROUP BY district)
SELECT district, s / (SELECT sum(s) FROM g) AS share FROM g

-- common table expressions over each other
WITH a AS (SELECT uscc, district FROM enterprise WHERE staff > 2), b AS (SELECT a.district, t.amount FROM a JOIN tax t USING (uscc)), c AS (SELECT district, sum(amount) AS s FROM b GROUP BY 1)
SELECT max(s), min(s) FROM c

-- nested derived tables
SELECT count(*) FROM (SELECT * FROM (SELECT uscc, count(*) AS n FROM tax GROUP BY uscc) WHERE n > 1) WHERE uscc % 2 = 0

-- buckets of features
SELECT bucket, count(*) FROM (SELECT uscc, CASE WHEN sum(amount) > 1000 THEN 'high' ELSE 'low' END AS bucket FROM tax GROUP BY uscc) GROUP BY bucket

-- distinct pairs, then groups
SELECT kind, count(*) FROM (SELECT DISTINCT uscc, kind FROM tax) GROUP BY kind

-- latest by window
SELECT kind, count(*) FROM (SELECT uscc, kind, row_number() OVER (PARTITION BY uscc ORDER BY period DESC, amount DESC, kind) AS r FROM tax) WHERE r = 1 GROUP BY kind

-- qualify
SELECT sum(amount) FROM (SELECT uscc, amount FROM tax QUALIFY row_number() OVER (PARTITION BY uscc ORDER BY period, amount, kind) = 1)

-- change against the period before
SELECT avg(amount - before) FROM (SELECT amount, lag(amount) OVER (PARTITION BY uscc, kind ORDER BY period, amount) AS before FROM tax)

-- a default for the period before
SELECT sum(before) FROM (SELECT lag(late_days, 1, 0) OVER (PARTITION BY uscc ORDER BY period, amount, kind, late_days) AS before FROM tax)

-- running sums
SELECT max(running) FROM (SELECT uscc, sum(amount) OVER (PARTITION BY uscc ORDER BY period, amount, kind ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM tax)

-- moving averages
SELECT avg(m) FROM (SELECT avg(insured) OVER (PARTITION BY uscc ORDER BY period, insured ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS m FROM insurance)

-- a window over the whole enterprise
SELECT count(*) FROM (SELECT amount, sum(amount) OVER (PARTITION BY uscc) AS total FROM tax) WHERE amount * 2 > total

-- ranks of groups
SELECT district, n, rank() OVER (ORDER BY n DESC, district) AS r FROM (SELECT district, count(*) AS n FROM enterprise GROUP BY district)

-- shares by a window over groups
SELECT district, n, n / sum(n) OVER () AS share FROM (SELECT district, count(*) AS n FROM enterprise GROUP BY district)

-- filter on a window's partition
SELECT count(*) FROM (SELECT uscc, count(*) OVER (PARTITION BY uscc) AS n FROM tax) WHERE uscc < 20 AND n > 1

-- first and last values
SELECT sum(f), sum(l) FROM (SELECT first_value(amount) OVER w AS f, last_value(amount) OVER w AS l FROM tax WINDOW w AS (PARTITION BY uscc ORDER BY period, amount, kind ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING))

-- tiles
SELECT t, count(*) FROM (SELECT ntile(4) OVER (ORDER BY n, district) AS t FROM (SELECT district, count(*) AS n FROM enterprise GROUP BY 1)) GROUP BY t

-- rollup
SELECT district, industry, count(*) AS n FROM enterprise GROUP BY ROLLUP (district, industry)

-- cube with grouping
SELECT district, listed, grouping(district) AS g, grouping(listed) AS h, count(*) FROM enterprise GROUP BY CUBE (district, listed)

-- grouping sets
SELECT district, industry, sum(staff) FROM enterprise GROUP BY GROUPING SETS ((district), (industry), ())

-- rollup of the same column twice
SELECT district AS a, district AS b, count(*) FROM enterprise GROUP BY ROLLUP (district, district)

-- union all
SELECT 'tax' AS source, count(*) AS n FROM tax UNION ALL SELECT 'court', count(*) FROM court

-- union
SELECT uscc FROM tax UNION SELECT uscc FROM court

-- union of rows, then groups
SELECT kind, sum(v) FROM (SELECT uscc, 'tax' AS kind, amount AS v FROM tax UNION ALL SELECT uscc, 'claim', claim FROM court) GROUP BY kind

-- a union filtered outside
SELECT count(*) FROM (SELECT uscc, period AS d FROM tax UNION ALL SELECT uscc, filed FROM court) WHERE d > '2022-06-01' AND uscc > 3

-- ordered union
-- ordered
SELECT district, count(*) AS n FROM enterprise WHERE staff > 20 AND district IS NOT NULL GROUP BY 1 UNION ALL SELECT 'all', count(*) FROM enterprise ORDER BY n DESC, district

-- limit in a subquery
SELECT sum(n) FROM (SELECT district, count(*) AS n FROM enterprise GROUP BY 1 ORDER BY n DESC, district NULLS LAST LIMIT 2)

-- a group average joined back
SELECT e.district, count(*) FROM enterprise e JOIN (SELECT district, avg(capital) AS mean FROM enterprise GROUP BY district) g ON g.district = e.district WHERE e.capital > g.mean GROUP BY 1

-- having with a subquery
SELECT district, sum(capital) FROM enterprise GROUP BY district HAVING sum(capital) > (SELECT avg(s) FROM (SELECT sum(capital) AS s FROM enterprise GROUP BY district))

-- aggregates of expressions of aggregates
SELECT avg(n), stddev_pop(n) FROM (SELECT uscc, count(*) FILTER (WHERE late_days > 0) * 1.0 / count(*) AS n FROM tax GROUP BY uscc)

-- several levels of aggregates
SELECT max(m) FROM (SELECT district, avg(n) AS m FROM (SELECT e.district, e.uscc, count(*) AS n FROM enterprise e JOIN tax t USING (uscc) GROUP BY 1, 2) GROUP BY district)

-- the same group twice
SELECT a.district, a.n, b.s FROM (SELECT district, count(*) AS n FROM enterprise GROUP BY 1) a JOIN (SELECT district, sum(staff) AS s FROM enterprise GROUP BY 1) b ON a.district = b.district

-- constants through layers
SELECT label, count(*) FROM (SELECT 'x' AS label, uscc FROM enterprise) WHERE label = 'x' GROUP BY label

-- a date shifted
SELECT count(*) FROM tax t JOIN enterprise e USING (uscc) WHERE t.period > e.founded + INTERVAL 5 YEAR AND t.period - e.founded < 9000
