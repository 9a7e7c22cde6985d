import { refuse } from '../refusal.ts'
import { placeOf } from './context.ts'
import { typedNodes, type Rule } from './question.ts'

/** Several groupings in one aggregate over private rows are several releases. */
export const checkGroupingSets: Rule = (question) =>
  typedNodes(question).flatMap(({ node, inputs }) =>
    node.op === 'aggregate' &&
    inputs[0]?.privacy.private === true &&
    (node.sets !== undefined || node.groupings !== undefined)
      ? [refuse('query/grouping-sets-on-rows', {}, placeOf(question.context, node))]
      : [],
  )
