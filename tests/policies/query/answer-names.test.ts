import { expect, test } from 'vitest'
import { foreseen } from '../../../policies/query/forecast.ts'
import { planOf } from '../../support/town.ts'

const named = async (sql: string) => {
  const plan = await planOf(sql)
  return {
    notes: plan.notes
      .filter(({ note }) => note === 'clamped')
      .map(({ params }) => params['measure']),
    widths: foreseen(plan).widths.map(({ name }) => name),
  }
}

test('notes and widths speak of the answer’s own columns', async () => {
  expect(
    await named(
      'select district, count(*) as firms, sum(capital) as 资本, avg(staff) as people from enterprise group by district',
    ),
  ).toEqual({ notes: ['资本', 'people'], widths: ['firms', '资本'] })
})

test('a figure that leaves under two names has both, whatever is sorted, kept or put together', async () => {
  expect(
    await named(
      'select district, sum(capital) as a, sum(capital) as b from enterprise group by rollup (district) having count(*) > 3 order by a limit 2',
    ),
  ).toMatchObject({ notes: ['a, b'] })
  expect(
    await named(
      'select r.city, e.paid from (select district, sum(capital) paid from enterprise group by district) e join region r on r.code = e.district',
    ),
  ).toMatchObject({ notes: ['paid'], widths: ['paid'] })
})

test('a figure that is only computed with keeps the name of its function', async () => {
  expect(await named('select sum(capital) / count(*) as each from enterprise')).toEqual({
    notes: ['sum'],
    widths: ['count 1', 'sum 2'],
  })
})
