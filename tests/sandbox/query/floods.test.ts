import { expect, test } from 'vitest'
import { check } from '../../support/checker.ts'

const times = (text: string, count: number): string => text.repeat(count)
const where = (condition: string): string => `SELECT count(*) FROM enterprise WHERE ${condition}`

/** Each is refused for its size, whole or by what it is made of, and none takes the checker's two seconds. */
test.each([
  ['text beyond the limit', where(times('staff = 1 OR ', 6000) + 'true'), 'query/too-long'],
  ['a text that is no text', 'SELECT \0', 'query/not-text'],
  ['half a character', 'SELECT \ud800', 'query/not-text'],
  ['nested brackets', `SELECT ${times('(', 20_000)}1${times(')', 20_000)}`, 'query/too-complex'],
  ['alternatives', where(times('1=1 OR ', 4000) + 'true'), 'query/too-complex'],
  ['sums', `SELECT ${times('1+', 3000)}1`, 'query/too-complex'],
  ['signs', `SELECT ${times('- ', 12000)}1`, 'query/too-complex'],
  ['nested lists', `SELECT ${times('[', 900)}${times(']', 900)}`, 'query/nested-value'],
  ['a long list', where(`staff IN (${times('1,', 1200)}2)`), 'query/long-list'],
  [
    'nested subqueries',
    `${times('SELECT * FROM (', 500)}SELECT 1${times(') q', 500)}`,
    'query/too-complex',
  ],
  [
    'nested ranges',
    where(`${times('(', 40)}1${times(' BETWEEN 0 AND 1)', 40)}`),
    'query/too-complex',
  ],
  [
    'nested divisions',
    `SELECT ${times('1.5/(', 50)}staff${times(')', 50)} FROM enterprise`,
    'query/too-complex',
  ],
  [
    'doubling aliases',
    `SELECT staff AS a0, ${Array.from({ length: 16 }, (_, i) => `a${i} + a${i} AS a${i + 1}`).join(', ')} FROM enterprise`,
    'query/too-complex',
  ],
  [
    'doubling stars',
    `SELECT count(*) FROM ${times('(SELECT *, * FROM ', 12)}tax${times(')', 12)}`,
    'query/too-complex',
  ],
  [
    'doubling joins',
    `WITH ${Array.from({ length: 12 }, (_, i) => `c${i} AS (SELECT * FROM ${i === 0 ? 'tax a, tax b' : `c${i - 1} a, c${i - 1} b`})`).join(', ')} SELECT count(*) FROM c11`,
    'query/too-complex',
  ],
  [
    'doubling cases',
    `SELECT ${times('CASE ', 16)}staff${times(' WHEN 1 THEN 2 WHEN 3 THEN 4 END', 16)} FROM enterprise`,
    'query/too-complex',
  ],
  [
    'doubling nulls',
    `SELECT ${times('nullif(', 40)}staff${times(', 1)', 40)} FROM enterprise`,
    'query/too-complex',
  ],
  [
    'repeated windows',
    `SELECT ${times('sum(staff) OVER w, ', 100)}1 FROM enterprise WINDOW w AS (PARTITION BY ${times('staff+', 2000)}1)`,
    'query/too-complex',
  ],
  [
    'cubes',
    `SELECT count(*) FROM enterprise GROUP BY CUBE (${Array.from({ length: 20 }, (_, i) => `staff + ${i}`).join(', ')})`,
    'query/too-complex',
  ],
])('%s', async (_, sql, code) => {
  const start = performance.now()
  const outcome = await check(sql)
  expect(outcome.ok ? ['allowed'] : outcome.refusals.map((refusal) => refusal.code)).toContain(code)
  expect(performance.now() - start).toBeLessThan(2000)
})

/** Every step uses the one before twice: sixty steps would be 2^60 parts, were they written out. */
function doubling(steps: number): string {
  const ctes = Array.from({ length: steps }, (_, step) =>
    step === 0
      ? 'c0 AS (SELECT uscc AS x FROM tax)'
      : `c${step} AS (SELECT x / x AS x FROM c${step - 1})`,
  )
  return `WITH ${ctes.join(', ')} SELECT count(x) FROM c${steps - 1}`
}

test('a literal may be long, within the text', async () => {
  const outcome = await check(where(`district = '${times('长', 15_000)}'`))
  expect(outcome.ok).toBe(true)
})

test('a column doubled by every step stays as large as its steps', async () => {
  const outcome = await check(doubling(25))
  expect(outcome.ok && outcome.value.nodes.length).toBeLessThan(60)
})
