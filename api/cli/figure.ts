import type { Cell, Result } from '../../policies/result.ts'
import { tableOf } from './table.ts'

/**
 * A cell for people. A noisy figure has half the width of its 95 % interval beside it, with two significant digits, and
 * no more decimals than that; an interval that is not even around the figure is written out.
 */
export const cellText = (cell: Cell | undefined): string => {
  if (cell === null || cell === undefined) return '-'
  if (typeof cell !== 'object') return String(cell)
  if ('withheld' in cell) return '▒▒'
  const { value, low, high } = cell
  if (typeof value !== 'number' || low === undefined || high === undefined)
    return value === null ? '-' : String(value)
  const half = (high - low) / 2
  const round = (number: number): string => number.toFixed(decimalsOf(half))
  const isEven = Math.abs((high + low) / 2 - value) <= half / 10
  return isEven
    ? `${round(value)} ± ${round(half)}`
    : `${round(value)} [${round(low)}, ${round(high)}]`
}

/** Half the width of an interval with two significant digits. */
export const halfWidthText = (half: number): string => half.toFixed(decimalsOf(half))

const decimalsOf = (half: number): number =>
  half > 0 ? Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(half)))) : 0

/** A result as a table, what was withheld hatched. */
export const resultTable = (result: Result): string =>
  tableOf(
    result.columns.map(({ name, type }) => ({ title: name, right: isNumeric(type) })),
    result.rows.map((row) => row.map(cellText)),
  )

const isNumeric = (type: string): boolean => /INT|DECIMAL|DOUBLE|FLOAT/i.test(type)
