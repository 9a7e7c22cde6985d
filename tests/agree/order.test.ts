import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NoiseStage } from '../../policies/query/plan.ts'
import { openDuck } from '../support/duck.ts'
import { answersIn } from '../support/gate.ts'
import { fillTown, planOf } from '../support/town.ts'

/*
 * What is added up before noise is the same to the last digit whatever the order of rows: rows of other units change that
 * order, and what they change is not hidden by the noise. Ties and sums of doubles are where the order would show.
 */
let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck(2)
})
afterAll(() => duck.close())

const rows = Array.from({ length: 600 }, (_, index) => [
  String(1 + (index % 40)),
  `2024-0${1 + (index % 3)}-01`,
  index % 2 === 0 ? 'vat' : 'income',
  `${(index * 7919) % 150}.${10 + ((index * 31) % 90)}`,
  String((index * 13) % 90),
])
const shuffled = (by: number): typeof rows =>
  rows
    .map((row, index) => ({ row, at: ((index + 1) * by) % 601 }))
    .sort((one, two) => one.at - two.at)
    .map(({ row }) => row)

const exact = async (stage: NoiseStage, tax: typeof rows): Promise<unknown> => {
  await fillTown(duck, { tax })
  const answers = await answersIn(stage, duck)
  return answers.map((answer) => answer.map((row) => JSON.stringify(row)).sort())
}

test.each([
  'select sum(amount) from (select uscc, amount, row_number() over (partition by uscc order by period) r from tax) where r = 1',
  'select sum(amount) from (select uscc, amount, row_number() over (partition by uscc) r from tax) where r < 3',
  'select sum(d) from (select uscc, amount - lag(amount) over (partition by uscc order by period) d from tax)',
  'select sum(f) from (select uscc, first_value(amount) over (partition by uscc order by period) f from tax)',
  'select sum(s) from (select uscc, sum(late_days) over (partition by uscc order by period rows between 2 preceding and current row) s from tax)',
  'select sum(x) from (select uscc, arg_max(amount, period) x from tax group by uscc)',
  'select sum(x) from (select uscc, arg_min(late_days, period) filter (where amount > 3) x from tax group by uscc)',
  'select sum(s), sum(a) from (select uscc, sum(late_days / 7) s, avg(late_days / 7) a from tax group by uscc)',
  'select sum(s), sum(v) from (select uscc, stddev_samp(amount) s, var_pop(late_days / 7) v from tax group by uscc)',
  'select kind, sum(amount), avg(late_days / 7), var_samp(late_days / 7) from tax group by kind',
  'select period, kind, count(*), sum(amount) from tax group by period, kind',
])('%s', async (sql) => {
  const [stage] = (await planOf(sql)).stages
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  const first = await exact(stage, rows)
  for (const by of [2, 173, 400]) expect(await exact(stage, shuffled(by))).toEqual(first)
})
