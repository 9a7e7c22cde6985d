import { refuse } from '../refusal.ts'
import { placeOf } from './context.ts'
import { typedNodes, type Rule } from './question.ts'

/** The first rows by some order are single rows. */
export const checkLimitOnRows: Rule = (question) =>
  typedNodes(question).flatMap(({ node, fact }) =>
    node.op === 'limit' && fact.privacy.private
      ? [refuse('query/limit-on-rows', {}, placeOf(question.context, node))]
      : [],
  )
