-- allow
SELECT round(capital, 2), trim(kind, 'a'), concat_ws('-', kind, district), lpad(kind, 9, '0') FROM enterprise JOIN tax USING (uscc)

-- allow
SELECT strftime('%Y', period), strftime(period, '%m'), date_trunc('Month', period), nth_value(amount, 1) OVER (ORDER BY period) FROM tax

-- refuse query/binding
SELECT round(capital, staff::INTEGER) FROM enterprise

-- refuse query/function-arguments
SELECT round(capital, 16) FROM enterprise

-- refuse query/function-arguments
SELECT trunc(capital, -17) FROM enterprise

-- refuse query/function
SELECT date_part('epoch', period) FROM tax

-- refuse query/binding
SELECT date_trunc('fortnight', period) FROM tax

-- allow
SELECT date_trunc(NULL, period) FROM tax

-- refuse query/binding
SELECT strftime(period, kind) FROM tax

-- refuse query/function-arguments
SELECT strftime(period, '%Y %m %d %H %Y %m %d %H %Y %m %d %H %Y %m %d %H %Y %m %d %H %Y %m') FROM tax

-- refuse query/binding
SELECT strptime(kind, kind) FROM tax

-- refuse query/function-arguments
SELECT period + INTERVAL 10000 YEAR FROM tax

-- refuse query/function-arguments
SELECT period + CASE WHEN amount > 1 THEN INTERVAL 1 DAY ELSE INTERVAL 2 DAY END FROM tax

-- refuse query/function-arguments
SELECT replace(kind, kind, 'a') FROM tax

-- refuse query/function-arguments
SELECT replace(kind, 'a', kind) FROM tax

-- refuse query/function-arguments
SELECT replace(kind, '', '') FROM tax

-- refuse query/growth
SELECT replace(kind, 'ab', '企') FROM tax

-- refuse query/function-arguments
SELECT translate(kind, kind, 'a') FROM tax

-- refuse query/function-arguments
SELECT translate(kind, 'a', kind) FROM tax

-- refuse query/function-arguments
SELECT lpad(kind, 5, '') FROM tax

-- refuse query/function-arguments
SELECT rpad(kind, late_days::INTEGER, 'x') FROM tax

-- refuse query/function-arguments
SELECT rpad(kind, 5, kind) FROM tax

-- allow
SELECT lpad(kind, NULL, 'x') FROM tax

-- allow
SELECT lpad(kind, 5, NULL) FROM tax

-- refuse query/function-arguments
SELECT trim(kind, kind) FROM tax

-- refuse query/function-arguments
SELECT concat_ws(kind, kind, kind) FROM tax

-- refuse query/function-arguments
SELECT concat_ws('-----------------', kind, kind) FROM tax

-- refuse query/growth
SELECT concat_ws(',', kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind) FROM tax

-- refuse query/growth
SELECT concat(kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind, kind) FROM tax

-- allow
SELECT kind LIKE NULL FROM tax

-- refuse query/function-arguments
SELECT kind LIKE 'a' ESCAPE kind FROM tax

-- allow
SELECT kind LIKE 'a' ESCAPE NULL FROM tax

-- refuse query/function-arguments
SELECT regexp_matches(kind, kind) FROM tax

-- refuse query/function-arguments
SELECT regexp_matches(kind, NULL) FROM tax

-- refuse query/binding
SELECT regexp_extract(kind, '(a)', 10) FROM tax

-- refuse query/binding
-- a pattern that is none
SELECT regexp_matches(kind, '(a') FROM tax

-- refuse query/binding
SELECT quantile_cont(amount, 1.5) FROM tax

-- refuse query/function-arguments
SELECT ntile(0) OVER (ORDER BY period) FROM tax

-- refuse query/function-arguments
SELECT ntile(late_days) OVER (ORDER BY period) FROM tax

-- refuse query/function-arguments
SELECT nth_value(amount, 1000000) OVER (ORDER BY period) FROM tax

-- refuse query/function-arguments
SELECT lag(amount, late_days) OVER (ORDER BY period) FROM tax

-- refuse query/argument-types
SELECT bool_and(period) FROM tax

-- refuse query/argument-types
SELECT corr(DISTINCT amount, late_days) FROM tax

-- refuse query/binding
-- a format of dates that the engine cannot write down again
SELECT strftime(period, '%Y %m %d %H %Y %m %d %H %Y %m %d %H %፥ %m %d %H %Y %m %d %H %Y %m') FROM tax
