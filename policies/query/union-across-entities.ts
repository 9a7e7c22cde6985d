import { refuse } from '../refusal.ts'
import { placeOf } from './context.ts'
import { typedNodes, type Rule } from './question.ts'

/** All parts public, or all private to the same kind of unit. */
export const checkUnions: Rule = (question) =>
  typedNodes(question).flatMap(({ node, fact }) =>
    node.op === 'union' && fact.privacy.private && fact.link !== 'sameUnit'
      ? [refuse('query/union-across-entities', {}, placeOf(question.context, node))]
      : [],
  )
