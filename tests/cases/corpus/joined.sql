-- a join on the enterprise
SELECT e.district, sum(t.amount) AS tax FROM enterprise e JOIN tax t ON e.uscc = t.uscc GROUP BY e.district

-- a comma join
SELECT e.industry, count(*) FROM enterprise e, tax t WHERE e.uscc = t.uscc AND t.amount > 100 GROUP BY e.industry

-- using
SELECT district, sum(arrears) FROM enterprise JOIN insurance USING (uscc) GROUP BY district

-- natural join
SELECT count(*) FROM (SELECT uscc, district FROM enterprise) NATURAL JOIN (SELECT uscc, amount FROM tax)

-- a left join with counts
SELECT e.district, count(t.amount) AS paid, count(*) AS all_rows FROM enterprise e LEFT JOIN tax t ON e.uscc = t.uscc GROUP BY 1

-- a left join that WHERE turns into an inner one
SELECT count(*) FROM enterprise e LEFT JOIN tax t ON e.uscc = t.uscc WHERE t.late_days > 3

-- a left join with conditions on both sides
SELECT count(*), count(t.uscc) FROM enterprise e LEFT JOIN tax t ON e.uscc = t.uscc AND t.kind = '增值税' AND e.staff > 10

-- a right join
SELECT e.district, count(*) FROM tax t RIGHT JOIN enterprise e ON t.uscc = e.uscc GROUP BY 1

-- three tables
SELECT e.industry, count(DISTINCT e.uscc) FROM enterprise e JOIN tax t ON t.uscc = e.uscc JOIN court c ON c.uscc = e.uscc WHERE c.role = 'defendant' GROUP BY 1

-- a public table
SELECT r.city, count(*) FROM enterprise e JOIN region r ON e.district = r.title GROUP BY r.city

-- left join of a public table
SELECT coalesce(r.city, 'none') AS city, count(*) FROM enterprise e LEFT JOIN region r ON r.title = e.district GROUP BY 1

-- a self join
SELECT count(*) FROM tax a JOIN tax b ON a.uscc = b.uscc AND a.period < b.period

-- a join on an inequality as well
SELECT count(*) FROM tax t JOIN insurance i ON t.uscc = i.uscc AND i.period <= t.period

-- a join on null-safe equality
SELECT count(*) FROM enterprise e JOIN region r ON e.district IS NOT DISTINCT FROM r.title

-- a cross product of aggregates
SELECT a.n, b.n AS m FROM (SELECT count(*) AS n FROM enterprise) a, (SELECT count(*) AS n FROM tax) b

-- exists
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc AND t.late_days > 0)

-- not exists
SELECT district, count(*) FROM enterprise e WHERE NOT EXISTS (SELECT 1 FROM court c WHERE c.uscc = e.uscc) GROUP BY district

-- exists and not exists
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc) AND NOT EXISTS (SELECT 1 FROM insurance i WHERE i.uscc = e.uscc AND i.arrears > 0) AND e.staff > 3

-- exists after a comma join
SELECT count(*) FROM enterprise e, tax t WHERE e.uscc = t.uscc AND EXISTS (SELECT 1 FROM court c WHERE c.uscc = e.uscc)

-- in a subquery
SELECT count(*) FROM enterprise WHERE uscc IN (SELECT uscc FROM tax WHERE amount > 500)

-- not in a subquery
SELECT count(*) FROM enterprise WHERE uscc NOT IN (SELECT uscc FROM court WHERE uscc IS NOT NULL)

-- not in a subquery with nulls
SELECT count(*) FROM enterprise WHERE district NOT IN (SELECT district FROM enterprise WHERE staff > 60)

-- in a subquery as a value
SELECT district, sum(CASE WHEN uscc IN (SELECT uscc FROM court) THEN 1 ELSE 0 END) AS sued FROM enterprise GROUP BY district

-- exists in an alternative
SELECT count(*) FROM enterprise e WHERE e.staff > 50 OR EXISTS (SELECT 1 FROM court c WHERE c.uscc = e.uscc)

-- exists in a filter of an aggregate
SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM court c WHERE c.uscc = e.uscc)) AS sued, count(*) AS n FROM enterprise e

-- correlated in
SELECT count(*) FROM enterprise e WHERE e.founded IN (SELECT c.filed FROM court c WHERE c.uscc = e.uscc)

-- an uncorrelated scalar subquery
SELECT count(*) FROM enterprise WHERE capital > (SELECT avg(capital) FROM enterprise)

-- a scalar subquery in the list
SELECT district, count(*) AS n, (SELECT count(*) FROM tax) AS taxes FROM enterprise GROUP BY district

-- a scalar subquery without rows
SELECT count(*) FROM enterprise WHERE staff > (SELECT sum(n) FROM (SELECT count(*) AS n FROM tax GROUP BY kind HAVING count(*) > 100000))

-- a correlated scalar subquery
SELECT e.district, sum((SELECT sum(t.amount) FROM tax t WHERE t.uscc = e.uscc)) AS paid FROM enterprise e GROUP BY 1

-- a correlated count
SELECT n, count(*) FROM (SELECT (SELECT count(*) FROM tax t WHERE t.uscc = e.uscc) AS n FROM enterprise e) GROUP BY n

-- above the average of its district
SELECT count(*) FROM enterprise e WHERE e.capital > (SELECT avg(x.capital) FROM enterprise x WHERE x.district = e.district)

-- above the average of its district and industry
SELECT e.industry, count(*) FROM enterprise e WHERE e.staff >= (SELECT avg(x.staff) FROM enterprise x WHERE x.district = e.district AND x.industry = e.industry) GROUP BY 1

-- the latest filing
SELECT count(*) FROM tax t WHERE t.period = (SELECT max(x.period) FROM tax x WHERE x.uscc = t.uscc)

-- the first row of a correlated subquery
SELECT e.uscc, (SELECT t.amount FROM tax t WHERE t.uscc = e.uscc ORDER BY t.period DESC, t.amount DESC, t.kind LIMIT 1) AS latest FROM enterprise e

-- a lateral join
SELECT e.district, sum(x.s) FROM enterprise e, LATERAL (SELECT sum(t.amount) AS s FROM tax t WHERE t.uscc = e.uscc) x GROUP BY 1

-- a semi join as written
SELECT count(*) FROM enterprise e SEMI JOIN tax t ON e.uscc = t.uscc

-- an anti join as written
SELECT count(*) FROM enterprise e ANTI JOIN tax t ON e.uscc = t.uscc

-- nested subqueries
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc AND t.amount > (SELECT avg(x.amount) FROM tax x WHERE x.kind = t.kind))

-- a subquery correlated over two levels
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc AND EXISTS (SELECT 1 FROM court c WHERE c.uscc = e.uscc AND c.filed > t.period))

-- correlated by an inequality
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.amount > e.capital)

-- a correlated count by an inequality
SELECT sum((SELECT count(*) FROM region r WHERE r.title > e.district)) FROM enterprise e

-- a table that is only counted stands before one of two columns
select sum(t.a), min(t.b) from enterprise e, (select 5 as a, 7 as b) t

-- a constant is looked for in a table
select '浦东' in (select district from enterprise) as found, '苏州' in (select district from enterprise) as missed

-- a window over rows of which nothing is read
select count(*) over () as n from enterprise

-- one row of nothing stands beside what a subquery finds
select x.a, x.b from (select 1 as a, 2 as b where exists (select 1 from tax)) x, enterprise e
