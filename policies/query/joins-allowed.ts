import { refuse, type Refusal } from '../refusal.ts'
import { factOf, scopeOf } from '../relation/derive.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { NodeOf } from '../relation/tree.ts'
import { placeOf, type Context } from './context.ts'
import { typedNodes, type Rule, type Typed } from './question.ts'

/** Private rows meet equal units or public rows they match at most once. Nothing else is let through. */
export const checkJoins: Rule = (question) =>
  typedNodes(question).flatMap((typed) =>
    typed.node.op === 'join' && typed.fact.link === 'none'
      ? [refusalOf(typed.node, typed, question.context)]
      : [],
  )

const refusalOf = (node: NodeOf<'join'>, { inputs }: Typed, context: Context): Refusal => {
  const at = placeOf(context, node)
  const [left, right] = inputs
  if (left?.privacy.private && right?.privacy.private) {
    if (comparesNull(node, left, right)) return refuse('query/join-may-meet-null', {}, at)
    return refuse('query/join-across-entities', { kind: left.privacy.unit }, at)
  }
  if (right?.privacy.private && node.kind !== 'inner')
    return refuse('query/join-shows-absence', {}, at)
  return refuse('query/join-repeats-rows', {}, at)
}

const comparesNull = (node: NodeOf<'join'>, left: NodeFact, right: NodeFact): boolean =>
  (node.kind === 'mark' || node.kind === 'nullAwareAnti') &&
  node.on.some(
    (condition) =>
      factOf(condition.left, scopeOf(left.columns)).nullable ||
      factOf(condition.right, scopeOf(right.columns)).nullable,
  ) &&
  node.on.some((condition) => factOf(condition.left, scopeOf(left.columns)).surrogate?.own)
