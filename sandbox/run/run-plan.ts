import { postTables, type ProtectedTable } from '../../policies/query/answer.ts'
import type { Evidence } from '../../policies/output/evidence.ts'
import {
  protectedName,
  type NoiseStage,
  type PeopleStage,
  type Plan,
  type PublicStage,
} from '../../policies/query/plan.ts'
import { columnsOf } from '../../policies/relation/columns.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { protectNoise, type Sampler } from '../protect/noise.ts'
import { protectPeople } from '../protect/people.ts'
import { together } from '../protect/together.ts'
import type { Salt } from '../protect/build.ts'
import { statementsOf } from '../protect/statement.ts'
import { emitTree } from '../query/emit.ts'
import { padJoins } from '../query/pad-joins.ts'
import { quoteName } from '../query/render.ts'
import { checkEmitted } from '../query/second-lock.ts'
import { EngineFailure, type Engine, type Row } from './engine.ts'
import type { RunFacts, RunnerAnswer } from './runner-protocol.ts'

/** What a run draws from outside itself. */
export type RunWorld = {
  readonly sampler: Sampler
  readonly salt: Salt
  readonly nowMs: () => number
  readonly timeoutMs: number
}

type StageFacts = RunFacts['stages'][number]
type Outcome = {
  readonly tables: ProtectedTable[]
  readonly facts: StageFacts[]
  /** Of the stages of the people door, in order. */
  readonly evidence: Evidence['stages']
}

/** The alias under which a dataset's published file is attached. No dataset's name begins with `_`. */
export const aliasOf = (dataset: string): string => `_d_${dataset}`

/**
 * Runs the stages of a plan in order and protects each. A later stage may read what an earlier one protected. Throws
 * `EngineFailure`; nothing that was not protected leaves this function.
 */
export const runPlan = async (plan: Plan, engine: Engine, world: RunWorld): Promise<Outcome> => {
  const outcome: Outcome = { tables: [], facts: [], evidence: [] }
  for (const [position, stage] of plan.stages.entries()) {
    if (stage.kind === 'people') {
      await runPeople(stage, { plan, engine, world, outcome })
      continue
    }
    const startMs = world.nowMs()
    const answers = await answersOf(stage, plan, engine, world)
    const ranMs = world.nowMs()
    const table =
      stage.kind === 'noise'
        ? protectNoise(stage, answers, world.sampler)
        : publicTable(stage, answers[0] ?? [])
    outcome.tables.push(table)
    outcome.facts.push({
      runMs: ranMs - startMs,
      protectMs: world.nowMs() - ranMs,
      groups: table.rows.length,
    })
    if (isReadLater(plan, position)) await keep(plan, outcome.tables, position, engine)
  }
  return plan.door === 'people' ? { ...outcome, ...together(plan, outcome) } : outcome
}

const answersOf = async (
  stage: NoiseStage | PublicStage,
  plan: Plan,
  engine: Engine,
  { salt, timeoutMs }: RunWorld,
): Promise<readonly (readonly Row[])[]> => {
  const trees = stage.kind === 'noise' ? statementsOf(stage, salt) : [stage.tree]
  const rowsMax = stage.kind === 'noise' ? groupsMax : stage.rowsMax
  const answers: (readonly Row[])[] = []
  for (const tree of trees) answers.push(await runTree(tree, plan, engine, { timeoutMs, rowsMax }))
  return answers
}

/**
 * Pads the joins of a tree, so that what is read does not depend on values, writes it as a statement, has the engine bind
 * it, and runs it only if what it means to the engine is what the tree means: a fault in writing is not a way to the data.
 */
const runTree = async (
  tree: Tree,
  plan: Plan,
  engine: Engine,
  limits: { readonly timeoutMs: number; readonly rowsMax: number },
): Promise<readonly Row[]> => {
  const padded = padJoins(tree)
  const sql = emitTree(padded, tableSql(plan))
  const bound = await engine.query(bindSql, [sql], { timeoutMs: limits.timeoutMs })
  if (checkEmitted(padded, String(bound.rows[0]?.[0])).length > 0) throw new EngineFailure('engine')
  return (await engine.query(sql, [], limits)).rows
}

const bindSql = 'SELECT json_serialize_plan($1::VARCHAR, optimize := false)'

type Running = {
  readonly plan: Plan
  readonly engine: Engine
  readonly world: RunWorld
  readonly outcome: Outcome
}

const runPeople = async (stage: PeopleStage, running: Running): Promise<void> => {
  const { plan, engine, world, outcome } = running
  const startMs = world.nowMs()
  const limits = { timeoutMs: world.timeoutMs, rowsMax: cellsMax }
  const result = await protectPeople(stage, (tree) => runTree(tree, plan, engine, limits))
  outcome.tables.push(result.table)
  outcome.evidence.push(result.evidence)
  outcome.facts.push({
    runMs: world.nowMs() - startMs,
    protectMs: 0,
    groups: result.evidence.cells.length,
  })
}

/** Most cells that people can be asked to look at. */
const cellsMax = 20_000

/** Most groups of one answer that are held before the gate. */
const groupsMax = 1_000_000

/** Datasets by the file they stand in, protected results by the tables kept of them. */
const tableSql =
  ({ stages }: Plan) =>
  (dataset: string): string =>
    stages.some((_, position) => dataset === protectedName(position))
      ? `memory.main.${quoteName(dataset)}`
      : `${quoteName(aliasOf(dataset))}.main.${quoteName(dataset)}`

const isReadLater = ({ stages }: Plan, position: number): boolean =>
  stages.slice(position + 1).some(({ tree }) => scans(tree, protectedName(position)))

const scans = ({ nodes }: Tree, name: string): boolean =>
  nodes.some((node) => node.op === 'scan' && node.dataset === name)

/** A protected result as a table beside the files, for the stage that looks it up. */
const keep = async (
  plan: Plan,
  tables: readonly ProtectedTable[],
  position: number,
  engine: Engine,
): Promise<void> => {
  const table = postTables(plan, tables)[position]
  if (table === undefined) throw new Error('a stage without its table')
  const { name, columns, rows } = table
  const list = columns.map((column) => `${quoteName(column.name)} ${typeSql(column.type)}`)
  await engine.query(`CREATE TABLE memory.main.${quoteName(name)} (${list.join(', ')})`)
  if (rows.length === 0) return
  const lists = columns.map(
    (_, index) => `unnest(from_json($${index + 1}::JSON, '["VARCHAR"]')) AS c${index}`,
  )
  const casts = columns.map(({ type }, index) => `CAST(c${index} AS ${typeSql(type)})`)
  await engine.query(
    `INSERT INTO memory.main.${quoteName(name)} SELECT ${casts.join(', ')} FROM (SELECT ${lists.join(', ')})`,
    columns.map((_, index) => JSON.stringify(rows.map((row) => row[index] ?? null))),
  )
}

const publicTable = (stage: PublicStage, rows: readonly Row[]): ProtectedTable => ({
  columns: (columnsOf(stage.tree).at(-1) ?? []).map((type) => ({ type, figure: false })),
  rows: rows.map((row) => row.map((value) => (typeof value === 'bigint' ? String(value) : value))),
})

/** A failure as it may be told to the operator: one of three words. */
export const failureAnswer = (error: unknown): RunnerAnswer => ({
  answer: 'failure',
  fault: error instanceof EngineFailure ? error.fault : 'engine',
})
