import { call } from '../relation/build.ts'
import type { Expr } from '../relation/expression.ts'
import { decimalText } from '../relation/scaled.ts'
import type { Measure } from '../relation/tree.ts'
import { BIGINT } from '../relation/type.ts'
import type { NodeFact } from '../relation/fact.ts'
import { held, type Clamped } from './clamp.ts'
import { presentIn, type Draft, type Wanted } from './draft.ts'
import { boundsOfValue } from './measure-bounds.ts'
import { momentsAbout, type Moments } from './moments.ts'
import type { Figure } from './plan.ts'
import { sure } from '../sure.ts'
import type { Interval } from '../relation/interval.ts'

/**
 * Measures of pairs of values, `f(y, x)`, and which noisy sums they are made of, in this order: number of pairs, x, y, xy,
 * xx, yy, each about the middle of its bounds.
 */
const sumsOf = {
  covar_pop: 4,
  covar_samp: 4,
  regr_sxy: 4,
  regr_slope: 5,
  regr_intercept: 5,
  corr: 6,
  regr_r2: 6,
} as const

/** Measures of one of two values, over the rows that have both. */
const sides = {
  regr_avgx: { name: 'avg', side: 1 },
  regr_avgy: { name: 'avg', side: 0 },
  regr_sxx: { name: 'regr_sxx', side: 1 },
  regr_syy: { name: 'regr_sxx', side: 0 },
} as const

/** The measure of one value that a measure of a pair is, over the rows that have both values. */
export const sideOf = ({
  name,
  args,
}: Measure): { readonly name: Figure['name']; readonly only: Expr } | undefined => {
  const found = Object.hasOwn(sides, name) ? sides[name as keyof typeof sides] : undefined
  const only = found && args[found.side]
  return found && only && { name: found.name, only }
}

/** Sums of values and products about the middles of their bounds: no product is larger than half of both ranges. */
export const pairOf = (measure: Measure, input: NodeFact): Wanted => {
  const { name, args, type } = measure
  const [y, x] = [sure(args[0], 'a pair'), sure(args[1], 'a pair')]
  const of = (arg: Expr): Interval => sure(boundsOfValue(arg, input), 'the bounds of a pair')
  const [ofY, ofX] = [of(y), of(x)]
  const flags = presentIn(measure, input)
  const [one, two] = [momentsAbout(x, ofX), momentsAbout(y, ofY)]
  const product = productOf(one.first, two.first)
  const drafts: readonly Draft[] = [
    { kind: 'rows', flags },
    ...[one.first, two.first, product, one.second, two.second].map((value): Draft => ({
      kind: 'sum',
      flags,
      value,
    })),
  ]
  return {
    drafts: drafts.slice(0, sumsOf[name as keyof typeof sumsOf]),
    figure: {
      name: name as Figure['name'],
      type,
      ...centresOf(two),
      ...ofY,
      other: { ...ofX, ...centresOf(one) },
    },
  }
}

const centresOf = ({ first, centre, middle }: Moments) => ({
  centre: Number(decimalText(centre, first.scale)),
  centreOfSquares: Number(decimalText(middle, 2 * first.scale)),
})

const productOf = (one: Clamped, two: Clamped): Clamped => {
  const corners = [one.low * two.low, one.low * two.high, one.high * two.low, one.high * two.high]
  const least = (list: readonly bigint[]): bigint => list.reduce((a, b) => (b < a ? b : a))
  return held({
    expr: call('*', [one.expr, two.expr], BIGINT),
    scale: one.scale + two.scale,
    low: least(corners),
    high: -least(corners.map((corner) => -corner)),
  })
}
