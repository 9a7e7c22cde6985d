import { digestOf } from '../canonical.ts'
import { refused, type Outcome } from '../outcome.ts'
import type { Refusal } from '../refusal.ts'
import { treeDigest } from '../relation/digest.ts'
import type { Tree } from '../relation/tree.ts'
import type { Context } from './context.ts'
import { checkConditions } from './conditions-many.ts'
import { checkContributions } from './contribution-unbounded.ts'
import { checkFeatures } from './feature-unsteady.ts'
import { checkIdentifierUsed } from './identifier-used.ts'
import { checkJoins } from './joins-allowed.ts'
import { checkKeys } from './key-not-dimension.ts'
import { checkLevel } from './level.ts'
import { checkLimitOnRows } from './limit-on-rows.ts'
import { checkMeasureBounds } from './measure-bounds.ts'
import { checkMeasures } from './measures-allowed.ts'
import type { Plan } from './plan.ts'
import { planNoise } from './plan-noise.ts'
import { planPeople } from './plan-people.ts'
import { checkJoinedBack } from './protected-joined-back.ts'
import type { Question, Rule } from './question.ts'
import { checkRowsReleased } from './rows-released.ts'
import { typeTree } from './typing.ts'
import { checkUnions } from './union-across-entities.ts'
import { checkWindows } from './window-across-entities.ts'
import { checkWork } from './work-unbounded.ts'

/** Every rule of the query path, a file each. */
const rules: readonly Rule[] = [
  checkRowsReleased,
  checkIdentifierUsed,
  checkJoins,
  checkLimitOnRows,
  checkWindows,
  checkUnions,
  checkKeys,
  checkMeasures,
  checkMeasureBounds,
  checkContributions,
  checkJoinedBack,
  checkFeatures,
  checkConditions,
  checkLevel,
  checkWork,
]

/**
 * Decides one question: a plan, or every reason against it. Depends on tree, policy, catalogue, door and rho alone, so
 * that a refusal before a run says nothing about data (I5). Throws where the tree names what its context has not: a bug.
 */
export const decide = (tree: Tree, context: Context): Outcome<Plan> =>
  decideTyped({ tree, facts: typeTree(tree, context), context })

/** Decides a question whose tree is typed already. */
export const decideTyped = (question: Question): Outcome<Plan> => {
  const { tree, context } = question
  const refusals = rules.flatMap((rule) => rule(question))
  if (refusals.length > 0) return refused(...inOrder(refusals))
  const digest = digestOfQuestion(tree, context)
  return context.door === 'noise' ? planNoise(question, digest) : planPeople(question, digest)
}

/** As they stand in the text. */
const inOrder = (refusals: readonly Refusal[]): readonly Refusal[] =>
  refusals.toSorted(
    (one, two) =>
      (one.at?.line ?? 0) - (two.at?.line ?? 0) || (one.at?.column ?? 0) - (two.at?.column ?? 0),
  )

/** Equal questions have equal digests. Versions and policy are not in it: an earlier answer is looked for by theirs too. */
const digestOfQuestion = (tree: Tree, { door, rhoNano }: Context): string =>
  digestOf({ tree: treeDigest(tree), door, rhoNano })
