import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Evidence } from '../../../policies/output/evidence.ts'
import { openDuck } from '../../support/duck.ts'
import { askTown } from '../../support/gate.ts'
import { codesOf, fillTown, planOf, townPolicy, type TownRows } from '../../support/town.ts'

/*
 * The town's floors are five enterprises and three persons; p% 10 and (2, 90 %) as everywhere.
 */
let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck()
})
afterAll(() => duck.close())

const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

type Firm = {
  district?: string
  industry?: string | null
  capital?: string | null
  listed?: string | null
  staff?: string | null
}
const firms = (
  count: number,
  from: number,
  {
    district = 'east',
    industry = 'food',
    capital = '10.00',
    listed = 'true',
    staff = '3',
  }: Firm = {},
) =>
  many(count, (index) => [
    String(from + index),
    district,
    industry,
    capital,
    '2010-01-01',
    staff,
    listed,
  ])

const ask = async (sql: string, rows: TownRows, policy = townPolicy) => {
  await fillTown(duck, rows)
  return askTown(await planOf(sql, { door: 'people', policy }), duck)
}
const failing = (evidence: Evidence['stages'], cell = 0, figure = 0): readonly string[] =>
  evidence[0]!.cells[cell]!.figures[figure]!.verdicts.filter(
    ({ verdict }) => verdict === 'fail',
  ).map(({ rule }) => rule)
const reviewed = (evidence: Evidence['stages'], cell = 0, figure = 0): readonly string[] =>
  evidence[0]!.cells[cell]!.figures[figure]!.verdicts.filter(
    ({ verdict }) => verdict === 'review',
  ).map(({ rule }) => rule)

describe('floors', () => {
  test('let exact figures of five enterprises out; four, and none, cannot be told apart', async () => {
    const enterprise = [...firms(5, 1, { capital: '12.34' }), ...firms(4, 10, { district: 'west' })]
    const { rows, evidence } = await ask(
      'select district, count(*), sum(capital), avg(staff) from enterprise group by district order by district',
      { enterprise },
    )
    expect(rows).toEqual([
      ['east', 5, 61.7, 3],
      ['north', 'withheld', 'withheld', 'withheld'],
      ['west', 'withheld', 'withheld', 'withheld'],
    ])
    const counts = evidence[0]!.cells.map(
      ({ figures }) => figures.find(({ name }) => name === 'count')!.value,
    )
    expect(counts).toEqual(['5', '4', '0'])
  })

  test('count entities and not rows (T07), entities with a value and not those without (T02)', async () => {
    const enterprise = firms(6, 1)
    const tax = many(40, (index) => [String(1 + (index % 2)), '2024-01-01', 'vat', '5.00', '1'])
    const two = await ask('select kind, count(*) from tax group by kind', { enterprise, tax })
    expect(two.rows).toEqual([
      ['vat', 'withheld'],
      ['income', 'withheld'],
    ])
    expect(failing(two.evidence)).toContain('floor')

    const nulls = [...firms(4, 1), ...firms(5, 10, { capital: null })]
    const sum = await ask('select sum(capital) from enterprise', { enterprise: nulls })
    expect(sum.rows).toEqual([['withheld']])
  })

  test('hold for every kind: nine enterprises of two persons are two persons', async () => {
    const owner = many(9, (index) => [String(index + 1), String(1 + (index % 2)), 'f', '50'])
    const { rows, evidence } = await ask('select sex, count(*) from owner group by sex', { owner })
    expect(rows).toEqual([
      ['f', 'withheld'],
      ['m', 'withheld'],
    ])
    expect(evidence[0]!.cells[0]!.figures[0]!.verdicts.slice(0, 2)).toEqual([
      { rule: 'floor', verdict: 'pass', measured: 'enterprise 9', limit: '5' },
      { rule: 'floor', verdict: 'fail', measured: 'person 2', limit: '3' },
    ])
    const three = many(9, (index) => [String(index + 1), String(1 + (index % 3)), 'f', '50'])
    expect(
      (await ask('select sex, count(*) from owner group by sex', { owner: three })).rows[0],
    ).toEqual(['f', 9])
  })

  test('are settled by bits where there are many, and a count of entities is exact all the same', async () => {
    const tax = many(300, (index) => [String(1 + (index % 100)), '2024-01-01', 'vat', '5.00', '1'])
    const { rows } = await ask('select kind, count(distinct uscc) from tax group by kind', { tax })
    expect(rows[0]).toEqual(['vat', 100])
  })

  test('leave out groups whose names are not public', async () => {
    const enterprise = [...firms(5, 1), ...firms(3, 10, { industry: 'guns' })]
    const { rows, evidence } = await ask(
      'select industry, count(*) from enterprise group by industry',
      { enterprise },
    )
    expect(rows).toEqual([['food', 5]])
    expect(evidence[0]!.omitted).toBe(1)
    expect((await ask('select distinct industry from enterprise', { enterprise })).rows).toEqual([
      ['food'],
    ])
  })

  test('are not fooled by a count in the dress of a sum', async () => {
    const enterprise = [...firms(20, 1, { listed: 'false' }), ...firms(3, 50)]
    const disguised = 'select sum(case when listed then 1 else 0 end + 0) from enterprise'
    expect((await ask(disguised, { enterprise })).rows).toEqual([['withheld']])
    expect(
      (await ask('select avg(case when listed then 1 else 0 end) from enterprise', { enterprise }))
        .rows,
    ).toEqual([['withheld']])
    const reverse = [...firms(20, 1), ...firms(3, 50, { listed: 'false' })]
    expect((await ask(disguised, { enterprise: reverse })).rows).toEqual([['withheld']])
    const half = [...firms(20, 1), ...firms(10, 50, { listed: 'false' })]
    expect((await ask(disguised, { enterprise: half })).rows).toEqual([[20]])
  })
})

describe('dominance', () => {
  const capitals = (...list: readonly string[]) =>
    list.flatMap((capital, index) => firms(1, index + 1, { capital }))

  test('is on totals of units: one that pays in many rows is one', async () => {
    const small = many(8, (index) => [String(index + 2), '2024-01-01', 'vat', '1.00', '1'])
    const large = many(10, () => ['1', '2024-02-01', 'vat', '10.00', '1'])
    const { rows, evidence } = await ask('select count(*), sum(amount), avg(amount) from tax', {
      tax: [...small, ...large],
    })
    expect(rows).toEqual([[18, 'withheld', 'withheld']])
    expect(failing(evidence, 0, 1)).toEqual(['p-percent', 'n-k'])
  })

  test('is exact at its boundaries, to the cent', async () => {
    const at = capitals('500.00', '380.00', '25.00', '25.00', '25.00', '22.77')
    const over = capitals('500.00', '380.00', '25.00', '25.00', '25.00', '22.78')
    expect((await ask('select sum(capital) from enterprise', { enterprise: at })).rows).toEqual([
      ['withheld'],
    ])
    expect((await ask('select sum(capital) from enterprise', { enterprise: over })).rows).toEqual([
      [977.78],
    ])
  })

  test('looks at absolute values where some are negative, and tells the reviewers', async () => {
    const tax = [
      ...many(9, (index) => [String(index + 2), '2024-01-01', 'vat', '1.00', '1']),
      ['1', '2024-01-01', 'vat', '-1000.00', '1'],
    ]
    const { rows, evidence } = await ask('select sum(amount) from tax', { tax })
    expect(rows).toEqual([['withheld']])
    expect(failing(evidence)).toEqual(['p-percent', 'n-k'])
    expect(reviewed(evidence)).toEqual(['negative'])
  })

  test('looks at as many of the greatest as the policy says, equal ones too', async () => {
    const three = { ...townPolicy, dominance: { pPercent: 1, n: 3, kPercent: 90 } }
    const sum = async (...list: readonly string[]) =>
      (await ask('select sum(capital) from enterprise', { enterprise: capitals(...list) }, three))
        .rows
    expect(await sum('40.00', '30.00', '20.00', '5.00', '3.00', '2.00')).toEqual([['withheld']])
    expect(await sum('40.00', '30.00', '19.99', '5.00', '3.00', '2.01')).toEqual([[100]])
    expect(await sum('30.00', '30.00', '30.00', '5.00', '3.00', '2.00')).toEqual([['withheld']])
    expect(await sum('30.00', '30.00', '10.00', '10.00', '10.00', '10.00')).toEqual([[100]])
    expect(await sum('45.00', '45.00', '0.00', '0.00', '0.00', '0.00')).toEqual([['withheld']])
  })

  test('has nothing to say where all are equal, and people are told', async () => {
    const { rows, evidence } = await ask('select sum(capital) from enterprise', {
      enterprise: firms(8, 1),
    })
    expect(rows).toEqual([[80]])
    expect(reviewed(evidence)).toEqual(['equal-values'])
  })
})

describe('figures that are equations', () => {
  const sides = (yes: number, no: number) => [
    ...firms(yes, 1),
    ...firms(no, 100, { listed: 'false' }),
  ]

  test('a total and a part of it leave alone where the rest is small', async () => {
    const sql = 'select count(*), count(*) filter (where listed) from enterprise'
    expect((await ask(sql, { enterprise: sides(10, 3) })).rows).toEqual([[13, 'withheld']])
    expect((await ask(sql, { enterprise: sides(10, 8) })).rows).toEqual([[18, 10]])
  })

  test('so do three parts of a total, though each of them and each rest by itself is large', async () => {
    const enterprise = [
      ...firms(10, 1, { staff: '1' }),
      ...firms(9, 20, { staff: '2' }),
      ...firms(2, 40, { staff: '3' }),
    ]
    const sql =
      'select count(*), count(*) filter (where staff = 1), count(*) filter (where staff = 2) from enterprise'
    expect((await ask(sql, { enterprise })).rows).toEqual([[21, 'withheld', 'withheld']])
  })

  test('a condition inside a sum is one like those of a filter', async () => {
    const enterprise = sides(10, 3).map((row, index) => row.with(3, `${100 + index}.00`))
    const sql = 'select sum(capital), sum(case when listed then capital else 0 end) from enterprise'
    expect((await ask(sql, { enterprise })).rows).toEqual([[1378, 'withheld']])
  })

  test('sums of other expressions over the same columns are a matter for people', async () => {
    const enterprise = firms(12, 1).map((row, index) => row.with(3, `${100 + index}.00`))
    const sql =
      'select sum(capital), sum(case when capital > 105 then 105 else capital end) from enterprise'
    const { rows, evidence } = await ask(sql, { enterprise })
    expect(rows).toEqual([[1266, 1245]])
    expect([reviewed(evidence, 0, 0), reviewed(evidence, 0, 1)]).toEqual([
      ['difference'],
      ['difference'],
    ])
  })

  test('a count of values beside a count of rows tells how many have none, and so does a sum beside its average', async () => {
    const enterprise = [...firms(10, 1), ...firms(2, 50, { capital: null })]
    const counts = await ask('select count(*), count(capital), avg(capital) from enterprise', {
      enterprise,
    })
    expect(counts.rows).toEqual([[12, 'withheld', 10]])
    const both = await ask('select count(*), sum(capital), avg(capital) from enterprise', {
      enterprise,
    })
    expect(both.rows).toEqual([[12, 'withheld', 'withheld']])
  })

  test('a total beside a table with a withheld cell: the first aggregate alone is shown', async () => {
    const enterprise = [
      ...firms(10, 1),
      ...firms(8, 20, { district: 'north' }),
      ...firms(3, 40, { district: 'west' }),
    ]
    const sql =
      'select a.district, a.n, b.m from (select district, count(*) n from enterprise group by district) a cross join (select count(*) m from enterprise) b'
    const { rows, evidence } = await ask(sql, { enterprise })
    expect(rows).toEqual([
      ['east', 10, 'withheld'],
      ['west', 'withheld', 'withheld'],
      ['north', 8, 'withheld'],
    ])
    expect(evidence[1]!.cells[0]!.figures[0]!.verdicts.at(-1)).toMatchObject({
      rule: 'other-table',
      verdict: 'fail',
    })
    const full = [...enterprise, ...firms(4, 60, { district: 'west' })]
    const whole = await ask(sql, { enterprise: full })
    expect(whole.rows).toEqual([
      ['east', 10, 25],
      ['west', 7, 25],
      ['north', 8, 25],
    ])
    expect(whole.evidence[1]!.cells[0]!.figures[0]!.verdicts.at(-1)).toMatchObject({
      rule: 'other-table',
      verdict: 'review',
    })
  })

  test('more conditions than can be checked are refused', async () => {
    const filters = many(6, (index) => `count(*) filter (where staff = ${index})`).join(', ')
    expect(await codesOf(`select ${filters} from enterprise`, { door: 'people' })).toEqual([
      'query/too-many-conditions',
    ])
  })
})

describe('more entities than a lower bound of 63 can tell', () => {
  /** Two months of each, of which the first is late but for the last `punctual` enterprises. */
  const tax = (count: number, punctual: number) =>
    many(count, (index) => [
      [String(index + 1), '2024-01-01', 'vat', '10.00', index < count - punctual ? '1' : '0'],
      [String(index + 1), '2024-02-01', 'vat', '10.00', '0'],
    ]).flat()
  const late = 'select sum(late_days) from tax'

  test('a sum that counts is withheld where few add nothing', async () => {
    const few = await ask(late, { tax: tax(90, 3) })
    expect([few.rows, failing(few.evidence)]).toEqual([[['withheld']], ['hidden-count']])
    const enough = await ask(late, { tax: tax(90, 8) })
    expect(enough.rows).toEqual([[82]])
  })

  test('reviewers are told which numbers are lower bounds', async () => {
    const { evidence } = await ask('select count(*) from tax', { tax: tax(90, 0) })
    const floor = evidence[0]!.cells[0]!.figures[0]!.verdicts.find(({ rule }) => rule === 'floor')
    expect(floor!.measured).toMatch(/^enterprise at least \d\d$/)
    const counted = await ask('select count(distinct uscc) from tax', { tax: tax(90, 0) })
    const exact = counted.evidence[0]!.cells[0]!.figures[0]!.verdicts
    expect(exact.find(({ rule }) => rule === 'floor')!.measured).toBe('enterprise 90')
  })
})

describe('sensitive dimensions and small spreads', () => {
  const sensitive = structuredClone(townPolicy)
  Object.assign(sensitive.datasets['enterprise']!.columns['listed']!, { sensitive: true })

  test('a group that is all alike in a sensitive dimension is withheld', async () => {
    const enterprise = [
      ...firms(8, 1),
      ...firms(6, 20, { district: 'west' }),
      ...firms(7, 40, { district: 'west', listed: 'false' }),
    ]
    const { rows } = await ask(
      'select district, listed, count(*) from enterprise where listed is not null group by district, listed',
      { enterprise },
      sensitive,
    )
    expect(rows.filter((row) => row[2] !== 'withheld')).toEqual([
      ['west', false, 7],
      ['west', true, 6],
    ])
  })

  test('a deviation needs ten degrees of freedom', async () => {
    const spread = (count: number) =>
      many(count, (index) => firms(1, index + 1, { capital: `${index}.50` })[0]!)
    const sql = 'select count(*), stddev_samp(capital), var_pop(capital) from enterprise'
    expect((await ask(sql, { enterprise: spread(10) })).rows).toEqual([
      [10, 'withheld', 'withheld'],
    ])
    const [[, deviation, variance]] = (await ask(sql, { enterprise: spread(11) })).rows as [
      [number, number, number],
    ]
    expect([deviation, variance]).toEqual([expect.closeTo(Math.sqrt(11), 10), 10])
  })
})

test('nothing that is withheld is in the table, and HAVING never holds for it', async () => {
  const enterprise = [...firms(9, 1), ...firms(4, 20, { district: 'west' })]
  const { rows } = await ask(
    'select district, count(*) from enterprise group by district having count(*) > 0 or count(*) < 5',
    { enterprise },
  )
  expect(rows).toEqual([['east', 9]])
})

test('what is looked up again for rows must have been released before', async () => {
  expect(
    await codesOf(
      'select count(*) from enterprise where capital > (select avg(capital) from enterprise)',
      { door: 'people' },
    ),
  ).toEqual(['query/protected-joined-back'])
})
