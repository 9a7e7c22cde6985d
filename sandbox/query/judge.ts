import type { Agreement } from '../../policies/agreement.ts'
import type { Dataset } from '../../policies/dataset.ts'
import type { Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { uniqueKey, visibleColumns } from '../../policies/published.ts'
import type { Context } from '../../policies/query/context.ts'
import { decide } from '../../policies/query/decide.ts'
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

/**
 * Every rule over the tree of a text, with places in the text. Throws where the tree is not one that a checker of ours
 * would make of these tables: what read a hostile text is not believed.
 */
export const judge = (
  tree: Tree,
  { sql, door }: Pick<Submission, 'sql' | 'door'>,
  grounds: Grounds,
): Outcome<Plan> => {
  assertSound(tree, tablesOf(grounds))
  return decide(tree, contextOf({ sql, door }, grounds))
}

/** The level of what a text works on, as its own rule counts it. */
export const levelOfText = (
  tree: Tree,
  submission: Pick<Submission, 'sql' | 'door'>,
  grounds: Grounds,
): number | undefined => {
  const context = contextOf(submission, grounds)
  return levelOf({ tree, facts: typeTree(tree, context), context })?.level
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
