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
import { datasets, names, policy, rows } from './canaries.ts'

export type Trial = {
  readonly plan: (sql: string, rhoNano: number) => Promise<Plan>
  /** One answer through the runner's own code: bound, checked, run, added up, protected. Cells without their keys, by key. */
  readonly answer: (plan: Plan, sampler: Sampler) => Promise<ReadonlyMap<string, readonly Cell[]>>
  readonly close: () => void
}

/** Publishes the canaries into a folder and opens them as a runner does. */
export const openTrial = async (folder: string): Promise<Trial> => {
  const files: RunnerRequest['files'] = []
  for (const [name, cells] of Object.entries(rows))
    files.push(await sealPublished(folder, { dataset: datasets[name]!, policy }, cells))
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
