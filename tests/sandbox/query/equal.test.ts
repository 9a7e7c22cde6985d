import { expect, test } from 'vitest'
import { treeDigest } from '../../../policies/relation/digest.ts'
import { check } from '../../support/checker.ts'

const digestOf = async (sql: string): Promise<string> => {
  const outcome = await check(sql)
  if (!outcome.ok) throw new Error(`${sql}: ${JSON.stringify(outcome.refusals)}`)
  return treeDigest(outcome.value)
}
const where = (condition: string): string =>
  `SELECT count(*) AS n FROM enterprise WHERE ${condition}`

/** The same question, written in several ways. */
test.each([
  [
    'the order of conditions',
    where("staff > 3 AND district = '浦东'"),
    where("district = '浦东' AND staff > 3"),
  ],
  ['the side of a literal', where('staff > 3'), where('3 < staff')],
  ['a range', where('staff BETWEEN 3 AND 9'), where('staff >= 3 AND staff <= 9')],
  [
    'a list',
    where("district IN ('a', 'b')"),
    where("district = 'b' OR district = 'a' OR district IN ('a')"),
  ],
  ['a list of one', where("district IN ('a')"), where("district = 'a'")],
  [
    'not in a list',
    where("district NOT IN ('a', 'b')"),
    where("district <> 'a' AND NOT district = 'b'"),
  ],
  ['a negated conjunction', where('NOT (staff > 3 AND listed)'), where('staff <= 3 OR NOT listed')],
  ['a negated test', where('NOT (staff IS NULL)'), where('staff IS NOT NULL')],
  ['a double negation', where('NOT NOT listed'), where('listed')],
  ['a negated pattern', where("NOT district LIKE 'a%'"), where("district NOT LIKE 'a%'")],
  ['numbers of another scale', where('capital > 1000'), where('capital > 1000.00')],
  ['a number in the type of its column', where('staff = 5'), where("staff = '5'")],
  ['a fraction that is none', where('staff = 5'), where('staff = 5.0')],
  ['constants that are computed', where('staff > 2 + 1'), where('staff > 3')],
  ['dates as texts', where("founded > '2020-01-01'"), where("founded > DATE '2020-01-01'")],
  [
    'dates with an interval',
    where("founded > '2020-01-01'"),
    where("founded > DATE '2019-12-01' + INTERVAL 1 MONTH"),
  ],
  ['today', where('founded < current_date'), where("founded < '2026-06-30'")],
  ['true conditions', where('staff > 3 AND true'), where('staff > 3 AND 1 = 1')],
  ['the order of a sum', where('staff + uscc > 3'), where('uscc + staff > 3')],
  [
    'a simple CASE',
    "SELECT CASE district WHEN 'a' THEN 1 ELSE 2 END AS c FROM enterprise",
    "SELECT CASE WHEN district = 'a' THEN 1 ELSE 2 END AS c FROM enterprise",
  ],
  [
    'the order of keys',
    'SELECT count(*) AS n FROM enterprise GROUP BY district, listed',
    'SELECT count(*) AS n FROM enterprise GROUP BY listed, district',
  ],
  [
    'a subquery in FROM',
    where('staff > 3'),
    'SELECT count(*) AS n FROM (SELECT * FROM enterprise) e WHERE e.staff > 3',
  ],
  [
    'a common table expression',
    where('staff > 3'),
    'WITH e AS (SELECT * FROM enterprise WHERE staff > 3) SELECT count(*) AS n FROM e',
  ],
  [
    'columns nobody uses',
    where('staff > 3'),
    'SELECT count(*) AS n FROM (SELECT staff, capital * 2 AS c, district FROM enterprise) WHERE staff > 3',
  ],
  [
    'a sort nobody sees',
    where('staff > 3'),
    'SELECT count(*) AS n FROM (SELECT * FROM enterprise WHERE staff > 3 ORDER BY capital)',
  ],
  [
    'HAVING on a key',
    "SELECT district, count(*) AS n FROM enterprise GROUP BY 1 HAVING district = 'a'",
    "SELECT district, count(*) AS n FROM enterprise WHERE district = 'a' GROUP BY 1",
  ],
  [
    'a comma join',
    'SELECT count(*) AS n FROM enterprise e, tax t WHERE t.uscc = e.uscc',
    'SELECT count(*) AS n FROM enterprise e JOIN tax t ON e.uscc = t.uscc',
  ],
  [
    'a left join that is an inner one',
    'SELECT count(*) AS n FROM enterprise e LEFT JOIN tax t ON e.uscc = t.uscc WHERE t.amount > 5',
    'SELECT count(*) AS n FROM enterprise e JOIN tax t ON e.uscc = t.uscc WHERE t.amount > 5',
  ],
  [
    'a right join',
    'SELECT count(e.district) AS n FROM tax t RIGHT JOIN enterprise e ON e.uscc = t.uscc',
    'SELECT count(e.district) AS n FROM enterprise e LEFT JOIN tax t ON e.uscc = t.uscc',
  ],
  [
    'IN and EXISTS',
    where('uscc IN (SELECT uscc FROM tax)'),
    'SELECT count(*) AS n FROM enterprise e WHERE EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc)',
  ],
  [
    'a semi join',
    where('uscc IN (SELECT uscc FROM tax)'),
    'SELECT count(*) AS n FROM enterprise e SEMI JOIN tax t ON t.uscc = e.uscc',
  ],
  [
    'DISTINCT and GROUP BY',
    'SELECT DISTINCT district FROM enterprise',
    'SELECT district FROM enterprise GROUP BY district',
  ],
  ['count of a constant', where('listed'), "SELECT count('x') AS n FROM enterprise WHERE listed"],
  [
    'other names of functions',
    'SELECT avg(staff) AS a, stddev(staff) AS s FROM enterprise',
    'SELECT mean(staff) AS a, stddev_samp(staff) AS s FROM enterprise',
  ],
  [
    'case and spaces',
    where('staff > 3'),
    'select  COUNT( * )  as "n" from Enterprise E where E.STAFF>3 -- x',
  ],
])('%s makes no other question', async (_, one, other) => {
  expect(await digestOf(one)).toBe(await digestOf(other))
})

test.each([
  ['another literal', where('staff > 3'), where('staff > 4')],
  ['another bound', where('staff > 3'), where('staff >= 3')],
  ['another column', where('staff > 3'), where('uscc > 3')],
  ['a missing value that counts', where("district <> 'a'"), where("district IS DISTINCT FROM 'a'")],
  ['another name', where('listed'), 'SELECT count(*) AS m FROM enterprise WHERE listed'],
  [
    'another order of columns',
    'SELECT count(*) AS a, sum(staff) AS b FROM enterprise',
    'SELECT sum(staff) AS b, count(*) AS a FROM enterprise',
  ],
  [
    'a filter of a measure',
    'SELECT count(*) AS n FROM enterprise',
    'SELECT count(*) FILTER (WHERE listed) AS n FROM enterprise',
  ],
  [
    'distinct values',
    'SELECT count(district) AS n FROM enterprise',
    'SELECT count(DISTINCT district) AS n FROM enterprise',
  ],
  [
    'a window frame',
    'SELECT sum(amount) OVER (PARTITION BY uscc ORDER BY period ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM tax',
    'SELECT sum(amount) OVER (PARTITION BY uscc ORDER BY period ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM tax',
  ],
  [
    'grouping sets',
    'SELECT district, count(*) AS n FROM enterprise GROUP BY ROLLUP (district)',
    'SELECT district, count(*) AS n FROM enterprise GROUP BY district',
  ],
  [
    'a limit',
    'SELECT DISTINCT district FROM enterprise ORDER BY 1 LIMIT 2',
    'SELECT DISTINCT district FROM enterprise ORDER BY 1 LIMIT 3',
  ],
  [
    'the order of rows',
    'SELECT DISTINCT district FROM enterprise ORDER BY 1',
    'SELECT DISTINCT district FROM enterprise ORDER BY 1 DESC',
  ],
  [
    'NOT IN and NOT EXISTS',
    where('uscc NOT IN (SELECT uscc FROM tax)'),
    'SELECT count(*) AS n FROM enterprise e WHERE NOT EXISTS (SELECT 1 FROM tax t WHERE t.uscc = e.uscc)',
  ],
])('%s makes another question', async (_, one, other) => {
  expect(await digestOf(one)).not.toBe(await digestOf(other))
})
