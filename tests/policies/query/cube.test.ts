import { describe, expect, test } from 'vitest'
import { policySchema } from '../../../policies/policy.ts'
import { cubeOf, meaningOf, type Cube } from '../../../policies/query/cube.ts'
import { deriveFrom } from '../../../policies/query/derived.ts'
import type { Cell } from '../../../policies/result.ts'
import { planOf, townPolicy } from '../../support/town.ts'

const cubeIn = async (sql: string): Promise<Cube | undefined> => cubeOf(await planOf(sql))
const by = (from: string): string =>
  `select e.district, count(*) n from ${from} group by e.district`
const [vat, days] = ["kind = 'vat'", "period in (date '2024-01-01', date '2024-02-01')"]

describe('an answer can be added up from', () => {
  test.each([
    ['entities', `${by('enterprise e')} order by n`],
    ['entities', 'select count(*) n, district from enterprise group by district'],
    [
      'entities',
      'select count(m), count(part) from (select uscc, max(staff) m, max(staff) filter (where listed) part from enterprise group by uscc)',
    ],
    ['entities', by('enterprise e left join region r on r.code = e.district')],
    [
      'entities',
      by(
        "enterprise e left join (select code from region where city = 'A') r on r.code = e.district",
      ),
    ],
    [
      'entities',
      by(
        '(select district, uscc, max(staff) filter (where listed) m from enterprise group by district, uscc) e',
      ),
    ],
    [
      'entities',
      by('(select district, uscc, max(staff) m from enterprise group by district, uscc) e'),
    ],
    [
      'entities',
      by('enterprise e join tax t on e.uscc = t.uscc and (e.staff > t.late_days or e.listed)'),
    ],
    [
      'rows',
      `select kind, period, count(*) from tax where ${vat} and ${days} group by kind, period`,
    ],
    ['none', 'select kind, count(*) from tax group by kind'],
  ])('its %s: %s', async (parts, sql) => {
    expect((await cubeIn(sql))?.parts).toBe(parts)
  })

  test.each([
    'select count(*) * 2 from enterprise',
    'select max(n) + 1 from (select district, count(*) n from enterprise group by district)',
    by('(select uscc, district from enterprise union all select uscc, district from enterprise) e'),
    by(
      '(select district, uscc, max(staff) m from (select * from enterprise union all select * from enterprise) group by district, uscc) e',
    ),
    'select district, count(r) from (select district, row_number() over (partition by uscc order by founded) r from enterprise) group by district',
    by('enterprise e cross join (select * from region limit 1) r'),
    by('enterprise e cross join (values (3)) v(w)'),
    by('(values (3)) v(w) cross join enterprise e'),
    'select district, count(*) from enterprise where district in (select code from region) group by district',
  ])('not: %s', async (sql) => {
    expect(await cubeIn(sql)).toBeUndefined()
  })

  test('conditions on the far side of a left join are no conditions on what comes out', async () => {
    const joined = (condition: string): string =>
      by(
        `enterprise e left join (select code from region where ${condition}) r on r.code = e.district`,
      )
    const [one, two] = [await cubeIn(joined("city = 'A'")), await cubeIn(joined("city = 'B'"))]
    expect(one?.basis).not.toBe(two?.basis)
    expect([one?.where, two?.where]).toEqual([[], []])
  })

  test('rows that are chosen by an earlier answer have no meaning of their own', async () => {
    const { stages } = await planOf(
      'select count(*) from enterprise where capital > (select avg(capital) from enterprise)',
    )
    const meanings = stages.map((stage) => stage.kind === 'noise' && meaningOf(stage))
    expect(meanings.filter((meaning) => meaning === undefined)).toHaveLength(1)
  })
})

/** A released answer with these cells in its only figure, and whether and what a total is made of them. */
const totalOf = async (
  cells: readonly Cell[],
  {
    released = 'select listed, sum(capital) from enterprise group by listed',
    asked = 'select sum(capital) from enterprise',
    policy = townPolicy,
  } = {},
): Promise<Cell | undefined> => {
  const cube = cubeOf(await planOf(released, { policy }))
  if (cube === undefined) throw new Error('nothing to add up')
  const rows = cells.map((cell, index) => [['false', 'true', null][index] ?? null, cell])
  const result = { door: 'noise' as const, columns: [], rows, notes: [] }
  return deriveFrom(await planOf(asked, { policy }), { cube, result }, true)?.table.rows[0]?.[0]
}
const cell = (value: string | number): Cell => ({ value, sd: 3, low: 0, high: 0 })

describe('a total is added up exactly', () => {
  test.each<[readonly (string | number)[], string | number]>([
    [[1.25, 2, -0.5], 2.75],
    [['12345678901234567.25', 1, 0.5], '12345678901234568.75'],
  ])('%j', async (values, sum) => {
    expect(await totalOf(values.map(cell))).toMatchObject({ value: sum })
  })

  test('in units of ten where bounds are so wide', async () => {
    const { enterprise } = townPolicy.datasets
    const capital = { use: 'measure', clamp: [0, 1e15] }
    const policy = policySchema.parse({
      ...townPolicy,
      datasets: {
        ...townPolicy.datasets,
        enterprise: { ...enterprise, columns: { ...enterprise?.columns, capital } },
      },
    })
    const total = await totalOf([cell(120), cell(10), cell(-30)], {
      released: 'select listed, sum(capital / 1) from enterprise group by listed',
      asked: 'select sum(capital / 1) from enterprise',
      policy,
    })
    expect(total).toMatchObject({ value: 100 })
  })

  test.each<[string, Cell]>([
    ['nothing', null],
    ['a value alone', 5],
    ['a withheld figure', { withheld: true }],
    ['a figure without noise', { value: 5 }],
    ['a truth', { value: true, sd: 3 }],
    ['a word', { value: 'many', sd: 3 }],
    ['more digits than it has', { value: '1.005', sd: 3 }],
  ])('and not at all with %s', async (_, odd) => {
    expect(await totalOf([cell(1), cell(2), odd])).toBeUndefined()
  })
})

test.each(['count(*)', 'count(distinct uscc)'])(
  'where an entity may be in several cells no %s over them is given',
  async (figure) => {
    const from = `from tax where ${vat} and ${days}`
    const plan = await planOf(`select kind, period, ${figure} ${from} group by kind, period`)
    const cube = cubeOf(plan)
    if (cube === undefined) throw new Error('nothing to add up')
    const rows = ['2024-01-01', '2024-02-01'].map((day) => ['vat', day, cell(4)])
    const result = { door: 'noise' as const, columns: [], rows, notes: [] }
    const total = await planOf(`select kind, ${figure} ${from} group by kind`)
    expect(deriveFrom(total, { cube, result }, true)).toBeUndefined()
  },
)

test('a condition that compares two columns keeps parts of cells', async () => {
  const finest = 'select district, listed, count(*) from enterprise group by district, listed'
  const cube = cubeOf(await planOf(finest))
  if (cube === undefined) throw new Error('nothing to add up')
  const plan = await planOf('select count(*) from enterprise where district = industry')
  const rows = Array.from({ length: cube.cells }, () => ['east', 'true', cell(1)])
  const result = { door: 'noise' as const, columns: [], rows, notes: [] }
  expect(deriveFrom(plan, { cube, result }, true)).toBeUndefined()
})
