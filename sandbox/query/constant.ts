import { decimalText } from './lower-expression.ts'
import { fitsInteger, isInteger, type DataType } from '../../policies/relation/type.ts'

/**
 * The value of a constant cast that needs no engine: canonical text of the other type. Undefined: ask the engine.
 * Only forms that both read alike: whole numbers, decimals that fit without rounding, ISO dates, the words of booleans.
 */
export const castText = (value: string, from: DataType, to: DataType): string | undefined => {
  const exact = isInteger(from) || from.id === 'DECIMAL'
  if (isInteger(to) && (isInteger(from) || isWhole(value, from))) return fitting(value, to)
  if (to.id === 'DECIMAL' && exact) return rescaled(value, to.width, to.scale)
  if (to.id === 'DOUBLE' && exact && value.length <= 16) return String(Number(value))
  if (to.id === 'BOOLEAN' && from.id === 'VARCHAR')
    return { t: 'true', true: 'true', f: 'false', false: 'false' }[value]
  if (to.id === 'DATE' && from.id === 'VARCHAR') return isoDate(value)
  if (to.id === 'VARCHAR' && isInteger(from)) return value
  return undefined
}

const isWhole = (value: string, from: DataType): boolean =>
  from.id === 'VARCHAR' && /^(?:0|-?[1-9]\d{0,17})$/.test(value)

const fitting = (value: string, to: DataType): string | undefined =>
  fitsInteger(BigInt(value), to) ? String(BigInt(value)) : undefined

const rescaled = (value: string, width: number, scale: number): string | undefined => {
  const [whole = '', fraction = ''] = value.replace('-', '').split('.')
  if (fraction.length > scale && /[^0]/.test(fraction.slice(scale))) return undefined
  const digits = whole + fraction.slice(0, scale).padEnd(scale, '0')
  const number = BigInt(digits) * (value.startsWith('-') ? -1n : 1n)
  return number < 10n ** BigInt(width) && number > -(10n ** BigInt(width))
    ? decimalText(number, scale)
    : undefined
}

const isoDate = (value: string): string | undefined => {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) ?? []
  if (year === '' || Number(year) < 1) return undefined
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  return date.toISOString().slice(0, 10) === value ? value : undefined
}
