import { numberCell } from '../../policies/query/answer.ts'
import type { Figure } from '../../policies/query/plan.ts'
import { decimalText } from '../../policies/relation/scaled.ts'
import type { Cell } from '../../policies/result.ts'

/** A noisy integer in units of 10^-scale, and what its noise is like. */
export type Noisy = {
  readonly units: bigint
  readonly scale: number
  readonly sd: number
  /** Half of the width of an interval that holds the noise but for this chance. */
  readonly width: (miss: number) => bigint
}

/** An exact figure as a cell's value: doubles are numbers, exact types keep every digit. */
export const figureValue = (
  text: string | null,
  type: string | undefined,
): number | string | null => {
  if (text === null) return null
  return type === 'DOUBLE' ? Number(text) : numberCell(text)
}

type Range = { readonly low: number; readonly high: number }

/** A figure of the answer from its noisy parts. Everything from here on is post-processing of protected integers. */
export const figureCell = (figure: Figure, noisy: readonly Noisy[]): Cell => {
  const parts = figure.parts.map((part) => {
    const found = noisy[part]
    if (found === undefined) throw new Error('a figure without its mechanism')
    return found
  })
  const [first, second, third] = parts
  if (first === undefined) throw new Error('a figure of nothing')
  if (second === undefined) return direct(first)
  if (third === undefined) return average(figure, first, second)
  return spread(figure, [first, second, third])
}

const textOf = ({ scale }: Noisy, units: bigint): string => decimalText(units, scale)

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

const numberOf = (noisy: Noisy, units = noisy.units): number => Number(textOf(noisy, units))
const rangeOf = (noisy: Noisy, miss: number): Range => ({
  low: numberOf(noisy, noisy.units - noisy.width(miss)),
  high: numberOf(noisy, noisy.units + noisy.width(miss)),
})

/** A count to divide by. Fewer than one row have no average; what noise makes less is one. */
const atLeastOne = (value: number): number => Math.max(1, value)
const within = (value: number, { low, high }: Range): number => Math.min(high, Math.max(low, value))

/** Smallest and largest quotient of two ranges with a positive divisor: at the corners. */
const quotient = (dividend: Range, divisor: Range): Range => {
  const [small, large] = [atLeastOne(divisor.low), atLeastOne(divisor.high)]
  return {
    low: Math.min(dividend.low / small, dividend.low / large),
    high: Math.max(dividend.high / small, dividend.high / large),
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

const boundsOf = ({ low = -Infinity, high = Infinity }: Figure): Range => ({ low, high })

/** var = mean of squares - square of mean, about the centre; between zero and a quarter of the squared range. */
const spread = (figure: Figure, [count, sum, squares]: readonly [Noisy, Noisy, Noisy]): Cell => {
  const bounds = boundsOf(figure)
  const most = (bounds.high - bounds.low) ** 2 / 4
  const shift = figure.centreOfSquares ?? 0
  const n = atLeastOne(numberOf(count))
  const value = shift + numberOf(squares) / n - (numberOf(sum) / n) ** 2
  const miss = 0.05 / 3
  const mean = quotient(rangeOf(sum, miss), rangeOf(count, miss))
  const ofSquares = quotient(rangeOf(squares, miss), rangeOf(count, miss))
  const [near, far] = [Math.abs(mean.low), Math.abs(mean.high)]
  const least = mean.low <= 0 && mean.high >= 0 ? 0 : Math.min(near, far) ** 2
  const range = {
    low: shift + ofSquares.low - Math.max(near, far) ** 2,
    high: shift + ofSquares.high - least,
  }
  const finish = finisher(figure.name, n, most)
  return { value: finish(value), low: finish(range.low), high: finish(range.high) }
}

const finisher =
  (name: Figure['name'], n: number, most: number) =>
  (variance: number): number => {
    const pop = within(variance, { low: 0, high: most })
    const own = name.endsWith('samp') ? (pop * n) / Math.max(1, n - 1) : pop
    return name.startsWith('stddev') ? Math.sqrt(own) : own
  }
