import { decide } from '../../../policies/query/decide.ts'
import { successOf } from '../../support/bound.ts'
import { check } from '../../support/checker.ts'
import { openDuck } from '../../support/duck.ts'
import { townContext, townTables } from '../../support/town.ts'
import { buildTowns } from '../neighbours.ts'
import { gaussian, silence } from './cells.ts'
import { apartIn, distinguish, type Apart } from './distinguish.ts'
import { added, mean, type Family } from './row.ts'

/** Shapes in which one entity alone would decide: small groups, sums of one, large contributors, rows that are none. */
const texts: readonly string[] = [
  'select district, industry, founded, count(*) from enterprise group by district, industry, founded',
  'select district, sum(capital) from enterprise group by district',
  'select sum(capital) filter (where staff > 500) from enterprise',
  'select avg(capital), count(capital), count(*) from enterprise',
  'select stddev_pop(capital) from enterprise',
  'select count(*), count(distinct uscc) from tax',
  'select kind, sum(amount) from tax group by kind having count(*) > 0',
  'select kind, sum(amount) from tax group by kind having count(distinct uscc) = 1',
  'select kind, count(*) from tax group by kind order by sum(amount) desc limit 1',
  'select count(*) from enterprise e left join tax t on e.uscc = t.uscc where t.uscc is null',
  'select count(*) from enterprise where uscc not in (select uscc from tax)',
  'select e.district, sum(t.amount) from enterprise e join tax t on e.uscc = t.uscc group by e.district',
  'select district, count(*) from enterprise group by rollup (district)',
  'select sex, count(*), sum(share) from owner group by sex',
  'select count(*) from (select distinct district, industry from enterprise)',
  'select role, sum(claim) from court group by role',
  'select district, max(capital) from enterprise group by district',
  'select district, capital from enterprise qualify row_number() over (order by capital desc) = 1',
  'select count(*) from enterprise tablesample 1 rows',
  'select count(*) from (select uscc, sum(amount) s from tax group by uscc) where s > 200',
]

export const structure: Family = async (size) => {
  const duck = await openDuck()
  const towns = await buildTowns(duck, size === 'small' ? 1 : 6)
  let refused = 0
  const asked: Apart[] = []
  for (const text of texts) {
    const understood = await check(text, townTables)
    const decided = understood.ok ? decide(understood.value, townContext) : understood
    if (!decided.ok) {
      refused += 1
      continue
    }
    // Of all entities of all towns the one whom the answer shows most.
    const all: Apart[] = []
    for (const { whole, neighbours } of towns)
      all.push(...(await apartIn(duck, decided.value, whole, neighbours)))
    const most = all.toSorted((one, two) => two.information - one.information)[0]
    if (most !== undefined) asked.push(most)
  }
  duck.close()
  const runs = size === 'small' ? 30 : 1000
  const sampler = (at: number) => (run: number) => gaussian(`structure ${at} ${run}`)
  return {
    family: 'structure',
    what: 'small groups, lone sums, large contributors, rows that are missing; whether one entity is there, everybody else known',
    attempts: texts.length,
    refused,
    released: texts.length - refused,
    inferred: added(asked.map((one, at) => distinguish([one], { runs, sampler: sampler(at) }))),
    baseline: 0.5,
    bound: mean(asked.map(({ rho }) => successOf(rho))),
    boundBy: 'total variation, rho 0.01 a question',
    guardRemoved: added(
      asked.map((one) => distinguish([one], { runs: 1, sampler: () => silence })),
    ),
    guard: 'no noise',
  }
}
