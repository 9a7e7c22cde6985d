-- rows of the whole table
SELECT count(*) FROM enterprise

-- groups by a code
SELECT district, count(*) AS n FROM enterprise GROUP BY district

-- sum and average of money
SELECT industry, sum(capital) AS capital, avg(capital) AS mean FROM enterprise GROUP BY industry

-- a filter on a code and on a number
SELECT count(*) FROM enterprise WHERE district = '浦东' AND staff > 20

-- a list of codes
SELECT industry, count(*) FROM enterprise WHERE district IN ('浦东', '静安', '徐汇') GROUP BY industry

-- not in a list of codes
SELECT count(*) FROM enterprise WHERE industry NOT IN ('制造', '零售')

-- a range of money
SELECT count(*), sum(staff) FROM enterprise WHERE capital BETWEEN 100 AND 5000.5

-- dates as texts
SELECT count(*) FROM enterprise WHERE founded >= '2015-01-01' AND founded < '2020-01-01'

-- dates with intervals
SELECT count(*) FROM enterprise WHERE founded >= DATE '2020-01-01' - INTERVAL 3 YEAR

-- today
SELECT count(*) FROM enterprise WHERE founded < current_date - INTERVAL 10 YEAR

-- age in years
SELECT date_diff('year', founded, current_date) AS age, count(*) FROM enterprise GROUP BY 1

-- founding years
SELECT year(founded) AS y, count(*) FROM enterprise GROUP BY y

-- extract month
SELECT extract(month FROM period) AS m, sum(amount) FROM tax GROUP BY ALL

-- truncated dates
SELECT date_trunc('quarter', period) AS q, sum(amount) FROM tax GROUP BY q

-- month as text
SELECT strftime(period, '%Y-%m') AS month, count(*) FROM tax GROUP BY 1

-- buckets by CASE
SELECT CASE WHEN staff < 10 THEN 'small' WHEN staff < 50 THEN 'medium' ELSE 'large' END AS size, count(*) FROM enterprise GROUP BY 1

-- buckets by division
SELECT staff // 10 AS decade, count(*) FROM enterprise GROUP BY decade

-- simple CASE
SELECT CASE kind WHEN '增值税' THEN 'vat' WHEN '所得税' THEN 'cit' END AS k, sum(amount) FROM tax GROUP BY 1

-- booleans
SELECT listed, count(*) FROM enterprise WHERE listed IS NOT NULL GROUP BY listed

-- boolean as filter
SELECT count(*) FROM enterprise WHERE listed

-- boolean compared
SELECT count(*) FROM enterprise WHERE NOT listed AND listed = false

-- null handling
SELECT count(*), count(capital), count(DISTINCT district) FROM enterprise

-- coalesce
SELECT coalesce(district, '未知') AS d, count(*) FROM enterprise GROUP BY 1

-- nullif and division
SELECT kind, sum(amount) / nullif(sum(late_days), 0) AS per_day FROM tax GROUP BY kind

-- having
SELECT industry, count(*) AS n FROM enterprise GROUP BY industry HAVING count(*) >= 5

-- having on another aggregate
SELECT kind, avg(amount) FROM tax GROUP BY kind HAVING sum(late_days) > 10 OR count(*) > 3

-- having on a key
SELECT kind, count(*) FROM tax GROUP BY kind HAVING kind <> '增值税'

-- filters in aggregates
SELECT district, count(*) FILTER (WHERE listed) AS listed, sum(capital) FILTER (WHERE staff > 10) AS big FROM enterprise GROUP BY district

-- ordered and limited
-- ordered
SELECT industry, count(*) AS n FROM enterprise WHERE industry IS NOT NULL GROUP BY industry ORDER BY n DESC, industry LIMIT 3

-- ordered with offset
-- ordered
SELECT district, sum(capital) AS s FROM enterprise GROUP BY district ORDER BY s DESC NULLS LAST, district NULLS FIRST LIMIT 2 OFFSET 1

-- ordered by something not shown
-- ordered
SELECT industry FROM (SELECT industry, count(*) AS n FROM enterprise WHERE industry IS NOT NULL GROUP BY 1) ORDER BY n DESC, industry

-- distinct
SELECT DISTINCT district, listed FROM enterprise

-- count of distinct codes with a filter
SELECT count(DISTINCT industry) FILTER (WHERE district = '静安') FROM enterprise

-- texts
SELECT upper(kind) AS k, length(kind) AS n, count(*) FROM tax GROUP BY ALL

-- prefixes
SELECT left(cause, 2) AS c, count(*) FROM court GROUP BY 1

-- like
SELECT count(*) FROM court WHERE cause LIKE '买卖%'

-- not like and ilike
SELECT count(*) FROM court WHERE cause NOT LIKE '%纠纷' OR role ILIKE 'PLAIN%'

-- substring and position
SELECT substring(cause, 2, 2) AS c, max(strpos(cause, '合同')) AS p FROM court GROUP BY 1

-- replace and concatenation
SELECT replace(kind, '税', '') || '/' || coalesce(kind, '-') AS k, count(*) FROM tax GROUP BY 1

-- numbers
SELECT round(capital, 0) AS r, floor(capital) AS f, abs(capital - 1000) AS a FROM enterprise WHERE capital < 500

-- logarithms and powers
SELECT district, avg(ln(capital + 1)) AS l, sum(pow(staff, 2)) AS p FROM enterprise WHERE capital > 0 GROUP BY district

-- remainder
SELECT uscc % 3 AS part, count(*) FROM enterprise GROUP BY part

-- statistics
SELECT industry, stddev(capital), var_pop(staff), corr(capital, staff) FROM enterprise GROUP BY industry

-- regression
SELECT regr_slope(capital, staff), regr_intercept(capital, staff), regr_r2(capital, staff) FROM enterprise

-- quantiles
SELECT median(staff), quantile_cont(capital, 0.9), quantile_disc(staff, 0.25) FROM enterprise

-- extremes
SELECT district, min(founded), max(staff), arg_max(industry, uscc) FROM enterprise GROUP BY district

-- conditional sums
SELECT sum(CASE WHEN late_days > 0 THEN amount ELSE 0 END) / sum(amount) AS late_share FROM tax

-- count if
SELECT kind, count_if(late_days > 0) AS late FROM tax GROUP BY kind

-- constants only
SELECT 1 + 1 AS two, 'a' AS a, DATE '2024-02-29' AS d, NULL AS nothing

-- values
SELECT x, y FROM (VALUES (1, 'a'), (2, 'b'), (NULL, 'c')) AS t(x, y) WHERE x > 1 OR x IS NULL

-- or of comparisons
SELECT count(*) FROM enterprise WHERE district = '浦东' OR district = '静安' OR staff = 3

-- distinct from
SELECT count(*) FROM enterprise WHERE district IS DISTINCT FROM '浦东'

-- an unused subquery
WITH unused AS (SELECT * FROM tax) SELECT count(*) FROM enterprise

-- columns computed from columns
SELECT d, n * 2 AS twice, n + staff AS sum FROM (SELECT district AS d, count(*) AS n, sum(staff) AS staff FROM enterprise GROUP BY 1)

-- star over a grouped subquery
SELECT * FROM (SELECT district, count(*) AS n FROM enterprise GROUP BY district) WHERE n > 2

-- casts
SELECT CAST(capital AS INTEGER) AS c, CAST(staff AS VARCHAR) AS s, CAST(founded AS VARCHAR) AS f FROM enterprise WHERE staff < 20

-- text compared with a number
SELECT count(*) FROM region WHERE code = 310101

-- money times a factor
SELECT sum(amount * 0.13) AS vat, sum(amount * late_days) AS weighted, sum(amount) * 2 AS twice FROM tax

-- from first
FROM enterprise SELECT count(*) WHERE staff > 5
