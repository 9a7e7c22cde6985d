import { call, literal } from '../relation/build.ts'
import { factOf, scopeOf } from '../relation/derive.ts'
import type { Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { Interval } from '../relation/interval.ts'
import { decimalText } from '../relation/scaled.ts'
import type { Measure } from '../relation/tree.ts'
import { BIGINT } from '../relation/type.ts'
import { centred, clamped, gridScale, held, onGrid, type Clamped } from './clamp.ts'
import { boundsOf } from './measure-bounds.ts'
import type { Figure } from './plan.ts'

/** A mechanism before its noise is known. `flag`: what must hold for a row to count, beside the question's own filters. */
export type Draft =
  | { readonly kind: 'rows' | 'units'; readonly flags: readonly Expr[] }
  | {
      readonly kind: 'sum'
      readonly flags: readonly Expr[]
      readonly value: Clamped
      /** Taken from each value before it is added up. */
      readonly centre?: bigint
    }

type Wanted = { readonly drafts: readonly Draft[]; readonly figure: Omit<Figure, 'parts'> }

/** What a measure at the barrier is computed from, and how. Bounds are known: a rule has refused the others. */
export const wantedOf = (measure: Measure, input: NodeFact): Wanted => {
  const { name, args, type } = measure
  const [only] = args
  const filter = measure.filter ? [measure.filter] : []
  const scope = scopeOf(input.columns)
  const present = only && factOf(only, scope).nullable ? [isPresent(only)] : []
  const flags = [...filter, ...present]
  if (name === 'count_star')
    return { drafts: [{ kind: 'rows', flags: filter }], figure: { name: 'count', type } }
  if (only === undefined) throw new Error('a measure without its argument')
  if (name === 'count')
    return {
      drafts: [{ kind: measure.distinct ? 'units' : 'rows', flags }],
      figure: { name, type },
    }
  const bounds = boundsOf(measure, input)
  if (bounds === undefined) throw new Error('a measure without bounds')
  if (name === 'sum')
    return {
      drafts: [{ kind: 'sum', flags, value: clamped(only, bounds) }],
      figure: { name, type, low: bounds.low, high: bounds.high },
    }
  if (name === 'avg') return averageOf(only, bounds, flags, type)
  return momentsOf(name as Figure['name'], { only, bounds, flags, type })
}

const isPresent = (input: Expr): Expr => ({ op: 'isNull', input, negated: true })

/**
 * avg = centre + (noisy sum of value - centre) / noisy count. Around the middle of the bounds a value is at most half of
 * their distance away, so the sum needs half of the noise or less.
 */
const averageOf = (
  only: Expr,
  bounds: Interval,
  flags: readonly Expr[],
  type: Figure['type'],
): Wanted => {
  const value = clamped(only, bounds)
  const centre = (value.low + value.high) / 2n
  return {
    drafts: [
      { kind: 'rows', flags },
      { kind: 'sum', flags, value, centre },
    ],
    figure: { name: 'avg', type, ...bounds, centre: Number(decimalText(centre, value.scale)) },
  }
}

/** Nine digits of half the range are finer than any noise, and their squares still fit a machine word. */
const momentDigits = 9
/** Squares have twice the scale, and a mechanism at most 40. The value itself, before it is centred, is a machine word. */
const momentScaleMax = 20

type MomentSource = {
  readonly only: Expr
  readonly bounds: Interval
  readonly flags: readonly Expr[]
  readonly type: Figure['type']
}

/** Variance from three noisy moments: count, centred sum, and centred squares less half of their greatest value. */
const momentsOf = (name: Figure['name'], { only, bounds, flags, type }: MomentSource): Wanted => {
  const half = { low: 0, high: Math.max((bounds.high - bounds.low) / 2, Number.MIN_VALUE) }
  const scale = Math.min(momentScaleMax, gridScale(half, momentDigits), gridScale(bounds, 18))
  const value = onGrid(only, bounds, scale)
  const centre = (value.low + value.high) / 2n
  const first = held(centred(value, centre))
  const most = first.high > -first.low ? first.high : -first.low
  const middle = (most * most) / 2n
  const square = call('*', [first.expr, first.expr], BIGINT)
  const second = held({
    expr: call('-', [square, literal(String(middle), BIGINT)], BIGINT),
    scale: 2 * scale,
    low: -middle,
    high: most * most - middle,
  })
  return {
    drafts: [
      { kind: 'rows', flags },
      { kind: 'sum', flags, value: first },
      { kind: 'sum', flags, value: second },
    ],
    figure: {
      name,
      type,
      ...bounds,
      centre: Number(decimalText(centre, scale)),
      centreOfSquares: Number(decimalText(middle, 2 * scale)),
    },
  }
}
