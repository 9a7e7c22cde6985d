import { expect, test } from 'vitest'
import { planSchema } from '../../../policies/query/plan.ts'
import { codesOf, planOf } from '../../support/town.ts'

test('a count by district is one noisy figure in each cell of a public grid', async () => {
  const plan = await planOf('select district, count(*) as n from enterprise group by district')
  expect(planSchema.parse(plan)).toEqual(plan)
  const [stage] = plan.stages
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  expect(stage.keys[0]?.values).toEqual(['east', 'west', 'north'])
  expect(stage.mechanisms).toHaveLength(1)
  expect(stage.mechanisms[0]?.sensitivity).toEqual([{ kind: 'enterprise', squared: '1' }])
  expect(plan.cost).toEqual([{ kind: 'enterprise', rhoNano: 10_000_000, deltaFemto: 0 }])
})

test('rows, limits and identifiers are refused, all at once and with their places', async () => {
  expect(await codesOf('select district from enterprise')).toEqual(['query/rows-released'])
  expect(await codesOf('select uscc, count(*) from enterprise group by uscc')).toEqual([
    'query/rows-released',
  ])
  expect(
    await codesOf(
      'select district, max(capital), min(staff) from enterprise where uscc % 2 = 0 group by district',
    ),
  ).toEqual([
    'query/aggregate-not-available',
    'query/aggregate-not-available',
    'query/identifier-used',
  ])
  expect(
    await codesOf('select count(*) from (select * from enterprise order by capital limit 3)'),
  ).toEqual(['query/limit-on-rows'])
})
