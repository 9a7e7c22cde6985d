import { canonicalJson } from '../policies/canonical.ts'
import type { Policy } from '../policies/policy.ts'
import { foreseen } from '../policies/query/forecast.ts'
import type { Plan } from '../policies/query/plan.ts'
import type { Refusal } from '../policies/refusal.ts'
import { shownAmount } from './budget.ts'
import type { Replay } from './door.ts'

/** How a submission comes out otherwise under another text of its policy. */
export type Turn = Replay['changed'][number]['outcome']
type Shown = Replay['changed'][number]['examples'][number]['before']

/** What a submission comes to under one text of a policy. `answer` writes out all that decides the answer but the data. */
export type Decision =
  | { readonly refusals: readonly Refusal[] }
  | {
      readonly cost: Extract<Shown, { cost: unknown }>['cost']
      readonly plan: Plan
      readonly answer: () => string
    }

export const allowedBy = (plan: Plan, policy: Policy): Decision => ({
  cost: plan.cost.map(({ kind, ...amount }) => ({ kind, cost: shownAmount(amount) })),
  plan,
  answer: () => canonicalJson([plan.stages, plan.post, plan.notes, desensitizations(plan, policy)]),
})

/** What was done to the columns that are read, before anything is computed. */
const desensitizations = ({ reads }: Plan, { datasets }: Policy): unknown =>
  Object.entries(reads).map(([dataset, columns]) =>
    columns.map((column) => datasets[dataset]?.columns[column]?.desensitize ?? null),
  )

/**
 * How the second decision is another than the first; undefined where it is not. Of two refusals the codes and places are
 * compared: words may quote limits that differ. Of two answers first the cost, then all that decides the answer: noise,
 * groups, bounds, floors, and what was done to the columns.
 */
export const turnOf = (before: Decision, after: Decision): Turn | undefined => {
  if ('refusals' in before)
    return 'refusals' in after
      ? differ(reasonsOf(before.refusals), reasonsOf(after.refusals), 'refused-otherwise')
      : 'now-allowed'
  if ('refusals' in after) return 'now-refused'
  return (
    differ(before.cost, after.cost, 'other-cost') ??
    (before.answer() === after.answer() ? undefined : 'other-answer')
  )
}

const differ = <T>(one: unknown, other: unknown, turn: T): T | undefined =>
  canonicalJson(one) === canonicalJson(other) ? undefined : turn

const reasonsOf = (refusals: readonly Refusal[]): unknown =>
  refusals.map(({ code, at }) => ({ code, ...(at && { at }) }))

/** As it is told: why not, or at what cost, in how many cells and how wide. */
export const shownDecision = (decision: Decision): Shown =>
  'refusals' in decision
    ? { refusals: [...decision.refusals] }
    : { cost: decision.cost, ...foreseen(decision.plan) }
