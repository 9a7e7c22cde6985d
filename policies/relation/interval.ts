/** A closed interval of numbers, in the column's own unit. */
export type Interval = { readonly low: number; readonly high: number }

const finite = (low: number, high: number): Interval | undefined =>
  Number.isFinite(low) && Number.isFinite(high) && low <= high ? { low, high } : undefined

const hullOf = (numbers: readonly number[]): Interval | undefined =>
  finite(Math.min(...numbers), Math.max(...numbers))

export const hull = (
  left: Interval | undefined,
  right: Interval | undefined,
): Interval | undefined => left && right && hullOf([left.low, left.high, right.low, right.high])

/** Both hold. An empty intersection keeps the left one: it says that no row is like that, not that bounds are lost. */
export const meet = (
  left: Interval | undefined,
  right: Interval | undefined,
): Interval | undefined => {
  if (left === undefined || right === undefined) return left ?? right
  return finite(Math.max(left.low, right.low), Math.min(left.high, right.high)) ?? left
}

export const scaleBy = (interval: Interval, factor: number): Interval | undefined =>
  hullOf([interval.low, interval.high, interval.low * factor, interval.high * factor])

type Rule = (args: readonly (Interval | undefined)[]) => Interval | undefined

const monotone =
  (change: (value: number) => number): Rule =>
  ([only]) =>
    only && finite(change(only.low), change(only.high))

const binary =
  (combine: (left: Interval, right: Interval) => readonly number[]): Rule =>
  ([left, right]) =>
    left && right && hullOf(combine(left, right))

const corners = (
  { low: a, high: b }: Interval,
  { low: c, high: d }: Interval,
  combine: (x: number, y: number) => number,
): number[] => [combine(a, c), combine(a, d), combine(b, c), combine(b, d)]

const divide: Rule = ([left, right]) =>
  left && right && (right.low > 0 || right.high < 0)
    ? hullOf(corners(left, right, (x, y) => x / y))
    : undefined

/** Sign follows the dividend, and no remainder is larger than divisor or dividend. */
const remainder: Rule = ([left, right]) => {
  if (left === undefined) return undefined
  const most = Math.max(Math.abs(right?.low ?? Infinity), Math.abs(right?.high ?? Infinity))
  return finite(
    left.low < 0 ? Math.max(left.low, -most) : 0,
    left.high > 0 ? Math.min(left.high, most) : 0,
  )
}

const absolute: Rule = ([only]) =>
  only && {
    low: only.low > 0 ? only.low : Math.max(0, -only.high),
    high: Math.max(Math.abs(only.low), Math.abs(only.high)),
  }

const every: Rule = (args) => args.reduce((sum, next) => hull(sum, next))

/**
 * Interval arithmetic over the functions whose range follows from their arguments'. The result bounds what is clamped
 * before adding up, so a wrong rule here costs accuracy, never privacy.
 */
const rules: Readonly<Record<string, Rule>> = {
  '+': binary((x, y) => [x.low + y.low, x.high + y.high]),
  '-': binary((x, y) => [x.low - y.high, x.high - y.low]),
  negate: ([only]) => only && { low: -only.high, high: -only.low },
  '*': binary((x, y) => corners(x, y, (p, q) => p * q)),
  '/': divide,
  '//': divide,
  '%': remainder,
  abs: absolute,
  round: ([value]) => value && finite(value.low - 1, value.high + 1),
  trunc: ([value]) => value && hull(value, { low: 0, high: 0 }),
  floor: monotone(Math.floor),
  ceil: monotone(Math.ceil),
  sign: () => ({ low: -1, high: 1 }),
  sqrt: ([value]) =>
    value && finite(Math.sqrt(Math.max(0, value.low)), Math.sqrt(Math.max(0, value.high))),
  ln: ([value]) =>
    value && value.low > 0 ? finite(Math.log(value.low), Math.log(value.high)) : undefined,
  log10: ([value]) =>
    value && value.low > 0 ? finite(Math.log10(value.low), Math.log10(value.high)) : undefined,
  exp: monotone(Math.exp),
  coalesce: every,
  least: every,
  greatest: every,
}

/** Where a call's non-null values lie, or undefined where nothing is known. */
export const callBounds = (
  name: string,
  args: readonly (Interval | undefined)[],
): Interval | undefined => (Object.hasOwn(rules, name) ? rules[name]?.(args) : undefined)
