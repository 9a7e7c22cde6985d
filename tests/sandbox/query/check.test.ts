import { expect, test } from 'vitest'
import { describeTree } from '../../../policies/relation/describe.ts'
import { check } from '../../support/checker.ts'

test('an ordinary question becomes a tree', async () => {
  const outcome = await check(`SELECT district, count(*) AS n, sum(amount) / 2 AS half
    FROM enterprise e JOIN tax t ON e.uscc = t.uscc
    WHERE t.amount > 10.5 AND district IN ('浦东', '静安') -- 注释
    GROUP BY district HAVING count(*) > 5 ORDER BY n DESC LIMIT 10;`)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  expect(outcome.value.names).toEqual(['district', 'n', 'half'])
  expect(describeTree(outcome.value, 'en').length).toBeGreaterThan(5)
})

test('a hidden column and one that does not exist are refused alike', async () => {
  const hidden = await check('SELECT count(*) FROM enterprise WHERE phone > 1')
  expect(hidden).toEqual({
    ok: false,
    refusals: [
      { code: 'query/unknown-column', params: { name: 'phone' }, at: { line: 1, column: 39 } },
    ],
  })
})
