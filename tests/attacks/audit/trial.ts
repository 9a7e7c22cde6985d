import { datasetSchema, type Dataset } from '../../../policies/dataset.ts'
import { policySchema, type Policy } from '../../../policies/policy.ts'
import { publishedColumns } from '../../../policies/published.ts'
import { decide } from '../../../policies/query/decide.ts'
import type { NoiseStage, Plan } from '../../../policies/query/plan.ts'
import type { Cell } from '../../../policies/result.ts'
import type { Sampler } from '../../../sandbox/protect/noise.ts'
import { openEngine, type Engine } from '../../../sandbox/run/engine.ts'
import { aliasOf, runPlan } from '../../../sandbox/run/run-plan.ts'
import type { RunnerRequest } from '../../../sandbox/run/runner-protocol.ts'
import { check } from '../../support/checker.ts'
import { sealPublished } from '../../support/seal.ts'

/*
 * A database of nobody but canaries: entities of the worst kind, each in cells of its own, every other one of them
 * absent. One answer over all cells is thus as many answers over two neighbouring databases as there are canaries.
 */
export const cellCount = 2000
/** A canary that lies in several groups has these many for itself. */
export const placesOfOne = 8

const title = { zh: '审计', en: 'audit' }
const nameOf = (index: number): string => `c${String(index).padStart(4, '0')}`
const names = Array.from({ length: cellCount }, (_, index) => nameOf(index))

const dataset = (name: string, columns: readonly object[]): Dataset =>
  datasetSchema.parse({
    dataset: name,
    title,
    department: title,
    entities: [{ kind: 'enterprise', column: 'uscc' }],
    grain: ['uscc', 'nr'],
    columns: [
      { name: 'uscc', type: 'text', class: 'identifier', level: 3 },
      { name: 'nr', type: 'integer', class: 'code', level: 2 },
      ...columns.map((column) => ({ level: 2, class: 'code', ...column })),
    ],
  })
const datasets: Readonly<Record<string, Dataset>> = {
  trial: dataset('trial', [
    { name: 'cell', type: 'text' },
    { name: 'word', type: 'text' },
    { name: 'amount', type: 'decimal(18,2)', class: 'amount' },
    { name: 'wealth', type: 'decimal(18,2)', class: 'amount' },
  ]),
  visit: dataset('visit', [{ name: 'place', type: 'text' }]),
}
const grid = { use: 'dimension', domain: { codes: names } }
const policy: Policy = policySchema.parse({
  policy: 'audit',
  title,
  doors: ['noise'],
  kinds: { enterprise: { floor: 3, ledger: { rho: 10, delta: 1e-3 } } },
  question: { rho: 0.5, rhoMax: 1, delta: 1e-3, gridMax: cellCount },
  datasets: {
    trial: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: {
        cell: { ...grid, ofEntity: true },
        word: { use: 'dimension', ofEntity: true },
        amount: { use: 'measure', clamp: [0, 100] },
        wealth: { use: 'measure', clamp: [0, 9e12] },
      },
    },
    visit: { contribution: { rowsMax: 2, groupsMax: 2 }, columns: { place: grid } },
  },
})

/** Rows beyond every bound: more than may count, of more than may be added up, in more groups than may be reached. */
const trialRows = names.flatMap((name, index) =>
  index % 2 === 0
    ? []
    : Array.from({ length: 5 }, (_, row) => [
        String(index + 1),
        name,
        name,
        '900.00',
        row === 0 ? '0.03' : '0.00',
      ]),
)
const visitRows = Array.from({ length: cellCount / placesOfOne }, (_, block) => block)
  .filter((block) => block % 2 === 1)
  .flatMap((block) =>
    Array.from({ length: 5 * placesOfOne }, (_, row) => [
      String(block + 1),
      nameOf(block * placesOfOne + (row % placesOfOne)),
    ]),
  )

export type Trial = {
  readonly plan: (sql: string, rhoNano: number) => Promise<Plan>
  /** One answer through the runner's own code: bound, checked, run, added up, protected. Cells without their keys, by key. */
  readonly answer: (plan: Plan, sampler: Sampler) => Promise<ReadonlyMap<string, readonly Cell[]>>
  readonly close: () => void
}

/** Publishes the canaries into a folder and opens them as a runner does. */
export const openTrial = async (folder: string): Promise<Trial> => {
  const files: RunnerRequest['files'] = []
  for (const [name, rows] of Object.entries({ trial: trialRows, visit: visitRows }))
    files.push(await sealPublished(folder, { dataset: datasets[name]!, policy }, rows))
  const engine: Engine = await openEngine({
    threads: 1,
    memoryMb: 512,
    attach: files.map(({ dataset, ...file }) => ({ ...file, alias: aliasOf(dataset) })),
    steady: true,
  })
  const tables = Object.values(datasets).map((one) => ({
    dataset: one.dataset,
    columns: publishedColumns(one, policy).map(({ name, type }) => ({ name, type })),
  }))
  let salt = 0n
  return {
    plan: async (sql, rhoNano) => {
      const tree = await check(sql, tables)
      const context = {
        datasets,
        policy,
        door: 'noise' as const,
        rhoNano,
        place: () => ({ line: 1, column: 1 }),
      }
      const decided = tree.ok ? decide(tree.value, context) : tree
      if (!decided.ok) throw new Error(`${sql}: ${JSON.stringify(decided.refusals)}`)
      return decided.value
    },
    answer: async (plan, sampler) => {
      const { tables: found } = await runPlan(plan, engine, {
        sampler,
        salt: [(salt += 1n), 7n],
        nowMs: () => 0,
        timeoutMs: 10_000,
      })
      return new Map(found[0]!.rows.map(([key, ...cells]) => [key as string, cells]))
    },
    close: engine.close,
  }
}

/** The plan with another last stage: a fault that was planted. */
export const withStage = (plan: Plan, change: (stage: NoiseStage) => NoiseStage): Plan => ({
  ...plan,
  stages: plan.stages.map((stage) => (stage.kind === 'noise' ? change(stage) : stage)),
})

/** The value of a figure in units of 10^-scale. */
export const unitsOf = (cell: Cell | undefined, scale: number): bigint => {
  const value = typeof cell === 'object' && cell !== null && 'value' in cell ? cell.value : cell
  const [, sign = '', whole, part = ''] =
    ((typeof value === 'string' || typeof value === 'number') &&
      /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))) ||
    []
  if (whole === undefined || part.length > scale) throw new Error('a cell of no such number')
  return BigInt(sign + whole + part.padEnd(scale, '0'))
}

export const cellsOf = (block: number, size: number): readonly string[] =>
  names.slice(block * size, (block + 1) * size)
