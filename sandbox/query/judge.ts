import type { Agreement } from '../../policies/agreement.ts'
import type { Dataset } from '../../policies/dataset.ts'
import { accepted, type Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { uniqueKey, visibleColumns } from '../../policies/published.ts'
import type { Context } from '../../policies/query/context.ts'
import { decideTyped } from '../../policies/query/decide.ts'
import { levelOf } from '../../policies/query/level.ts'
import type { Plan } from '../../policies/query/plan.ts'
import { typeTree } from '../../policies/query/typing.ts'
import { assertSound } from '../../policies/relation/sound.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import type { Submission } from '../../policies/submission.ts'
import type { StubTable } from './check.ts'
import { positionOf } from './position.ts'

/** Under what a text is judged: its agreement and policy, and the datasets it can see. */
export type Grounds = {
  readonly agreement: Agreement
  readonly policy: Policy
  readonly datasets: Readonly<Record<string, Dataset>>
  readonly rhoNano: number
}

/** The tables a text is bound on. */
export const tablesOf = ({ agreement, policy, datasets }: Omit<Grounds, 'rhoNano'>): StubTable[] =>
  Object.values(datasets).map((dataset) => {
    const visible = visibleColumns(dataset, policy, agreement)
    const key = uniqueKey(dataset, policy, visible)
    return {
      dataset: dataset.dataset,
      columns: visible.map(({ name, type }) => ({ name, type })),
      ...(key === undefined ? {} : { key: [...key] }),
    }
  })

/** What is found of a text that may run. */
type Judged = {
  readonly plan: Plan
  /** Of what it works on, as its own rule counts it; absent where it reads no column. */
  readonly level?: number
}

/**
 * Every rule over the tree of a text, with places in the text. Throws where the tree is not one that a checker of ours
 * would make of these tables: what read a hostile text is not believed.
 */
export const judge = (
  tree: Tree,
  submission: Pick<Submission, 'sql' | 'door'>,
  grounds: Grounds,
): Outcome<Judged> => {
  assertSound(tree, tablesOf(grounds))
  const context = contextOf(submission, grounds)
  const question = { tree, facts: typeTree(tree, context), context }
  const plan = decideTyped(question)
  if (!plan.ok) return plan
  const level = levelOf(question)?.level
  return accepted({ plan: plan.value, ...(level !== undefined && { level }) })
}

const contextOf = (
  { sql, door }: Pick<Submission, 'sql' | 'door'>,
  { agreement: { levelMax }, policy, datasets, rhoNano }: Grounds,
): Context => ({
  datasets,
  policy,
  door,
  rhoNano,
  ...(levelMax !== undefined && { levelMax }),
  place: (offset) => positionOf(sql, offset),
})
