import { refuse } from '../refusal.ts'
import { factOf, scopeOf } from '../relation/derive.ts'
import type { Interval } from '../relation/interval.ts'
import type { Measure } from '../relation/tree.ts'
import { isExact, isNumeric } from '../relation/type.ts'
import { typeOf, type Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import { placeOf } from './context.ts'
import { countNames } from './measure-names.ts'
import { barriersOf, type Rule } from './question.ts'

/** Beyond this, sums leave 128 bits: 1e12 rows of 1e15 in units of 1e-9 are 1e36. */
const boundMax = 1e15

/**
 * The noise door adds noise in proportion to the bounds, so what is added up must have some. At the people door figures
 * are exact, and only doubles need bounds: for the grid on which they are added up.
 */
export const checkMeasureBounds: Rule = (question) => {
  const isNoise = question.context.door === 'noise'
  return barriersOf(question).flatMap(({ node, input }) =>
    node.measures
      .filter(
        (measure) =>
          !countNames.has(measure.name) &&
          (isNoise || measure.args.some((arg) => typeOf(exactArgument(arg)).id === 'DOUBLE')) &&
          valuesOf(measure).some((value) => boundsOfValue(value, input) === undefined),
      )
      .map(({ name, at }) =>
        refuse(
          'query/measure-unbounded',
          { name },
          placeOf(question.context, { at: at ?? node.at }),
        ),
      ),
  )
}

/** What a measure is of: its arguments, but for the fraction of a quantile. */
const valuesOf = ({ name, args }: Measure): readonly Expr[] =>
  name.startsWith('quantile') ? args.slice(0, 1) : args

/** The public bounds of what a measure adds up, one row's value. */
export const boundsOf = (measure: Measure, input: NodeFact): Interval | undefined =>
  measure.args[0] && boundsOfValue(measure.args[0], input)

export const boundsOfValue = (value: Expr, input: NodeFact): Interval | undefined => {
  const { bounds, type } = factOf(value, scopeOf(input.columns))
  if (bounds === undefined || !isNumeric(type)) return undefined
  return Math.max(Math.abs(bounds.low), Math.abs(bounds.high)) <= boundMax ? bounds : undefined
}

/** Functions of doubles are given exact numbers by a cast, under which the number itself stands. */
export const exactArgument = (expr: Expr): Expr =>
  expr.op === 'tryCast' && expr.type.id === 'DOUBLE' && isExact(typeOf(expr.input))
    ? expr.input
    : expr
