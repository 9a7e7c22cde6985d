import type { Cell, Result } from '../policies/result.ts'

/**
 * A result as RFC 4180: CRLF, quotes doubled. A noisy figure takes columns of its own for its standard deviation and
 * its interval; a withheld cell says so. A spreadsheet runs text that begins like a formula (OWASP, CSV injection):
 * such text, full-width signs included, gets an apostrophe before it.
 */
export const toCsv = (result: Result): string => {
  const parts = result.columns.map((_, column) => partsOf(result.rows.map((row) => row[column])))
  const head = result.columns.flatMap(({ name }, column) =>
    (parts[column] ?? []).map((part) => (part === 'value' ? name : `${name}_${part}`)),
  )
  const rows = result.rows.map((row) =>
    row.flatMap((cell, column) => (parts[column] ?? []).map((part) => field(partOf(cell, part)))),
  )
  return [head.map(field), ...rows].map((line) => `${line.join(',')}\r\n`).join('')
}

type Part = 'value' | 'sd' | 'low' | 'high'
type Scalar = string | number | boolean | null | undefined

const partsOf = (cells: readonly (Cell | undefined)[]): readonly Part[] => [
  'value',
  ...(['sd', 'low', 'high'] as const).filter((part) =>
    cells.some((cell) => partOf(cell, part) !== undefined),
  ),
]

const partOf = (cell: Cell | undefined, part: Part): Scalar => {
  if (cell === null || typeof cell !== 'object') return part === 'value' ? cell : undefined
  if ('withheld' in cell) return part === 'value' ? 'withheld' : undefined
  return cell[part]
}

const field = (value: Scalar): string => {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const isNumber = /^-?\d+(\.\d+)?$/.test(value)
  const safe = !isNumber && /^\s*[=+\-@＝＋－＠\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
