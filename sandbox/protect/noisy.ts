import type { Figure } from '../../policies/query/plan.ts'
import { decimalText } from '../../policies/relation/scaled.ts'

/** A noisy integer in units of 10^-scale, and what its noise is like. */
export type Noisy = {
  readonly units: bigint
  readonly scale: number
  readonly sd: number
  /** Half of the width of an interval that holds the noise but for this chance. */
  readonly width: (miss: number) => bigint
}

export type Range = { readonly low: number; readonly high: number }

export const textOf = ({ scale }: Noisy, units: bigint): string => decimalText(units, scale)

export const numberOf = (noisy: Noisy, units = noisy.units): number => Number(textOf(noisy, units))
export const rangeOf = (noisy: Noisy, miss: number): Range => ({
  low: numberOf(noisy, noisy.units - noisy.width(miss)),
  high: numberOf(noisy, noisy.units + noisy.width(miss)),
})

/** A count to divide by. Fewer than one row have no average; what noise makes less is one. */
export const atLeastOne = (value: number): number => Math.max(1, value)
export const within = (value: number, { low, high }: Range): number =>
  Math.min(high, Math.max(low, value))

/** Smallest and largest quotient of two ranges with a positive divisor: at the corners. */
export const quotient = (dividend: Range, divisor: Range): Range => {
  const [small, large] = [atLeastOne(divisor.low), atLeastOne(divisor.high)]
  return {
    low: Math.min(dividend.low / small, dividend.low / large),
    high: Math.max(dividend.high / small, dividend.high / large),
  }
}

export const boundsOf = ({ low = -Infinity, high = Infinity }: Figure): Range => ({ low, high })

/** Where a variance lies, given where the mean and the mean of squares lie, both about the centre. */
export const varianceRange = (mean: Range, squares: Range, shift: number, most: number): Range => {
  const [near, far] = [Math.abs(mean.low), Math.abs(mean.high)]
  const least = mean.low <= 0 && mean.high >= 0 ? 0 : Math.min(near, far) ** 2
  const all = { low: 0, high: most }
  return {
    low: within(shift + squares.low - Math.max(near, far) ** 2, all),
    high: within(shift + squares.high - least, all),
  }
}
