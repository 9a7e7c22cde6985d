import { call, literal } from '../relation/build.ts'
import type { Expr } from '../relation/expression.ts'
import type { Interval } from '../relation/interval.ts'
import { BIGINT } from '../relation/type.ts'
import { centred, gridScale, held, onGrid, type Clamped } from './clamp.ts'

/** Nine digits of half the range are finer than any noise, and their squares still fit a machine word. */
const momentDigits = 9
/** Squares have twice the scale, and a mechanism at most 40. The value itself, before it is centred, is a machine word. */
const momentScaleMax = 20

/** A value about the middle of its bounds, and its square less half of the greatest there is: bounded by as much again. */
export type Moments = {
  readonly first: Clamped
  readonly second: Clamped
  readonly centre: bigint
  readonly middle: bigint
}

export const momentsAbout = (only: Expr, bounds: Interval): Moments => {
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
  return { first, second, centre, middle }
}
