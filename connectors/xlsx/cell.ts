/** A cell as it is written into CSV: a text stands in quotation marks, a number or date is bare. */
export type CellText = { readonly text: string; readonly isText: boolean }
/** Why a cell is not taken, whatever its column. */
export type CellFault = 'error' | 'digits' | 'unreadable'

/** What stands in a cell of a sheet. */
export type Cell = {
  /** `t`: what `value` is (ECMA-376 part 1, 18.18.11). */
  readonly type: string
  /** Of `v`, or of `is`. */
  readonly value: string
  readonly isDate: boolean
}
export type Dating = { readonly from1904: boolean }

const none: CellText = { text: '', isText: false }
const numberForm = /^[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]{1,3})?$/
/** Excel shows and keeps 15 digits: from here on a whole number may be another than was typed. */
const wholeMax = 1e15

/** The text of a cell that refers to no shared text. */
export const cellText = ({ type, value, isDate }: Cell, dating: Dating): CellText | CellFault => {
  if (type === 'e') return 'error'
  if (value === '') return none
  if (type === 'str' || type === 'inlineStr') return { text: value, isText: true }
  if (type === 'b') return booleanText(value)
  if (type === 'd') return { text: dayOf(value), isText: false }
  if (type !== 'n' || value.length > 40 || !numberForm.test(value)) return 'unreadable'
  const number = Number(value)
  if (!Number.isFinite(number)) return 'unreadable'
  const date = isDate ? dateText(number, dating) : undefined
  if (date !== undefined) return { text: date, isText: false }
  // Excel writes the double that it holds with 17 digits; the shortest text of that double is what was typed.
  return Math.abs(number) >= wholeMax ? 'digits' : { text: plainNumber(number), isText: false }
}

const booleanText = (value: string): CellText | CellFault => {
  if (value !== '0' && value !== '1') return 'unreadable'
  return { text: value === '1' ? 'true' : 'false', isText: false }
}

/** A date in ISO 8601 without its midnight; anything else stays, for the column's type to refuse. */
const dayOf = (value: string): string =>
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})(T00:00(:00([.]0+)?)?Z?)?$/.exec(value)?.[1] ?? bareText(value)

/** Nothing that the file says stands in CSV without quotation marks unless it looks like a moment. */
const bareText = (value: string): string => (/^[-0-9:.TZ+]{1,40}$/.test(value) ? value : 'no-date')

const plainNumber = (number: number): string => (Object.is(number, -0) ? '0' : String(number))

const dayMs = 86_400_000
/** 9999-12-31 as either epoch counts. */
const [last1900, last1904] = [2_958_465, 2_957_003]

/**
 * The date that a number stands for: days since 1899-12-30 or 1904-01-01. The first has a 29 February 1900 as day 60, for
 * the sake of a program before Excel, so earlier days count from the day after. Undefined where there is no such day; a
 * time of day is kept, for a column of dates to refuse.
 */
export const dateText = (number: number, { from1904 }: Dating): string | undefined => {
  const seconds = Math.round(number * 86_400)
  const day = Math.floor(seconds / 86_400)
  const isThere = from1904 ? day >= 0 && day <= last1904 : day >= 1 && day !== 60 && day <= last1900
  if (!isThere) return undefined
  const start = from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30)
  const text = new Date(start + day * dayMs + (seconds % 86_400) * 1000).toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 19)
}
