import { datasetSchema, type Dataset } from '../../policies/dataset.ts'
import { policySchema, type Policy } from '../../policies/policy.ts'
import { publishedColumns, rankColumn } from '../../policies/published.ts'
import type { Context } from '../../policies/query/context.ts'
import { decide } from '../../policies/query/decide.ts'
import type { Plan } from '../../policies/query/plan.ts'
import type { Refusal } from '../../policies/refusal.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import { typeSql } from '../../policies/relation/type.ts'
import type { StubTable } from '../../sandbox/query/check.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import { check } from './checker.ts'
import { quoted, type openDuck } from './duck.ts'

const title = { zh: '小镇', en: 'town' }
type ColumnInput = { name: string; type: string; class: string; nullable?: boolean }

const dataset = (
  name: string,
  entities: readonly (readonly [string, string])[],
  grain: readonly string[],
  columns: readonly ColumnInput[],
): Dataset =>
  datasetSchema.parse({
    dataset: name,
    title,
    department: title,
    entities: entities.map(([kind, column]) => ({ kind, column })),
    grain,
    columns: columns.map((column) => ({ level: 3, ...column })),
  })

const id = (name: string, nullable = false): ColumnInput => ({
  name,
  type: 'text',
  class: 'identifier',
  nullable,
})
const code = (name: string, nullable = false, type = 'text'): ColumnInput => ({
  name,
  type,
  class: 'code',
  nullable,
})
const amount = (name: string, type = 'decimal(18,2)', nullable = false): ColumnInput => ({
  name,
  type,
  class: 'amount',
  nullable,
})

/** A small town: enterprises, what they pay, whom they sue, who stands behind them, and a code list. */
export const town: Record<string, Dataset> = {
  enterprise: dataset(
    'enterprise',
    [['enterprise', 'uscc']],
    ['uscc'],
    [
      id('uscc'),
      code('district'),
      code('industry', true),
      amount('capital', 'decimal(18,2)', true),
      amount('founded', 'date'),
      amount('staff', 'integer', true),
      code('listed', true, 'boolean'),
    ],
  ),
  tax: dataset(
    'tax',
    [['enterprise', 'uscc']],
    ['uscc', 'period', 'kind'],
    [
      id('uscc'),
      amount('period', 'date'),
      code('kind'),
      amount('amount', 'decimal(18,2)', true),
      amount('late_days', 'integer', true),
    ],
  ),
  court: dataset(
    'court',
    [['enterprise', 'uscc']],
    ['uscc', 'filed'],
    [
      id('uscc', true),
      amount('filed', 'date'),
      code('role'),
      amount('claim', 'decimal(12,2)', true),
    ],
  ),
  owner: dataset(
    'owner',
    [
      ['enterprise', 'uscc'],
      ['person', 'holder'],
    ],
    ['uscc'],
    [id('uscc'), id('holder', true), code('sex'), amount('share', 'integer')],
  ),
  worker: dataset(
    'worker',
    [
      ['enterprise', 'uscc'],
      ['person', 'pid'],
    ],
    ['uscc', 'pid'],
    [id('uscc'), id('pid'), amount('wage', 'decimal(12,2)')],
  ),
  resident: dataset(
    'resident',
    [['person', 'pid']],
    ['pid'],
    [id('pid'), code('sex'), amount('age', 'integer')],
  ),
  region: dataset(
    'region',
    [],
    ['code'],
    [code('code'), code('city'), amount('weight', 'integer')],
  ),
}

const dimension = (more: object = {}): object => ({ use: 'dimension', ...more })
const measure = (low: number, high: number, more: object = {}): object => ({
  use: 'measure',
  clamp: [low, high],
  ...more,
})
const codes = (...list: readonly string[]): object => ({ domain: { codes: list } })

export const townPolicy: Policy = policySchema.parse({
  policy: 'town',
  title,
  doors: ['noise', 'people'],
  kinds: {
    enterprise: { floor: 5, ledger: { rho: 1, delta: 1e-6 } },
    person: { floor: 3, unitsMax: 3, ledger: { rho: 1, delta: 1e-6 } },
  },
  question: { rho: 0.01, rhoMax: 0.1, delta: 1e-9, gridMax: 500 },
  datasets: {
    enterprise: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: {
        district: dimension({ ...codes('east', 'west', 'north'), ofEntity: true }),
        industry: dimension({ ofEntity: true }),
        capital: measure(0, 1000),
        founded: dimension({ domain: { dates: ['2000-01-01', '2020-12-31'] }, ofEntity: true }),
        staff: measure(0, 500),
        listed: dimension(),
      },
    },
    tax: {
      contribution: { rowsMax: 4, groupsMax: 2 },
      columns: {
        period: dimension({ domain: { dates: ['2024-01-01', '2024-12-31'] } }),
        kind: dimension(codes('vat', 'income')),
        amount: measure(-50, 200),
        late_days: measure(0, 90),
      },
    },
    court: {
      contribution: { rowsMax: 3, groupsMax: 2 },
      columns: {
        filed: dimension(),
        role: dimension(codes('plaintiff', 'defendant')),
        claim: measure(0, 100),
      },
    },
    owner: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: { sex: dimension(codes('f', 'm')), share: measure(0, 100) },
    },
    worker: { contribution: { rowsMax: 50, groupsMax: 1 }, columns: { wage: measure(0, 100) } },
    resident: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: { sex: dimension(codes('f', 'm')), age: measure(0, 120) },
    },
    region: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: { code: dimension(), city: dimension(), weight: measure(0, 10) },
    },
  },
})

export const townTables: readonly StubTable[] = Object.values(town).map((one) => ({
  dataset: one.dataset,
  columns: publishedColumns(one, townPolicy),
}))

export const townContext: Context = {
  datasets: town,
  policy: townPolicy,
  door: 'noise',
  rhoNano: 10_000_000,
  place: (offset) => ({ line: 1, column: offset + 1 }),
}

export const treeOf = async (sql: string): Promise<Tree> => {
  const outcome = await check(sql, townTables)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  return outcome.value
}

/** The plan of a text about the town. */
export const planOf = async (sql: string, context: Partial<Context> = {}): Promise<Plan> => {
  const outcome = decide(await treeOf(sql), { ...townContext, ...context })
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  return outcome.value
}

/** Why a text about the town is refused, in the order of the text. */
export const refusalsOf = async (
  sql: string,
  context: Partial<Context> = {},
): Promise<readonly Refusal[]> => {
  const outcome = decide(await treeOf(sql), { ...townContext, ...context })
  return outcome.ok ? [] : outcome.refusals
}
export const codesOf = async (
  sql: string,
  context: Partial<Context> = {},
): Promise<readonly string[]> =>
  (await refusalsOf(sql, context)).map((refusal) => refusal.code).sort()

export type TownRows = Readonly<Record<string, readonly (readonly (string | null)[])[]>>

/** Fills an engine with tables as they are published, hidden ranks too. Cells in the order of `publishedColumns`. */
export const fillTown = async (
  duck: Awaited<ReturnType<typeof openDuck>>,
  rows: TownRows,
): Promise<void> => {
  for (const one of Object.values(town)) {
    const columns = publishedColumns(one, townPolicy)
    const table = quoteName(one.dataset)
    const list = columns.map(({ name, type }) => `${quoteName(name)} ${typeSql(type)}`)
    await duck.run(`CREATE OR REPLACE TABLE ${table} (${list.join(', ')})`)
    const cells = (rows[one.dataset] ?? []).map((row) => `(${row.map(quoted).join(', ')})`)
    if (cells.length > 0) await duck.run(`INSERT INTO ${table} VALUES ${cells.join(', ')}`)
    for (const { kind, column } of one.entities.slice(1)) {
      const rank = quoteName(rankColumn(kind))
      await duck.run(
        `CREATE OR REPLACE TABLE ${table} AS SELECT *, CASE WHEN ${quoteName(column)} IS NULL THEN NULL
         ELSE row_number() OVER (PARTITION BY ${quoteName(column)} ORDER BY hash(${columns.map(({ name }) => quoteName(name)).join(', ')})) END AS ${rank} FROM ${table}`,
      )
    }
  }
}
