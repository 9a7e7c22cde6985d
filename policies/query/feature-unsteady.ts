import { refuse } from '../refusal.ts'
import { factOf, scopeOf } from '../relation/derive.ts'
import type { Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { Interval } from '../relation/interval.ts'
import { placeOf } from './context.ts'
import { typedNodes, type Rule } from './question.ts'
import { canBeSteady, windowTies } from './steady.ts'

/**
 * At the noise door a feature of one entity must not change with the order in which the engine meets rows, because other
 * entities' rows change that order.
 */
export const checkFeatures: Rule = (question) => {
  if (question.context.door !== 'noise') return []
  return typedNodes(question).flatMap(({ node, fact, inputs: [input] }) => {
    if (input?.privacy.private !== true) return []
    const parts =
      node.op === 'aggregate' && fact.link === 'features'
        ? node.measures.filter((measure) => !canBeSteady(measure, boundsIn(measure.args, input)))
        : node.op === 'window'
          ? node.exprs.filter((expr) => windowTies(expr, boundsIn(expr.args, input)) === 'open')
          : []
    return parts.map(({ name, at }) =>
      refuse('query/feature-unsteady', { name }, placeOf(question.context, { at: at ?? node.at })),
    )
  })
}

/** The public bounds of a function's first argument. */
export const boundsIn = ([only]: readonly Expr[], input: NodeFact): Interval | undefined =>
  only && factOf(only, scopeOf(input.columns)).bounds
