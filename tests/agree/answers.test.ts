import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policySchema, type Policy } from '../../policies/policy.ts'
import { openDuck } from '../support/duck.ts'
import { askTown } from '../support/gate.ts'
import { fillTown, planOf, townPolicy, type TownRows } from '../support/town.ts'

/*
 * Where no bound binds and the noise is silent, a question through gate and planning has the answer that the engine gives
 * to its text. Cells of the public grid that the data have not are extra.
 */
let duck: Awaited<ReturnType<typeof openDuck>>

/** The town's policy with bounds that bind nobody. */
const wide: Policy = policySchema.parse({
  ...townPolicy,
  datasets: Object.fromEntries(
    Object.entries(townPolicy.datasets).map(([name, { columns }]) => [
      name,
      {
        contribution: { rowsMax: 40, groupsMax: 40 },
        columns: Object.fromEntries(
          Object.entries(columns).map(([column, rule]) => [
            column,
            rule.use === 'measure' ? { ...rule, clamp: [-100_000, 100_000] } : rule,
          ]),
        ),
      },
    ]),
  ),
})

let state = 7
const below = (most: number): number => {
  state = (state * 48_271) % 2_147_483_647
  return state % most
}
const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const rows: TownRows = {
  enterprise: many(60, (index) => [
    String(index + 1),
    pick(['east', 'west', 'north']),
    pick(['food', 'cars', null]),
    pick([null, `${below(900)}.50`]),
    `201${below(9)}-0${1 + below(9)}-11`,
    pick([null, String(below(9))]),
    pick(['true', 'false', null]),
  ]),
  tax: many(150, () => [
    String(1 + below(70)),
    `2024-0${1 + below(9)}-01`,
    pick(['vat', 'income']),
    pick([null, `${below(100) - 20}.25`]),
    pick([null, String(below(9))]),
  ]),
  court: many(40, () => [
    pick([null, String(1 + below(60))]),
    '2024-01-01',
    pick(['plaintiff', 'defendant']),
    '5.00',
  ]),
  owner: many(50, (index) => [
    String(index + 1),
    pick([null, String(1 + below(40))]),
    pick(['f', 'm']),
    '50',
  ]),
  region: [
    ['east', 'A', '1'],
    ['west', 'B', '2'],
    ['north', 'B', '3'],
  ],
}

beforeAll(async () => {
  duck = await openDuck()
  await fillTown(duck, rows)
})
afterAll(() => duck.close())

const texts = (list: readonly (readonly unknown[])[]): readonly string[] =>
  list
    .map((row) =>
      row
        .map((value) => {
          const isNumber = value !== null && value !== '' && typeof value !== 'boolean'
          const number = isNumber ? Number(value) : Number.NaN
          return Number.isNaN(number) ? String(value) : number.toFixed(3)
        })
        .join('|'),
    )
    .sort()

const questions = [
  'select district, count(*) n from enterprise group by district order by n desc limit 2',
  'select e.district, sum(t.amount) s from enterprise e join tax t on e.uscc = t.uscc group by e.district',
  "select e.district, sum(t.amount) from enterprise e join tax t using (uscc) where t.kind = 'vat' and e.staff > 2 group by e.district having sum(t.amount) > 10",
  'with f as (select uscc, sum(amount) total, count(*) n from tax group by uscc) select count(*), avg(total), sum(n) from f',
  "with f as (select uscc, sum(amount) total from tax group by uscc) select case when f.total < 10 then 'small' when f.total < 100 then 'mid' else 'large' end b, count(*) from f group by b",
  "select district, count(*) from enterprise e where exists (select 1 from court c where c.uscc = e.uscc and c.role = 'defendant') group by district",
  'select district, count(*) from enterprise e where not exists (select 1 from court c where c.uscc = e.uscc) group by district',
  'select district, count(*) from enterprise where uscc in (select uscc from tax where amount > 20) group by district',
  'select district, count(*) from enterprise where uscc not in (select uscc from tax where amount > 20) group by district',
  'select e.district, count(distinct t.uscc) from enterprise e left join tax t on e.uscc = t.uscc group by e.district',
  'select year(founded) y, count(*) from enterprise group by y having count(*) > 0',
  "select date_trunc('quarter', period) q, sum(amount) from tax group by q",
  'select district, sum(case when listed then capital else 0 end) / sum(capital) from enterprise group by district',
  'select count(*) from enterprise where capital > (select avg(capital) from enterprise)',
  'select e.district, count(*) from enterprise e join (select district d, avg(capital) m from enterprise group by district) a on e.district = a.d where e.capital > a.m group by e.district',
  'select a.district, a.n, b.s from (select district, count(*) n from enterprise group by district) a join (select e.district, sum(amount) s from enterprise e join tax t on e.uscc = t.uscc group by e.district) b on a.district = b.district',
  'select district, count(*) filter (where staff > 3), avg(staff) filter (where listed), var_samp(staff), stddev_pop(staff), count(staff) from enterprise group by district',
  'select r.city, sum(a.n) from (select district, count(*) n from enterprise group by district) a join region r on r.code = a.district group by r.city',
  'select o.sex, sum(t.amount) from owner o join tax t on o.uscc = t.uscc group by o.sex',
  'select sum(x) from (select uscc, max(amount) - min(amount) x from tax group by uscc)',
  'select sum(amount) from (select uscc, amount, period, row_number() over (partition by uscc order by period, amount, kind, late_days) rn from tax) where rn = 1',
  "select k, count(*) from (select uscc, 'vat' k from enterprise union all select uscc, kind from tax) group by k",
  'select district, count(*) * 1.0 / sum(count(*)) over () from enterprise group by district',
  'with f as (select uscc, stddev_samp(amount) s, var_pop(late_days) v, stddev_pop(amount / 3) d from tax group by uscc) select sum(s), sum(v), sum(d) from f',
  'with f as (select uscc, sum(late_days / 3) s, avg(late_days / 3) a, avg(amount) b from tax group by uscc) select sum(s), sum(a), sum(b) from f',
  'with f as (select uscc, arg_max(amount, period) x, arg_min(late_days, amount) filter (where late_days > 2) y from tax group by uscc) select count(x), count(y), sum(case when y > 4 then 1 else 0 end) from f',
  'select sum(d) from (select uscc, period, amount - lag(amount) over (partition by uscc order by period, kind, amount, late_days) d from tax)',
  'select count(*) from (select uscc, rank() over (partition by uscc order by period) r from tax) where r = 1',
  'select sum(s) from (select uscc, sum(late_days) over (partition by uscc order by period, late_days rows between 1 preceding and current row) s from (select distinct uscc, period, late_days from tax))',
  'select district, listed, count(*), coalesce(sum(capital), 0), grouping(district, listed) from enterprise group by cube (district, listed)',
  'select district, listed, avg(staff) from enterprise group by grouping sets ((district), (listed), (), (district))',
  'select e.district, t.kind, grouping(e.district) g, grouping(t.kind) h, sum(t.amount) from enterprise e join tax t using (uscc) group by rollup (e.district, t.kind)',
  "select case when grouping(district) = 1 then 'all' else district end d, count(*) n from enterprise group by rollup (district) having count(*) > 5 order by n desc",
  'select kind, sum(n), count(distinct uscc) from (select uscc, kind, count(*) n from tax group by grouping sets ((uscc), (uscc, kind))) where kind is not null group by kind',
  'select district, count(distinct industry), count(distinct month(founded)) from enterprise group by district',
  'select kind, count(distinct period), count(distinct month(period)) filter (where late_days > 3), count(*) from tax group by kind',
  'select count(distinct kind) from tax',
  'select sex, count(distinct holder) from owner group by sex',
  'select district, corr(capital, staff), covar_pop(capital, staff), covar_samp(staff, capital) from enterprise group by district',
  'select regr_slope(capital, s), regr_intercept(capital, s), regr_r2(capital, s), regr_count(capital, s) from (select capital, case when staff > 10 then 10 when staff < 0 then 0 else staff end s from enterprise)',
  'select regr_avgx(capital, staff), regr_avgy(capital, staff), regr_sxx(capital, staff), regr_sxy(capital, staff), regr_syy(capital, staff) from enterprise where listed',
  'select district, corr(t.amount, t.late_days) filter (where t.amount > 5), regr_count(t.amount, t.late_days) from enterprise e join tax t using (uscc) group by district',
  'select k, count(*), sum(v), count(distinct uscc) from (select uscc, kind k, amount v from tax union all select uscc, district, capital from enterprise) group by k',
  'select k, count(*) from (select uscc, district k from enterprise union select uscc, kind from tax) group by k',
  'select count(*), count(distinct uscc) from (select uscc from tax union select uscc from owner)',
  "select district, count(*) n from enterprise group by district union all select 'all', count(*) from enterprise order by n",
  'select e.district, sum(l.s) from enterprise e, lateral (select sum(amount) s from tax t where t.uscc = e.uscc) l group by e.district',
  'select district, count(*) from enterprise e where capital > (select avg(t.amount) from tax t where t.uscc = e.uscc) group by district',
  'select kind, count(*) from tax t where t.amount > (select avg(amount) from tax x where x.kind = t.kind) group by kind',
  'with a as (select e.district, kind, avg(amount) m from enterprise e join tax t using (uscc) group by 1, 2) select e.district, count(*) from enterprise e join tax t using (uscc) join a on a.district = e.district and a.kind = t.kind where t.amount > a.m group by e.district',
  'with a as (select district, count(*) n from enterprise group by district), b as (select e.district, kind, sum(amount) s from enterprise e join tax using (uscc) group by e.district, kind) select a.district, kind, s / n from a left join b using (district)',
  'select district, n, n * 1.0 / t.total from (select district, count(*) n from enterprise group by district), (select count(*) total from enterprise) t',
  'select * from region',
  'select sum(weight), min(city) from region',
]

describe('without noise and bounds the answer is the engine’s own', () => {
  test.each(questions)('%s', async (sql) => {
    const plan = await planOf(sql, { policy: wide, rhoNano: 1_000_000_000_000 })
    const have = texts((await askTown(plan, duck)).rows)
    const want = texts(await duck.rows(sql))
    expect(want.filter((row) => !have.includes(row))).toEqual([])
    // A limit cuts off the grid too; elsewhere extra cells are empty.
    expect(have.length).toBeGreaterThanOrEqual(want.length)
  })
})

describe('at the people door what is shown is exact', () => {
  const mild: Policy = {
    ...townPolicy,
    kinds: { ...townPolicy.kinds, enterprise: { ...townPolicy.kinds['enterprise']!, floor: 3 } },
    dominance: { pPercent: 1, n: 1, kPercent: 99 },
  }
  const capped = 'case when 1 / capital > 9 then 9 when 1 / capital < 0 then 0 else 1 / capital end'

  test.each([
    'count(*)',
    'count(capital)',
    'count(distinct uscc)',
    'sum(capital)',
    'sum(staff)',
    'sum(staff * staff)',
    'sum(capital * staff)',
    'sum(capital * capital)',
    'sum(case when listed then capital end)',
    'sum(case when listed then capital else 0 end)',
    'sum(case when listed then capital when staff > 3 then 1 else 2 end)',
    'sum(capital) filter (where staff > 1)',
    'avg(staff)',
    'avg(capital)',
    'avg(capital * capital * 0.001)',
    'var_samp(staff)',
    'var_pop(capital)',
    'stddev_samp(capital)',
    'stddev_pop(capital * 0.00001)',
    `sum(${capped})`,
    `var_pop(${capped})`,
  ])('%s', async (measure) => {
    const sql = `select ${measure} from enterprise`
    const [[have]] = (await askTown(await planOf(sql, { door: 'people', policy: mild }), duck))
      .rows as [[unknown]]
    const [[want]] = (await duck.rows(sql)) as [[string]]
    expect(Number(have) / Number(want)).toBeCloseTo(1, 5)
  })
})
