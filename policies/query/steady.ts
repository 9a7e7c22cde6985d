import { allOf, call, cast, compare, literal } from '../relation/build.ts'
import { typeOf, type Expr } from '../relation/expression.ts'
import type { Interval } from '../relation/interval.ts'
import { scaled } from '../relation/scaled.ts'
import type { Measure, WindowExpr } from '../relation/tree.ts'
import { BIGINT, DOUBLE, HUGEINT, type DataType } from '../relation/type.ts'
import { doubleOf, gridScale } from './clamp.ts'
import { exactArgument } from './measure-bounds.ts'
import { sure } from '../sure.ts'

/*
 * What one unit adds may depend on nothing but its rows, and the engine's order of rows is not that: it changes with what
 * else is in the table. So whatever looks at the order of a unit's rows, or adds doubles in it (12 sums of the same doubles
 * gave 12 results: measured), is written so that the order does not matter.
 */

/** A feature as aggregates whose order does not matter, and what is made of them afterwards. */
export type Steady = {
  readonly parts: readonly Measure[]
  /** Over the columns of `parts`, in their order. */
  readonly result: (parts: readonly Expr[]) => Expr
}

const spreads = new Set(['var_samp', 'var_pop', 'stddev_samp', 'stddev_pop'])
const sums = new Set(['sum', 'avg'])
/** Always the same, whatever the order: counts, extremes, quantiles, and sums of exact numbers. */
const steadyNames = new Set([
  'count',
  'count_star',
  'min',
  'max',
  'bool_and',
  'bool_or',
  'quantile_cont',
  'quantile_disc',
])

/** Whether a feature can be written so that it does not depend on the order of rows. `bounds`: of its argument. */
export const canBeSteady = (measure: Measure, bounds: Interval | undefined): boolean => {
  const { name, args, distinct } = measure
  if (steadyNames.has(name) || name === 'arg_min' || name === 'arg_max') return true
  const isExact = args[0] !== undefined && typeOf(exactArgument(args[0])).id !== 'DOUBLE'
  if (sums.has(name)) return isExact || (bounds !== undefined && !distinct)
  return spreads.has(name) && !distinct && (isExact || bounds !== undefined)
}

/** The feature written so; itself where nothing needs to be done or, at the people door, can be. */
export const steadyFeature = (measure: Measure, bounds: Interval | undefined): Steady => {
  const { name, args, filter } = measure
  const [only] = args
  const asIs: Steady = { parts: [measure], result: ([column]) => part(column) }
  if (only === undefined || !canBeSteady(measure, bounds)) return asIs
  const on = filter ? { filter } : {}
  if (spreads.has(name)) return spreadOf(measure, exactArgument(only), bounds, on)
  if (!sums.has(name) || bounds === undefined || typeOf(exactArgument(only)).id !== 'DOUBLE')
    return asIs
  const scale = gridScale(bounds, 15)
  const units = cast(call('*', [only, doubleOf(10 ** scale)], DOUBLE), wide(0))
  const sum: Measure = {
    name: 'sum',
    args: [units],
    distinct: false,
    type: { id: 'DECIMAL', width: 38, scale: 0 },
    ...on,
  }
  const count: Measure = { name: 'count', args: [units], distinct: false, type: BIGINT, ...on }
  return {
    parts: [sum, count],
    result: ([total, rows]) => {
      const value = divided(cast(part(total), DOUBLE), doubleOf(10 ** scale))
      return name === 'sum' ? value : divided(value, cast(part(rows), DOUBLE))
    },
  }
}

const part = (found: Expr | undefined): Expr => sure(found, 'a part of a feature')
const wide = (scale: number): DataType => ({ id: 'DECIMAL', width: 28, scale })
const divided = (left: Expr, right: Expr): Expr => call('/', [left, right], DOUBLE)

/** Whole units of 10^-scale around the middle of the bounds, so that squares stay small. */
const unitsAround = (
  only: Expr,
  bounds: Interval | undefined,
): { readonly units: Expr; readonly scale: number } => {
  const type = typeOf(only)
  const own = type.id === 'DECIMAL' ? Math.min(type.scale, 6) : 0
  const scale = type.id === 'DOUBLE' && bounds ? Math.min(20, gridScale(bounds, 9)) : own
  const exact: DataType = { id: 'DECIMAL', width: 18, scale }
  const units =
    type.id === 'DOUBLE'
      ? cast(call('*', [only, doubleOf(10 ** scale)], DOUBLE), BIGINT)
      : cast(
          cast(
            call('*', [cast(only, exact), literal(String(10 ** scale), wide(0))], {
              id: 'DECIMAL',
              width: 38,
              scale,
            }),
            wide(0),
          ),
          BIGINT,
        )
  if (bounds === undefined) return { units, scale }
  const centre = (scaled(bounds.low, scale, 'down') + scaled(bounds.high, scale, 'up')) / 2n
  return { units: call('-', [units, literal(String(centre), BIGINT)], BIGINT), scale }
}

/** (sum of squares - square of sum / n) / n or n - 1, from exact sums. */
const spreadOf = (
  { name }: Measure,
  only: Expr,
  bounds: Interval | undefined,
  on: { readonly filter?: Expr },
): Steady => {
  const { units, scale } = unitsAround(only, bounds)
  const big = cast(units, HUGEINT)
  const square = cast(call('*', [big, big], HUGEINT), wide(0))
  const of = (kind: string, arg: Expr, type: DataType): Measure => ({
    name: kind,
    args: [arg],
    distinct: false,
    type,
    ...on,
  })
  return {
    parts: [
      of('count', units, BIGINT),
      of('sum', units, HUGEINT),
      of('sum', square, { id: 'DECIMAL', width: 38, scale: 0 }),
    ],
    result: (columns) => {
      const [count, sum, squares] = columns.map((column) => cast(column, DOUBLE))
      const [n, s, q] = [part(count), part(sum), part(squares)]
      const rest = call('-', [q, divided(call('*', [s, s], DOUBLE), n)], DOUBLE)
      const positive: Expr = {
        op: 'case',
        whens: [{ when: compare('<', rest, doubleOf(0)), value: doubleOf(0) }],
        otherwise: rest,
        type: DOUBLE,
      }
      const freedom = name.endsWith('samp') ? call('-', [n, doubleOf(1)], DOUBLE) : n
      const variance = divided(divided(positive, freedom), doubleOf(10 ** (2 * scale)))
      return name.startsWith('stddev') ? call('sqrt', [variance], DOUBLE) : variance
    },
  }
}

/** `arg_max(v, k)`: the greatest k where v has a value, for each group; then the greatest v among the rows that have it. */
export const extremeOf = ({
  name,
  args,
  filter,
}: Measure): { readonly key: Expr; readonly extreme: string } | undefined => {
  if (name !== 'arg_min' && name !== 'arg_max') return undefined
  const [value, key] = [part(args[0]), part(args[1])]
  const holds = allOf([...(filter ? [filter] : []), { op: 'isNull', input: value, negated: true }])
  return {
    key: {
      op: 'case',
      whens: [{ when: holds, value: key }],
      otherwise: literal(null, typeOf(key)),
      type: typeOf(key),
    },
    extreme: name === 'arg_min' ? 'min' : 'max',
  }
}

/** The measure itself, where a window has put that extreme beside each row. */
export const amongExtremes = (measure: Measure, key: Expr, extreme: Expr): Measure => ({
  name: 'max',
  args: [part(measure.args[0])],
  distinct: false,
  type: measure.type,
  filter: compare('=', key, extreme),
})

const numbering = new Set(['row_number', 'ntile', 'lag', 'lead', 'first_value'])
const ranking = new Set(['rank', 'dense_rank', 'percent_rank', 'cume_dist'])

/**
 * Whether a window function shows the order of rows that its ORDER BY leaves equal. Numbers and neighbours do, and get all
 * columns as further keys: rows equal in all of them may change places unseen. So do sums over a number of rows. Ranks, and
 * sums up to all equal rows, do not; the last of several equal rows has no meaning that could be kept.
 */
export const windowTies = (
  expr: WindowExpr,
  bounds: Interval | undefined,
): 'none' | 'broken' | 'open' => {
  if (numbering.has(expr.name)) return 'broken'
  if (ranking.has(expr.name)) return 'none'
  if (expr.name === 'last_value' || expr.name === 'nth_value')
    return expr.frame.unit === 'rows' ? 'broken' : 'open'
  const measure: Measure = { name: expr.name, args: expr.args, distinct: false, type: expr.type }
  const isExact = expr.args.every((arg) => typeOf(exactArgument(arg)).id !== 'DOUBLE')
  if (!canBeSteady(measure, bounds) || spreads.has(expr.name) || (sums.has(expr.name) && !isExact))
    return 'open'
  return expr.frame.unit === 'rows' ? 'broken' : 'none'
}
