import { refuse, type Refusal } from '../refusal.ts'
import type { Measure } from '../relation/tree.ts'
import { placeOf, type Context } from './context.ts'
import { barriersOf, type Barrier, type Rule } from './question.ts'

export const countNames: ReadonlySet<string> = new Set(['count', 'count_star'])
export const momentNames: ReadonlySet<string> = new Set([
  'avg',
  'var_samp',
  'var_pop',
  'stddev_samp',
  'stddev_pop',
])

/** What may be computed at the barrier. Everything that shows single values, and everything not known here, may not. */
export const checkMeasures: Rule = (question) =>
  barriersOf(question).flatMap((barrier) =>
    barrier.node.measures.flatMap((measure) => refusalOf(measure, barrier, question.context)),
  )

const refusalOf = (measure: Measure, { node, inputs }: Barrier, context: Context): Refusal[] => {
  const { name, args, distinct } = measure
  const at = placeOf(context, { at: measure.at ?? node.at })
  if (!countNames.has(name) && !momentNames.has(name) && name !== 'sum')
    return [refuse('query/aggregate-not-available', { name }, at)]
  if (!distinct) return []
  const [only] = args
  const surrogate = only?.op === 'column' ? inputs[0]?.columns[only.index]?.surrogate : undefined
  // Another kind's surrogate may stand in rows of many units, which a sum over units cannot count once.
  return name === 'count' && surrogate?.own === true
    ? []
    : [refuse('query/distinct-not-available', { name }, at)]
}
