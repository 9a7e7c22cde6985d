import type { ProtectedTable } from '../../policies/query/answer.ts'
import type { Plan } from '../../policies/query/plan.ts'
import { protectNoise, type Sampler } from '../../sandbox/protect/noise.ts'
import { statementOf, type Salt } from '../../sandbox/protect/statement.ts'
import { emitTree } from '../../sandbox/query/emit.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import type { Cell } from '../../policies/result.ts'
import type { openDuck } from './duck.ts'

/** Noise of nothing: what remains is what the statement added up. */
export const silence: Sampler = () => () => 0n
export const salt: Salt = [12_345n, 67_890n]

/** Runs the first stage of a plan in an open engine and protects it. */
export const protectWith = async (
  plan: Plan,
  duck: Awaited<ReturnType<typeof openDuck>>,
  sampler: Sampler = silence,
): Promise<ProtectedTable> => {
  const [stage] = plan.stages
  if (stage?.kind !== 'noise') throw new Error('the first stage is no noise stage')
  const rows = await duck.rows(emitTree(statementOf(stage, salt), quoteName))
  return protectNoise(stage, rows, sampler)
}

/** The figures of a table as numbers. */
export const valuesIn = (table: ProtectedTable): readonly (readonly unknown[])[] =>
  table.rows.map((row) => row.map((cell) => valueIn(cell)))

const valueIn = (cell: Cell): unknown =>
  typeof cell === 'object' && cell !== null ? ('value' in cell ? cell.value : 'withheld') : cell
