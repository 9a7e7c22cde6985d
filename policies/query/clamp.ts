import { call, cast, compare, literal } from '../relation/build.ts'
import { typeOf, type Expr } from '../relation/expression.ts'
import type { Interval } from '../relation/interval.ts'
import { decimalText, scaled } from '../relation/scaled.ts'
import { BIGINT, DOUBLE, isInteger, type DataType } from '../relation/type.ts'

/** A value as whole units of 10^-scale between two bounds: an expression of an integer or decimal type. */
export type Clamped = {
  readonly expr: Expr
  readonly scale: number
  readonly low: bigint
  readonly high: bigint
}

/**
 * Cuts a value off at public bounds. By CASE: the engine's `least` and `greatest` skip NULL, so that
 * `greatest(least(NULL, 50), 0)` is 50 and a missing value would count as the upper bound (measured).
 */
const cut = (value: Expr, low: Expr, high: Expr): Expr => ({
  op: 'case',
  whens: [
    { when: compare('>', value, high), value: high },
    { when: compare('<', value, low), value: low },
  ],
  otherwise: value,
  type: typeOf(value),
})

/**
 * A numeric expression within bounds, in whole units: integers as they are, decimals by their scale, doubles on a grid of
 * at least 15 significant digits of the larger bound. No sum of them is ever a sum of floats.
 */
export const clamped = (value: Expr, bounds: Interval): Clamped => {
  const type = typeOf(value)
  if (isInteger(type)) return clampedExact(value, bounds, BIGINT)
  // Bounds of 15 digits with more than 20 behind the point have no literal of 38 digits: those go on the grid.
  if (type.id === 'DECIMAL' && type.scale <= 20)
    return clampedExact(value, bounds, narrowest(bounds, type.scale))
  return onGrid(value, bounds, gridScale(bounds, 15))
}

/** Eighteen digits are added in one machine word; digits after the point give way to digits before it. */
const narrowest = ({ low, high }: Interval, scale: number): DataType => {
  const whole = String(Math.trunc(Math.max(Math.abs(low), Math.abs(high)))).length
  return { id: 'DECIMAL', width: 18, scale: Math.min(scale, 18 - Math.min(whole, 18)) }
}

const clampedExact = (value: Expr, bounds: Interval, type: DataType): Clamped => {
  const scale = type.id === 'DECIMAL' ? type.scale : 0
  const own = typeOf(value)
  // Compared in the wider of both types, so that a bound always has a literal there.
  const wide: DataType =
    own.id === 'DECIMAL' && own.width > 18 ? { id: 'DECIMAL', width: 38, scale: own.scale } : type
  const wideScale = wide.id === 'DECIMAL' ? wide.scale : 0
  const source = own.id === 'HUGEINT' ? value : cast(value, wide)
  const low = scaled(bounds.low, wideScale, 'down')
  const high = scaled(bounds.high, wideScale, 'up')
  const sourceType = typeOf(source)
  const at = (units: bigint): Expr => literal(decimalText(units, wideScale), sourceType)
  return {
    expr: cast(cut(source, at(low), at(high)), type),
    scale,
    low: scaled(bounds.low, scale, 'down'),
    high: scaled(bounds.high, scale, 'up'),
  }
}

/** Digits after the point so that the larger bound has `digits` significant ones. */
export const gridScale = ({ low, high }: Interval, digits: number): number => {
  const most = Math.max(Math.abs(low), Math.abs(high))
  const lead = most === 0 ? 0 : Math.floor(Math.log10(most)) + 1
  return Math.min(30, digits - lead)
}

/** Doubles on a public grid. Cut off twice: before, so that every value has a place; after, so that rounding adds none. */
export const onGrid = (value: Expr, bounds: Interval, scale: number): Clamped => {
  const double = cast(value, DOUBLE)
  const inside = cut(double, doubleOf(bounds.low), doubleOf(bounds.high))
  const units = cast(call('*', [inside, doubleOf(10 ** scale)], DOUBLE), BIGINT)
  const low = scaled(bounds.low, scale, 'down')
  const high = scaled(bounds.high, scale, 'up')
  return {
    expr: cut(units, literal(String(low), BIGINT), literal(String(high), BIGINT)),
    scale,
    low,
    high,
  }
}

/** The shortest text that reads back, as literals of doubles are written. */
export const doubleOf = (value: number): Expr => literal(doubleText(value), DOUBLE)
const doubleText = (value: number): string => {
  const text = String(value)
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** `value - centre`, where both are whole units of the same scale: as digits of a decimal, or as a whole number. */
export const centred = (value: Clamped, centre: bigint): Clamped => {
  const type = typeOf(value.expr)
  const text = type.id === 'DECIMAL' ? decimalText(centre, value.scale) : String(centre)
  return {
    ...value,
    expr: centre === 0n ? value.expr : call('-', [value.expr, literal(text, type)], type),
    low: value.low - centre,
    high: value.high - centre,
  }
}

/**
 * A computed whole number held within its bounds once more. Where one row a unit is proven nothing else holds a unit's
 * contribution, and a fault in what it was computed from would be one in what the noise hides.
 */
export const held = (value: Clamped): Clamped => {
  const type = typeOf(value.expr)
  return {
    ...value,
    expr: cut(value.expr, literal(String(value.low), type), literal(String(value.high), type)),
  }
}
