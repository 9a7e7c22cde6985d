import { datasetSchema } from '../../policies/dataset.ts'
import { policySchema } from '../../policies/policy.ts'
import type { Context } from '../../policies/query/context.ts'
import { decide } from '../../policies/query/decide.ts'
import type { NoiseStage, Plan } from '../../policies/query/plan.ts'
import type { StubTable } from '../../sandbox/query/check.ts'
import { BIGINT, VARCHAR } from '../../policies/relation/type.ts'
import { check } from './checker.ts'

/** One table of enterprises with three public attributes: 8 x 5 x 3 cells, most of them small. */
export const attributes = {
  place: ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'],
  trade: ['t1', 't2', 't3', 't4', 't5'],
  grade: ['a', 'b', 'c'],
} as const
export type Attribute = keyof typeof attributes
export const attributeNames = Object.keys(attributes) as readonly Attribute[]

const title = { zh: '单元', en: 'cells' }
const firm = datasetSchema.parse({
  dataset: 'firm',
  title,
  department: title,
  entities: [{ kind: 'enterprise', column: 'uscc' }],
  grain: ['uscc'],
  columns: [
    { name: 'uscc', type: 'text', class: 'identifier', level: 3 },
    ...attributeNames.map((name) => ({ name, type: 'text', class: 'code', level: 2 })),
  ],
})
const policy = policySchema.parse({
  policy: 'cells',
  title,
  doors: ['noise'],
  kinds: { enterprise: { ledger: { rho: 1, delta: 1e-6 } } },
  question: { rho: 0.005, rhoMax: 1, delta: 1e-9, gridMax: 1000 },
  datasets: {
    firm: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: Object.fromEntries(
        attributeNames.map((name) => [
          name,
          { use: 'dimension', ofEntity: true, domain: { codes: [...attributes[name]] } },
        ]),
      ),
    },
  },
})

export const cellsTables: readonly StubTable[] = [
  {
    dataset: 'firm',
    columns: [
      { name: 'uscc', type: BIGINT },
      ...attributeNames.map((name) => ({ name, type: VARCHAR })),
    ],
  },
]

const contextOf = (rhoNano: number): Context => ({
  datasets: { firm },
  policy,
  door: 'noise',
  rhoNano,
  place: () => ({ line: 1, column: 1 }),
})

export const cellsPlan = async (sql: string, rhoNano = 5_000_000): Promise<Plan> => {
  const tree = await check(sql, cellsTables)
  const decided = tree.ok ? decide(tree.value, contextOf(rhoNano)) : tree
  if (!decided.ok) throw new Error(`${sql}: ${JSON.stringify(decided.refusals)}`)
  return decided.value
}

export const stageOf = ({ stages: [stage] }: Plan): NoiseStage => {
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  return stage
}

/** Every cell, and how many firms are in it: fifty-four of them between one and nine, as a seed has it. */
export const cells = attributes.place.flatMap((place) =>
  attributes.trade.flatMap((trade) => attributes.grade.map((grade) => ({ place, trade, grade }))),
)
export const sizesOf = (seed: number): readonly number[] => {
  let state = seed * 7919 + 1
  const below = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % limit
  }
  const order = cells
    .map((_, index) => [below(1_000_000), index] as const)
    .sort(([a], [b]) => a - b)
  const sizes = cells.map(() => 0)
  for (const [rank, [, index]] of order.entries())
    sizes[index] = rank < 54 ? 1 + below(9) : 10 + below(400)
  return sizes
}

/** SQL that fills `firm` with so many firms in each cell. */
export const firmsSql = (sizes: readonly number[]): string => {
  const rows = cells.map(
    ({ place, trade, grade }, index) => `('${place}', '${trade}', '${grade}', ${sizes[index]})`,
  )
  return `CREATE OR REPLACE TABLE firm AS
    SELECT row_number() OVER () AS uscc, place, trade, grade
    FROM (VALUES ${rows.join(', ')}) v(place, trade, grade, n), range(v.n)`
}
