-- a correlated column that may be missing, compared null-safely
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM enterprise x WHERE x.district IS NOT DISTINCT FROM e.district AND x.staff > e.staff)

-- once with equality and once null-safely
SELECT sum((SELECT count(*) FROM (SELECT district FROM enterprise x WHERE x.district = e.district UNION ALL SELECT district FROM enterprise y WHERE y.district IS NOT DISTINCT FROM e.district))) AS n FROM enterprise e

-- not exists with an inequality
SELECT count(*) FROM enterprise e WHERE NOT EXISTS (SELECT 1 FROM enterprise x WHERE x.district = e.district AND x.capital > e.capital)

-- not exists with nothing but an inequality
SELECT count(*) FROM enterprise e WHERE NOT EXISTS (SELECT 1 FROM enterprise x WHERE x.capital > e.capital)

-- exists with alternatives inside
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc AND (t.amount > e.capital OR t.late_days > 5))

-- exists with an alternative across
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc OR t.amount > e.capital)

-- a count with a default
SELECT n, count(*) FROM (SELECT coalesce((SELECT count(*) FROM court c WHERE c.uscc = e.uscc AND c.claim > 100), 0) AS n FROM enterprise e) GROUP BY n

-- a count computed with
SELECT sum((SELECT count(*) * 2 + 1 FROM court c WHERE c.uscc = e.uscc)) AS n FROM enterprise e

-- a count compared
SELECT count(*) FROM enterprise e WHERE (SELECT count(*) FROM tax t WHERE t.uscc = e.uscc) >= 2

-- a count of nothing
SELECT count(*) FROM enterprise e WHERE (SELECT count(*) FROM court c WHERE c.uscc = e.uscc) = 0

-- a correlated aggregate with groups and a condition on them
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT t.kind FROM tax t WHERE t.uscc = e.uscc GROUP BY t.kind HAVING count(*) > 1)

-- a correlated distinct count
SELECT sum((SELECT count(DISTINCT t.kind) FROM tax t WHERE t.uscc = e.uscc)) FROM enterprise e

-- two correlated subqueries
SELECT sum((SELECT max(t.amount) FROM tax t WHERE t.uscc = e.uscc) - (SELECT min(t.amount) FROM tax t WHERE t.uscc = e.uscc)) FROM enterprise e

-- a correlated subquery in a correlated subquery
SELECT sum((SELECT sum(t.amount - (SELECT avg(x.amount) FROM tax x WHERE x.uscc = t.uscc)) FROM tax t WHERE t.uscc = e.uscc)) FROM enterprise e

-- correlated over two levels with a value
SELECT sum((SELECT count(*) FROM tax t WHERE t.uscc = e.uscc AND t.amount > (SELECT avg(x.amount) FROM tax x WHERE x.uscc = e.uscc))) FROM enterprise e

-- a correlated join inside
SELECT sum((SELECT sum(t.amount) FROM tax t JOIN insurance i ON i.uscc = t.uscc WHERE t.uscc = e.uscc AND i.arrears > 10)) FROM enterprise e

-- a correlated left join inside
SELECT sum((SELECT count(i.arrears) FROM tax t LEFT JOIN insurance i ON i.uscc = t.uscc AND i.period > t.period WHERE t.uscc = e.uscc)) FROM enterprise e

-- correlated in with an inequality
SELECT count(*) FROM tax t WHERE t.kind IN (SELECT x.kind FROM tax x WHERE x.uscc = t.uscc AND x.period < t.period)

-- exists within exists, both over the unit
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc AND NOT EXISTS (SELECT 1 FROM insurance i WHERE i.uscc = t.uscc))

-- a correlated value in HAVING
SELECT e.district, count(*) AS n FROM enterprise e GROUP BY e.district HAVING count(*) > (SELECT count(*) FROM region r WHERE r.title = e.district)

-- a correlated value in a CASE
SELECT sum(CASE WHEN (SELECT max(t.late_days) FROM tax t WHERE t.uscc = e.uscc) > 4 THEN 1 ELSE 0 END) AS late FROM enterprise e

-- a correlated value in a filter
SELECT count(*) FILTER (WHERE (SELECT max(t.late_days) FROM tax t WHERE t.uscc = e.uscc) > 4) AS late FROM enterprise e

-- a lateral join with groups
SELECT e.district, x.kind, sum(x.s) FROM enterprise e, LATERAL (SELECT t.kind, sum(t.amount) AS s FROM tax t WHERE t.uscc = e.uscc GROUP BY t.kind) x GROUP BY 1, 2

-- a lateral left join
SELECT e.district, count(x.amount) AS n, count(*) AS m FROM enterprise e LEFT JOIN LATERAL (SELECT t.amount FROM tax t WHERE t.uscc = e.uscc AND t.late_days > 2) x ON true GROUP BY 1

-- a lateral join with an expression of both
SELECT sum(x.v) FROM enterprise e, LATERAL (SELECT t.amount + e.staff AS v FROM tax t WHERE t.uscc = e.uscc) x

-- the two largest of each
SELECT e.uscc, x.amount FROM enterprise e, LATERAL (SELECT t.amount FROM tax t WHERE t.uscc = e.uscc AND t.amount IS NOT NULL ORDER BY t.amount DESC LIMIT 2) x

-- a correlated window inside
SELECT sum((SELECT max(r) FROM (SELECT row_number() OVER (PARTITION BY t.kind ORDER BY t.period, t.amount, t.late_days) AS r FROM tax t WHERE t.uscc = e.uscc))) FROM enterprise e

-- keys that are expressions
SELECT count(*) FROM tax t WHERE EXISTS (SELECT 1 FROM court c WHERE year(c.filed) = year(t.period) AND c.uscc = t.uscc)

-- several keys
SELECT sum((SELECT max(x.staff) FROM enterprise x WHERE x.district = e.district AND x.industry = e.industry AND x.listed = e.listed)) FROM enterprise e

-- a key used twice
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t JOIN court c ON true WHERE t.uscc = e.uscc AND c.uscc = e.uscc)

-- exists as a value
SELECT sued, count(*) FROM (SELECT EXISTS (SELECT 1 FROM court c WHERE c.uscc = e.uscc) AS sued FROM enterprise e) GROUP BY sued

-- in as a value, with missing values
SELECT hit, count(*) FROM (SELECT e.district IN (SELECT x.district FROM enterprise x WHERE x.staff > 40) AS hit FROM enterprise e) GROUP BY hit

-- exists joined to exists by OR
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc AND t.amount > 600) OR NOT EXISTS (SELECT 1 FROM insurance i WHERE i.uscc = e.uscc)

-- an uncorrelated exists
SELECT count(*) FROM enterprise WHERE EXISTS (SELECT 1 FROM court WHERE claim > 100000)

-- a value of a value
SELECT (SELECT max(n) FROM (SELECT count(*) AS n FROM tax GROUP BY kind)) - (SELECT min(n) FROM (SELECT count(*) AS n FROM tax GROUP BY kind)) AS spread

-- any of
SELECT count(*) FROM enterprise WHERE staff = ANY (SELECT late_days FROM tax)

-- greater than any of
SELECT count(*) FROM enterprise WHERE staff > ANY (SELECT insured FROM insurance)

-- a value looked up by a key
SELECT count(*) FROM enterprise e WHERE (SELECT r.city FROM region r WHERE r.code = e.district) IS NULL

-- a value looked up by a constant key
SELECT count(*) FROM enterprise WHERE district = (SELECT title FROM region WHERE code = '310101')

-- a value looked up by a key among other conditions
SELECT c, count(*) FROM (SELECT (SELECT r.city FROM region r WHERE r.code = CAST(310100 + e.staff AS VARCHAR) AND r.title <> 'nowhere') AS c FROM enterprise e) GROUP BY c
