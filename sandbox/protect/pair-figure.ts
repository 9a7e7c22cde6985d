import type { Figure } from '../../policies/query/plan.ts'
import type { Cell } from '../../policies/result.ts'
import {
  atLeastOne,
  boundsOf,
  numberOf,
  quotient,
  rangeOf,
  varianceRange,
  within,
  type Noisy,
  type Range,
} from './noisy.ts'

/** Means of a pair about the middles of the bounds, as points or as ranges. */
type Means<T> = {
  readonly x: T
  readonly y: T
  readonly xy: T
  readonly xx: T | undefined
  readonly yy: T | undefined
}

/**
 * Covariance, slope, intercept and correlation from noisy moments. The interval is what is possible where every moment
 * lies in its own range, which holds for all of them at once with 95 %: each has its part of the chance to miss. Where
 * the variance of x may be zero a slope may be anything, and is not known.
 */
export const pairCell = (figure: Figure, parts: readonly Noisy[]): Cell => {
  const [count] = parts
  if (count === undefined) throw new Error('a pair without its count')
  const n = atLeastOne(numberOf(count))
  const rows = rangeOf(count, 0.05 / parts.length)
  const points = meansOf(parts, (part) => numberOf(part) / n)
  const ranges = meansOf(parts, (part) => quotient(rangeOf(part, 0.05 / parts.length), rows))
  const { value: point, range: around } = made[figure.name] ?? covariance
  const value = point(pointOf(figure, points), n)
  const range = around(spreadsOf(figure, ranges), {
    low: atLeastOne(rows.low),
    high: atLeastOne(rows.high),
  })
  return range === undefined || !Number.isFinite(value)
    ? { value: null }
    : { value: within(value, range), ...range }
}

const meansOf = <T>(parts: readonly Noisy[], mean: (part: Noisy) => T): Means<T> => {
  const [, x, y, xy, xx, yy] = parts
  if (x === undefined || y === undefined || xy === undefined) throw new Error('a pair without sums')
  return {
    x: mean(x),
    y: mean(y),
    xy: mean(xy),
    xx: xx && mean(xx),
    yy: yy && mean(yy),
  }
}

type Spreads<T> = {
  readonly covariance: T
  readonly ofX: T
  readonly ofY: T
  readonly meanX: T
  readonly meanY: T
}

const widthOf = ({ low, high }: Range): number => high - low
const xOf = (figure: Figure): Range & { centre: number; centreOfSquares: number } =>
  figure.other ?? { low: 0, high: 0, centre: 0, centreOfSquares: 0 }

const pointOf = (figure: Figure, { x, y, xy, xx, yy }: Means<number>): Spreads<number> => ({
  covariance: xy - x * y,
  ofX: Math.max(0, xOf(figure).centreOfSquares + (xx ?? 0) - x * x),
  ofY: Math.max(0, (figure.centreOfSquares ?? 0) + (yy ?? 0) - y * y),
  meanX: x + xOf(figure).centre,
  meanY: y + (figure.centre ?? 0),
})

/** Smallest and largest product: at the corners. */
const product = (one: Range, two: Range): Range => {
  const all = [one.low * two.low, one.low * two.high, one.high * two.low, one.high * two.high]
  return { low: Math.min(...all), high: Math.max(...all) }
}

const moved = ({ low, high }: Range, by: number): Range => ({ low: low + by, high: high + by })
const cut = ({ low, high }: Range, bounds: Range): Range => ({
  low: within(low, bounds),
  high: within(high, bounds),
})

/** No covariance is beyond a quarter of both ranges (Popoviciu's and Cauchy and Schwarz's inequalities). */
const spreadsOf = (figure: Figure, means: Means<Range>): Spreads<Range> => {
  const [ofY, ofX] = [boundsOf(figure), xOf(figure)]
  const { x, y, xy, xx, yy } = means
  const both = product(x, y)
  const most = (widthOf(ofX) * widthOf(ofY)) / 4
  const none = { low: 0, high: 0 }
  const variance = (mean: Range, squares: Range | undefined, shift: number, of: Range): Range =>
    squares ? varianceRange(mean, squares, shift, widthOf(of) ** 2 / 4) : none
  return {
    covariance: cut(
      { low: xy.low - both.high, high: xy.high - both.low },
      { low: -most, high: most },
    ),
    ofX: variance(x, xx, ofX.centreOfSquares, ofX),
    ofY: variance(y, yy, figure.centreOfSquares ?? 0, ofY),
    meanX: cut(moved(x, ofX.centre), ofX),
    meanY: cut(moved(y, figure.centre ?? 0), ofY),
  }
}

type Made = {
  readonly value: (point: Spreads<number>, n: number) => number
  /** Undefined where it may be anything. */
  readonly range: (range: Spreads<Range>, rows: Range) => Range | undefined
}

const correlation = ({ covariance, ofX, ofY }: Spreads<number>): number =>
  covariance / Math.sqrt(ofX * ofY)

/** n / (n - 1) falls in n; one pair has no covariance of a sample, and is taken as two. */
const bessel = (n: number): number => Math.max(2, n) / (Math.max(2, n) - 1)

const covariance: Made = {
  value: (point) => point.covariance,
  range: (range) => range.covariance,
}

const made: Partial<Record<Figure['name'], Made>> = {
  covar_samp: {
    value: (point, n) => point.covariance * bessel(n),
    range: (range, rows) =>
      product(range.covariance, { low: bessel(rows.high), high: bessel(rows.low) }),
  },
  regr_sxy: {
    value: (point, n) => point.covariance * n,
    range: (range, rows) => product(range.covariance, rows),
  },
  regr_slope: {
    value: (point) => point.covariance / point.ofX,
    range: (range) => divided(range.covariance, range.ofX),
  },
  regr_intercept: {
    value: (point) => point.meanY - (point.covariance / point.ofX) * point.meanX,
    range: ({ covariance: both, ofX, meanX, meanY }) => {
      const slope = divided(both, ofX)
      const part = slope && product(slope, meanX)
      return part && { low: meanY.low - part.high, high: meanY.high - part.low }
    },
  },
  corr: { value: correlation, range: (range) => correlationRange(range) },
  regr_r2: {
    value: (point) => correlation(point) ** 2,
    range: (range) => {
      const { low, high } = correlationRange(range)
      const squares = [low * low, high * high]
      return { low: low <= 0 && high >= 0 ? 0 : Math.min(...squares), high: Math.max(...squares) }
    },
  },
}

/** The quotient by what is surely positive. */
const divided = (dividend: Range, { low, high }: Range): Range | undefined =>
  low > 0 ? product(dividend, { low: 1 / high, high: 1 / low }) : undefined

const correlationRange = ({ covariance: both, ofX, ofY }: Spreads<Range>): Range => {
  const below = { low: Math.sqrt(ofX.low * ofY.low), high: Math.sqrt(ofX.high * ofY.high) }
  const all = { low: -1, high: 1 }
  return cut(divided(both, below) ?? all, all)
}
