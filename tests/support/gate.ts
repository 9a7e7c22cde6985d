import type { Evidence } from '../../policies/output/evidence.ts'
import { answerOf, postTables, type ProtectedTable } from '../../policies/query/answer.ts'
import type { NoiseStage, Plan } from '../../policies/query/plan.ts'
import { protectNoise, type Sampler } from '../../sandbox/protect/noise.ts'
import type { Salt } from '../../sandbox/protect/build.ts'
import { statementsOf } from '../../sandbox/protect/statement.ts'
import { runPublic } from '../../sandbox/query/post.ts'
import { openEngine, type Engine } from '../../sandbox/run/engine.ts'
import { runPlan } from '../../sandbox/run/run-plan.ts'
import { emitTree } from '../../sandbox/query/emit.ts'
import { padJoins } from '../../sandbox/query/pad-joins.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import type { Cell } from '../../policies/result.ts'
import { quoted, type openDuck } from './duck.ts'

/** Noise of nothing: what remains is what the statement added up. */
export const silence: Sampler = () => () => 0n
export const salt: Salt = [12_345n, 67_890n]

/** What the statements of a stage answer in an open engine. */
export const answersIn = async (
  stage: NoiseStage,
  duck: Awaited<ReturnType<typeof openDuck>>,
  tableSql: (name: string) => string = quoteName,
): Promise<readonly (string | null)[][][]> => {
  const answers: (string | null)[][][] = []
  for (const tree of statementsOf(stage, salt))
    answers.push(await duck.rows(emitTree(padJoins(tree), tableSql)))
  return answers
}

/** Runs the first stage of a plan in an open engine and protects it. */
export const protectWith = async (
  plan: Plan,
  duck: Awaited<ReturnType<typeof openDuck>>,
  sampler: Sampler = silence,
): Promise<ProtectedTable> => {
  const [stage] = plan.stages
  if (stage?.kind !== 'noise') throw new Error('the first stage is no noise stage')
  return protectNoise(stage, await answersIn(stage, duck), sampler)
}

/** The figures of a table as numbers. */
export const valuesIn = (table: ProtectedTable): readonly (readonly unknown[])[] =>
  table.rows.map((row) => row.map((cell) => valueIn(cell)))

const valueIn = (cell: Cell): unknown =>
  typeof cell === 'object' && cell !== null ? ('value' in cell ? cell.value : 'withheld') : cell

type Answered = {
  /** Rows of the answer: a withheld figure is the text `withheld`. */
  readonly rows: readonly (readonly unknown[])[]
  readonly evidence: Evidence['stages']
}

/** Runs a whole question about the town, through stages and what comes after, and gives the rows of its answer. */
export const askTown = async (
  plan: Plan,
  duck: Awaited<ReturnType<typeof openDuck>>,
): Promise<Answered> => {
  const local = (sql: string): string =>
    sql.replaceAll(/"_d_\w+"\.main\./g, '').replaceAll('memory.main.', '')
  const bound = (sql: string, params: readonly unknown[] = []): string =>
    sql.replaceAll(/\$(\d+)/g, (_, place: string) =>
      quoted(local(String(params[Number(place) - 1]))),
    )
  const engine = {
    query: async (sql: string, params?: readonly unknown[]) => {
      const text = bound(local(sql), params)
      if (/^(?:CREATE|INSERT)/.test(text))
        await duck.run(text.replace('CREATE TABLE', 'CREATE OR REPLACE TABLE'))
      return {
        rows: text.startsWith('SELECT') || text.startsWith('WITH') ? await duck.rows(text) : [],
      }
    },
  }
  const { tables, evidence } = await runPlan(plan, engine as unknown as Engine, {
    sampler: silence,
    salt,
    nowMs: () => 0,
    timeoutMs: 10_000,
  })
  const small = await openEngine({ threads: 1, memoryMb: 256 })
  const { rows } = await runPublic(small, plan.post, postTables(plan, tables))
  small.close()
  return { rows: answerOf(plan, rows).rows.map((row) => row.map(valueIn)), evidence }
}
