import { describe, expect, test } from 'vitest'
import { policySchema, type Policy } from '../../../policies/policy.ts'
import { answerOf, numberCell, postTables } from '../../../policies/query/answer.ts'
import { gridScale } from '../../../policies/query/clamp.ts'
import { placeOf, type Context } from '../../../policies/query/context.ts'
import { foreseen } from '../../../policies/query/forecast.ts'
import { momentsAbout } from '../../../policies/query/moments.ts'
import type { NoiseStage, PeopleStage, Plan } from '../../../policies/query/plan.ts'
import { typeTree } from '../../../policies/query/typing.ts'
import { valuesOf } from '../../../policies/relation/domain.ts'
import type { Expr } from '../../../policies/relation/expression.ts'
import { BIGINT, DOUBLE, VARCHAR } from '../../../policies/relation/type.ts'
import { codesOf, planOf, town, townContext, townPolicy, treeOf } from '../../support/town.ts'

const people = async (sql: string): Promise<PeopleStage> => {
  const [stage] = (await planOf(sql, { door: 'people' })).stages
  if (stage?.kind !== 'people') throw new Error('no stage of people')
  return stage
}
const noise = async (sql: string, context: Partial<Context> = {}): Promise<NoiseStage> => {
  const [stage] = (await planOf(sql, context)).stages
  if (stage?.kind !== 'noise') throw new Error('no stage of noise')
  return stage
}

describe('at the people door every kind of entity that stands behind a row is counted', () => {
  test.each([
    ['select count(*) from enterprise e join owner o on e.uscc = o.uscc', ['enterprise', 'person']],
    [
      'select count(*) from owner a join owner b on a.uscc = b.uscc',
      ['enterprise', 'person', 'person'],
    ],
    [
      'select k, count(*) from (select uscc, sex k from owner union all select uscc, district from enterprise) group by k',
      ['enterprise', 'person'],
    ],
    ['select count(*) from region r join owner o on r.code = o.sex', ['enterprise', 'person']],
  ])('%s', async (sql, kinds) => {
    expect((await people(sql)).kinds.map(({ kind }) => kind)).toEqual(kinds)
  })
})

describe('at the people door a condition that is hidden in a value is a condition', () => {
  test.each([
    ['case when listed then capital else 0 end', true],
    ['case when listed then capital end', true],
    ['case when listed then capital else 1 end', false],
    ['case when listed then capital / 2 else 0 end', true],
    ['case when listed then capital when staff > 3 then 1 else 0 end', false],
    ['capital', false],
  ])('sum(%s): %s', async (value, filtered) => {
    const [figure] = (await people(`select sum(${value}) from enterprise`)).figures
    expect(figure?.filtered).toBe(filtered)
  })

  test('beside that of FILTER', async () => {
    const { figures, families } = await people(
      'select sum(case when listed then capital else 0 end) filter (where staff > 3), sum(capital) filter (where staff > 3) from enterprise',
    )
    expect(figures.map(({ filtered }) => filtered)).toEqual([true, true])
    expect(families[0]?.parts.length).toBeGreaterThan(1)
  })
})

test.each([
  ['sum(staff)', 0, undefined],
  ['sum(capital)', 2, undefined],
  ['sum(staff::hugeint)', 0, undefined],
  ['sum(staff / 4)', 12, undefined],
  ['var_pop(capital)', 2, 'squared'],
  ['sum(capital::decimal(30,2))', 2, undefined],
  ['var_pop(capital::decimal(20,2))', 2, 'squared'],
  ['var_pop(staff / 4)', 6, 'squared'],
])('%s is added up in units of 1e-%s', async (measure, scale, squared) => {
  const { figures, probes } = await people(`select ${measure} from enterprise`)
  const probe = probes[figures[0]?.probe ?? -1]
  expect(probe).toMatchObject({ scale })
  expect(probe?.square !== undefined).toBe(squared !== undefined)
})

describe('passes', () => {
  test.each([
    'select count(*) from enterprise where district in (select code from region) or listed',
    'select count(*) from (select uscc, amount from tax order by amount) t join enterprise e on e.uscc = t.uscc',
    'select sum(l) from (select uscc, last_value(late_days) over (partition by uscc order by period rows between unbounded preceding and current row) l from tax)',
    'select sum(l) from (select uscc, sum(late_days) filter (where amount > 5) over (partition by uscc) l from tax)',
    'select count(*) from enterprise e join tax t on e.uscc = t.uscc where e.uscc = t.uscc',
    'select count(*) from enterprise e join tax t on e.uscc = t.uscc where e.uscc is not distinct from t.uscc',
    'select quantile_cont(staff / 2, 0.5) from enterprise',
    'select count(*) from enterprise cross join (values (3)) v(w)',
    'select count(*) from enterprise cross join (select * from region limit 1)',
    'select max(n) from (select district, count(*) n from enterprise group by district)',
    'select * from region offset 2',
    'select sum(v) from (select uscc, var_pop(late_days) v from tax group by uscc)',
    'select sum(v) from (select uscc, stddev_samp(late_days / 3) v from tax group by uscc)',
    'select avg(cast(staff as double) * 0) from enterprise',
    'select sum(-capital), sum(capital::decimal(30,2)) from enterprise',
    'select count(*) from enterprise e join tax t on e.uscc = t.uscc where e.uscc = t.uscc or e.listed',
    'select count(*) from enterprise e left join tax t on e.uscc = t.uscc and (e.staff > t.late_days or e.listed)',
    'select count(distinct uscc) from (select uscc from enterprise union all select uscc from tax)',
    'select count(distinct kind) from tax',
    'select count(*) from enterprise where uscc in (select uscc from tax) or listed',
    'select count(*) from (select uscc, staff from (select * from enterprise where listed) where staff > 3)',
    'select count(*) from (select distinct uscc from tax)',
    'select sum(s) from (select uscc, sum(late_days / 3) filter (where amount > 5) s from tax group by uscc)',
    'select avg(s) from (select uscc, avg(late_days / 3) s from tax group by uscc)',
    'select sum(s) from (select uscc, sum(late_days) s from tax group by uscc)',
    'select sum(v) from (select uscc, var_pop(amount) v from tax group by uscc)',
    'select sum(v) from (select uscc, var_samp(amount) v from tax group by uscc)',
    'select sum(m) from (select uscc, arg_max(amount, late_days) m from tax group by uscc)',
    'select sum(m) from (select uscc, arg_min(amount, late_days) filter (where amount > 5) m from tax group by uscc)',
    'select sum(r) from (select uscc, rank() over (partition by uscc order by period) r from tax)',
    'select sum(s) from (select uscc, sum(late_days) over (partition by uscc order by period rows between 1 preceding and current row) s from tax)',
    'select sum(s) from (select uscc, sum(late_days) over (partition by uscc order by period) s from tax)',
    'select code, row_number() over (order by city) from region',
    'select city, count(*) from region group by city',
    'select count(*) from region a join region b on a.code = upper(b.code)',
    'select count(*) from enterprise cross join (values (null::int)) v(w)',
    'select count(*) from enterprise e left join owner o on e.uscc = o.uscc',
  ])('%s', async (sql) => {
    expect(await codesOf(sql)).toEqual([])
  })
  test('at the people door a feature of what has no bounds', async () => {
    const sql = 'select count(v) from (select uscc, var_pop(length(kind)) v from tax group by uscc)'
    expect(await codesOf(sql, { door: 'people' })).toEqual([])
  })
})

describe('is refused', () => {
  const farSide = 'select t.uscc u from enterprise e left join tax t on e.uscc = t.uscc'
  test.each([
    [
      'query/join-across-entities',
      `select count(*) from (${farSide}) a join (${farSide}) b on a.u is not distinct from b.u`,
    ],
    [
      'query/join-repeats-rows',
      'select count(*) from enterprise e join region r on e.district = upper(r.code)',
    ],
    [
      'query/join-repeats-rows',
      'select count(*) from enterprise cross join (select * from region offset 1)',
    ],
    [
      'query/join-across-entities',
      'select count(*) from enterprise e join tax t on e.uscc = t.late_days',
    ],
    [
      'query/key-not-dimension',
      'select n, count(*) from (select uscc, count(*) n from tax group by uscc) group by n',
    ],
    [
      'query/identifier-used',
      'select sum(l) from (select uscc, sum(late_days) filter (where uscc > 5) over (partition by uscc) l from tax)',
    ],
    [
      'query/join-repeats-rows',
      "select count(*) from enterprise e join (values (null), ('a')) v(d) on e.district = v.d",
    ],
  ])('%s: %s', async (code, sql) => {
    expect(await codesOf(sql)).toContain(code)
  })

  test.each(['noise', 'people'] as const)(
    'more aggregates than sixteen at the %s door',
    async (door) => {
      const sql =
        'select count(*) from enterprise group by cube (district, industry, listed, founded, year(founded))'
      expect(await codesOf(sql, { door })).toEqual(['query/too-many-groupings'])
    },
  )
})

test('groups of which none can be are none, whatever else they are grouped by', async () => {
  const sql =
    "select district, industry, count(*) from enterprise where district = 'south' group by district, industry"
  const plan = await planOf(sql)
  expect(foreseen(plan).cells).toBe(0)
})

test('a key that may be NULL has a cell for it', async () => {
  const sql = 'select listed, count(*) from enterprise group by listed'
  expect(foreseen(await planOf(sql)).cells).toBe(3)
})

test('rows without a unit and rows beyond the bound of another kind are left out together', async () => {
  const { owner } = town
  if (owner === undefined) throw new Error('no owner')
  const columns = owner.columns.map((column) => ({ ...column, nullable: true }))
  const { tree } = await noise('select count(*) from owner', {
    datasets: { ...town, owner: { ...owner, columns } },
  })
  expect(tree.nodes[1]).toMatchObject({ op: 'filter', predicate: { op: 'and' } })
  const bounded = await noise('select count(*) from owner')
  expect(bounded.tree.nodes[1]).toMatchObject({ op: 'filter', predicate: { op: 'or' } })
})

describe('what the policy says of a dimension is known', () => {
  const withColumns = (columns: Record<string, unknown>): Context => {
    const { enterprise } = townPolicy.datasets
    const policy: Policy = policySchema.parse({
      ...townPolicy,
      datasets: {
        ...townPolicy.datasets,
        enterprise: { ...enterprise, columns: { ...enterprise?.columns, ...columns } },
      },
    })
    return { ...townContext, policy }
  }
  test('a range of whole numbers', async () => {
    const staff = { use: 'dimension', domain: { range: [0, 3] } }
    const facts = typeTree(await treeOf('select staff from enterprise'), withColumns({ staff }))
    expect(facts.at(-1)?.columns[0]).toMatchObject({
      key: true,
      bounds: { low: 0, high: 3 },
      domain: { kind: 'integers', low: 0, high: 3 },
    })
  })
  test('dates that were cut down to years', async () => {
    const founded = {
      use: 'dimension',
      desensitize: [
        { method: 'date-truncate', to: 'year' },
        { method: 'suppress', values: ['2001-01-01'] },
      ],
      domain: { dates: ['2000-05-05', '2002-01-01'] },
    }
    const facts = typeTree(await treeOf('select founded from enterprise'), withColumns({ founded }))
    const domain = facts.at(-1)?.columns[0]?.domain
    expect(domain && valuesOf(domain)).toEqual(['2000-01-01', '2001-01-01', '2002-01-01'])
  })
})

test('whole units lie about the middle of their bounds, the odd one above it', () => {
  const only: Expr = { op: 'column', index: 0, type: DOUBLE }
  const { first, centre, second } = momentsAbout(only, { low: 0, high: 1.000_000_001 })
  expect([first.scale, centre, first.low, first.high]).toEqual([
    9,
    500_000_000n,
    -500_000_000n,
    500_000_001n,
  ])
  expect(second.low + second.high).toBeLessThanOrEqual(1n)
  expect(gridScale({ low: 0, high: 0 }, 15)).toBe(15)
})

test('what has no place of its own stands where the first of its parts stands', () => {
  const place = { line: 1, column: 8 }
  const column = (at?: number): Expr => ({
    op: 'column',
    index: 0,
    type: BIGINT,
    ...(at !== undefined && { at }),
  })
  const sum = (first?: number, second?: number) => ({ args: [column(first), column(second)] })
  expect(placeOf(townContext, { ...sum(3, 5), at: 7 })).toEqual(place)
  expect(placeOf(townContext, sum(undefined, 7) as object)).toEqual(place)
  expect(placeOf(townContext, sum() as object)).toBeUndefined()
})

describe('protected results become tables', () => {
  const columns = [
    { type: VARCHAR, figure: false },
    { type: BIGINT, figure: true },
  ]
  const rowsOf = (
    door: Plan['door'],
    row: Parameters<typeof postTables>[1][number]['rows'][number],
  ) => postTables({ door }, [{ columns, rows: [row] }])[0]?.rows[0]

  test('with what accompanies a figure beside it', () => {
    expect(rowsOf('noise', ['east', { value: 5, sd: 2, low: 1, high: 9 }])).toEqual([
      'east',
      '5',
      '2',
      '1',
      '9',
    ])
    expect(rowsOf('noise', [null, { value: null }])).toEqual([null, null, null, null, null])
    expect(rowsOf('people', ['east', { value: 5 }])).toEqual(['east', '5', 'false'])
    expect(rowsOf('people', ['east', { withheld: true }])).toEqual(['east', null, 'true'])
  })
  test('and with nothing beside one that came without', () => {
    expect(rowsOf('noise', ['east', 5])).toEqual(['east', '5', null, null, null])
    expect(rowsOf('noise', ['east', { withheld: true }])).toEqual(['east', null, null, null, null])
  })
  test('that have every cell', () => {
    expect(() => rowsOf('noise', ['east'])).toThrow('missing: a figure')
  })
})

test('a figure and what was computed beside it leave as one column, each with what it has', async () => {
  const plan = await planOf(
    "select district, n from (select district, count(*) n from enterprise group by 1 union all values ('all', 3)) order by n",
  )
  const rows = [
    ['east', '5', '2.0', '1.0', '9.0'],
    ['all', '3', null, null, null],
  ]
  const answer = answerOf({ ...plan, answer: plan.answer }, rows)
  expect(answer.rows).toEqual([
    ['east', { value: 5, sd: 2, low: 1, high: 9 }],
    ['all', { value: 3 }],
  ])
})

test.each<[string, number | string]>([
  ['123456789012345', 123_456_789_012_345],
  ['-0.00123456789012345', -0.001_234_567_890_123_45],
  ['1234567890123456', '1234567890123456'],
])('%s is written as %j: no digit is lost', (text, cell) => {
  expect(numberCell(text)).toBe(cell)
})

test.each([
  'select max(s) from (select district, sum(capital) s from enterprise group by district)',
  'select max(s) + 1 from (select district, sum(capital) s from enterprise group by district)',
  'select district, rank() over (order by s) + 1 r from (select district, sum(capital) s from enterprise group by district)',
  'select s > 5 or district in (select code from region) m from (select district, sum(capital) s from enterprise group by district)',
  "select s * 2 from (select district, sum(capital) s from enterprise group by 1 union all values ('x', 3)) order by 1",
])('a figure that others are computed from is told by its function: %s', async (sql) => {
  const { widths } = foreseen(await planOf(sql))
  expect(widths.map(({ name }) => name)).toEqual(['sum 1'])
})

describe('one row of a unit in each group is proven where the keys are all of the grain but the unit', () => {
  const vat = "kind = 'vat'"
  const two = "kind = 'vat' and period in (date '2024-01-01', date '2024-02-01')"
  const either = "case when kind = 'vat' then 'a' else 'b' end"
  test.each([
    [`select kind, period, count(*) from tax where ${two} group by kind, period`, true],
    ['select kind, count(*) from tax group by kind', false],
    [`select k, count(*) from (select ${either} k from tax) group by k`, false],
    [
      `select kind, e, count(*) from (select kind, ${either} e from tax where ${vat}) group by kind, e`,
      false,
    ],
  ])('%s: %s', async (sql, single) => {
    expect((await noise(sql)).single).toBe(single)
  })
})
