import type { Dataset } from '../../policies/dataset.ts'
import type { Policy } from '../../policies/policy.ts'
import type { Agreement } from '../../policies/agreement.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { foreseen } from '../../policies/query/forecast.ts'
import { rhoAsked } from '../../policies/query/terms.ts'
import { publishSample } from '../domain/sample.ts'
import { checkText, type Binder } from '../query/check.ts'
import { judge, tablesOf } from '../query/judge.ts'
import type { Engine } from './engine.ts'
import type { PolicyAnswer, PolicyRequest } from './policy-protocol.ts'

type Setting = {
  readonly datasets: readonly Dataset[]
  readonly policy: Policy
  readonly agreement: Agreement
  readonly today: string
}
type Ask<Name extends PolicyRequest['ask']> = Extract<PolicyRequest, { ask: Name }>

/**
 * What a domain would answer to a text under these documents, without data: the same checker, the same rules. Ledgers
 * are full and no run was used.
 */
export const tryText = async (
  { datasets, policy, agreement, today }: Setting,
  { sql, door, rho }: Ask<'text'>,
  binder: Binder,
): Promise<PolicyAnswer> => {
  const asked = rhoAsked({ door, ...(rho !== undefined && { rho }) }, { agreement, policy }, today)
  if (!asked.ok) return refusedWith(asked.refusals)
  const seen = Object.fromEntries(
    datasets
      .filter(({ dataset }) => agreement.datasets[dataset] !== undefined)
      .map((dataset) => [dataset.dataset, dataset]),
  )
  const grounds = { policy, agreement, datasets: seen, rhoNano: asked.value }
  const tree = await checkText({ text: sql, tables: tablesOf(grounds), today }, binder)
  if (!tree.ok) return refusedWith(tree.refusals)
  const judged = judge(tree.value, { sql, door }, grounds)
  if (!judged.ok) return refusedWith(judged.refusals)
  const { plan, level } = judged.value
  const { answer, cost, reads } = plan
  const { cells } = foreseen(plan)
  return {
    answer: 'allowed',
    columns: answer.map(({ name }) => name),
    cost,
    ...(cells !== undefined && { cells }),
    ...(level !== undefined && { level }),
    reads,
  }
}

/** What the publisher would make of raw rows under these documents. */
export const tryRows = async (
  { datasets, policy }: Setting,
  { dataset: name, rows }: Ask<'rows'>,
  engine: Engine,
): Promise<PolicyAnswer> => {
  const dataset = datasets.find((each) => each.dataset === name)
  if (dataset === undefined || policy.datasets[name] === undefined)
    return refusedWith([notThere('dataset', name, Object.keys(policy.datasets))])
  const known = dataset.columns.map((column) => column.name)
  const unknown = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter(
    (column) => !known.includes(column),
  )
  if (unknown.length > 0)
    return refusedWith(unknown.map((column) => notThere('column', column, known)))
  const sample = await publishSample(engine, { dataset, policy }, rows)
  return sample.ok
    ? {
        answer: 'published',
        columns: sample.value.columns.map((column) => column.name),
        rows: sample.value.rows.map((row) => [...row]),
      }
    : refusedWith(sample.refusals)
}

const notThere = (thing: string, name: string, allowed: readonly string[]): Refusal =>
  refuse('source/unknown-name', {
    where: thing,
    thing,
    name,
    allowed: allowed.join(', ').slice(0, 400),
  })

const refusedWith = (refusals: readonly Refusal[]): PolicyAnswer => ({
  answer: 'refused',
  refusals: [...refusals],
})
