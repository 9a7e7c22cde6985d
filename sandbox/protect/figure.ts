import { numberCell } from '../../policies/query/answer.ts'
import type { Figure } from '../../policies/query/plan.ts'
import type { Cell } from '../../policies/result.ts'
import {
  atLeastOne,
  boundsOf,
  numberOf,
  quotient,
  rangeOf,
  textOf,
  varianceRange,
  within,
  type Noisy,
} from './noisy.ts'
import { pairCell } from './pair-figure.ts'

/** An exact figure as a cell's value: doubles are numbers, exact types keep every digit. */
export const figureValue = (
  text: string | null,
  type: string | undefined,
): number | string | null => {
  if (text === null) return null
  return type === 'DOUBLE' ? Number(text) : numberCell(text)
}

/**
 * A figure of the answer from its noisy parts, all but those of trees. Everything from here on is post-processing of
 * protected integers.
 */
export const figureCell = (figure: Figure, noisy: readonly (Noisy | undefined)[]): Cell => {
  const parts = figure.parts.map((part) => {
    const found = noisy[part]
    if (found === undefined) throw new Error('a figure without its mechanism')
    return found
  })
  const [first, second, third, ...more] = parts
  if (first === undefined) throw new Error('a figure of nothing')
  if (second === undefined) return direct(first)
  if (third === undefined) return average(figure, first, second)
  return more.length === 0 ? spread(figure, [first, second, third]) : pairCell(figure, parts)
}

/** Counts and sums: value, standard deviation of the noise, 95 % interval. */
const direct = (noisy: Noisy): Cell => {
  const width = noisy.width(0.05)
  return {
    value: numberCell(textOf(noisy, noisy.units)),
    sd: noisy.sd / 10 ** noisy.scale,
    low: Number(textOf(noisy, noisy.units - width)),
    high: Number(textOf(noisy, noisy.units + width)),
  }
}

/** Both parts hold at once with 95 %, each having half of the chance to miss; so does what is computed from both. */
const average = (figure: Figure, count: Noisy, sum: Noisy): Cell => {
  const bounds = boundsOf(figure)
  const centre = figure.centre ?? 0
  const value = centre + numberOf(sum) / atLeastOne(numberOf(count))
  const range = quotient(rangeOf(sum, 0.025), rangeOf(count, 0.025))
  return {
    value: within(value, bounds),
    low: within(centre + range.low, bounds),
    high: within(centre + range.high, bounds),
  }
}

/** var = mean of squares - square of mean, about the centre; between zero and a quarter of the squared range. */
const spread = (figure: Figure, [count, sum, squares]: readonly [Noisy, Noisy, Noisy]): Cell => {
  const bounds = boundsOf(figure)
  const most = (bounds.high - bounds.low) ** 2 / 4
  const shift = figure.centreOfSquares ?? 0
  const n = atLeastOne(numberOf(count))
  const value = shift + numberOf(squares) / n - (numberOf(sum) / n) ** 2
  const miss = 0.05 / 3
  const rows = rangeOf(count, miss)
  const range = varianceRange(
    quotient(rangeOf(sum, miss), rows),
    quotient(rangeOf(squares, miss), rows),
    shift,
    most,
  )
  const ofAll = figure.name === 'regr_sxx'
  const finish = finisher(figure.name, n, most)
  return {
    value: finish(value) * (ofAll ? n : 1),
    low: finish(range.low) * (ofAll ? atLeastOne(rows.low) : 1),
    high: finish(range.high) * (ofAll ? atLeastOne(rows.high) : 1),
  }
}

const finisher =
  (name: Figure['name'], n: number, most: number) =>
  (variance: number): number => {
    const pop = within(variance, { low: 0, high: most })
    const own = name.endsWith('samp') ? (pop * n) / Math.max(1, n - 1) : pop
    return name.startsWith('stddev') ? Math.sqrt(own) : own
  }
