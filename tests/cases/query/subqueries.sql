-- allow
SELECT count(*) FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc)

-- refuse query/scalar-subquery
SELECT count(*) FROM enterprise WHERE staff > (SELECT late_days FROM tax)

-- refuse query/scalar-subquery
SELECT (SELECT t.amount FROM tax t WHERE t.uscc = e.uscc) FROM enterprise e

-- refuse query/not-in
SELECT count(*) FROM enterprise e WHERE e.founded NOT IN (SELECT c.filed FROM court c WHERE c.uscc = e.uscc)

-- refuse query/not-in
SELECT count(*) FROM enterprise e WHERE e.staff > ALL (SELECT late_days FROM tax)

-- allow
SELECT count(*) FROM enterprise e LEFT JOIN tax t ON e.uscc = t.uscc AND t.amount > (SELECT avg(amount) FROM tax)

-- refuse query/subquery-in-join
SELECT count(*) FROM enterprise e LEFT JOIN tax t ON e.uscc = t.uscc AND t.amount > (SELECT avg(x.amount) FROM tax x WHERE x.kind = t.kind AND x.uscc = e.uscc)

-- allow
SELECT (SELECT r.city FROM region r WHERE r.code = e.district) FROM enterprise e

-- refuse query/scalar-subquery
SELECT (SELECT r.city FROM region r WHERE r.title = e.district) FROM enterprise e

-- refuse query/scalar-subquery
SELECT (SELECT city FROM region WHERE code > 'a')

-- refuse query/scalar-subquery
SELECT (SELECT r.city FROM region r WHERE r.code = e.district OR r.title = e.district) FROM enterprise e
