import { factOf, scopeOf } from '../relation/derive.ts'
import { refuse, type Refusal } from '../refusal.ts'
import type { Measure } from '../relation/tree.ts'
import { placeOf, type Context } from './context.ts'
import { countNames, momentNames, pairNames, quantileNames } from './measure-names.ts'
import { barriersOf, type Barrier, type Rule } from './question.ts'

/** What may be computed at the barrier. Everything that shows single values, and everything not known here, may not. */
export const checkMeasures: Rule = (question) =>
  barriersOf(question).flatMap((barrier) =>
    barrier.node.measures.flatMap((measure) => refusalOf(measure, barrier, question.context)),
  )

const refusalOf = (measure: Measure, { node, inputs }: Barrier, context: Context): Refusal[] => {
  const { name, args, distinct } = measure
  const at = placeOf(context, { at: measure.at ?? node.at })
  const isNoise = context.door === 'noise'
  const known = countNames.has(name) || momentNames.has(name) || name === 'sum'
  if (!known && !(isNoise && (pairNames.has(name) || quantileNames.has(name))))
    return [refuse('query/aggregate-not-available', { name }, at)]
  if (!distinct) return []
  const [only] = args
  const fact = only && inputs[0] && factOf(only, scopeOf(inputs[0].columns))
  // Values, and another kind's surrogates, may stand in rows of many units: their number is no sum over units, and exact
  // figures are checked as such.
  const isCounted = fact?.surrogate?.own === true || (isNoise && (fact?.key || fact?.surrogate))
  return name === 'count' && isCounted ? [] : [refuse('query/distinct-not-available', { name }, at)]
}
