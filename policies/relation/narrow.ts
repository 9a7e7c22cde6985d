import { literal } from './build.ts'
import { typeOf, type Expr } from './expression.ts'
import { fitsInteger, integerDigits, isInteger, type DataType } from './type.ts'

/**
 * Binding casts a column to the wider type of the literal it is compared with. Where that cast keeps every value and
 * the literal has a value in the column's own type, the comparison is the same without the cast. Undefined: it is not.
 */
export const narrowLiteral = (
  input: Expr,
  item: Expr,
): { readonly left: Expr; readonly right: Expr } | undefined => {
  if (input.op !== 'tryCast' || item.op !== 'literal' || item.value === null) return undefined
  const to = typeOf(input.input)
  if (!keepsAll(to, input.type)) return undefined
  const text = textIn(item.value, to)
  if (text === undefined) return undefined
  const right = literal(text, to)
  return { left: input.input, right: item.at === undefined ? right : { ...right, at: item.at } }
}

/** Whether a cast keeps every value apart and in order. */
const keepsAll = (from: DataType, to: DataType): boolean => {
  if (from.id === 'DATE') return to.id === 'TIMESTAMP'
  if (isInteger(from) && isInteger(to)) return integerDigits(from) <= integerDigits(to)
  if (to.id !== 'DECIMAL') return false
  if (isInteger(from)) return integerDigits(from) <= to.width - to.scale
  if (from.id !== 'DECIMAL') return false
  return from.scale <= to.scale && from.width - from.scale <= to.width - to.scale
}

/** The text of a literal in a type, if it is exactly one of its values. */
const textIn = (value: string, type: DataType): string | undefined => {
  if (type.id === 'DATE') return /^(\d{4}-\d{2}-\d{2}) 00:00:00$/.exec(value)?.[1]
  const [whole = '', fraction = ''] = value.split('.')
  if (type.id === 'DECIMAL') {
    if (/[^0]/.test(fraction.slice(type.scale))) return undefined
    const kept = fraction.slice(0, type.scale).padEnd(type.scale, '0')
    if (whole.replace('-', '').length > type.width - type.scale) return undefined
    return type.scale === 0 ? whole : `${whole}.${kept}`
  }
  if (/[^0]/.test(fraction) || !/^-?\d+$/.test(whole)) return undefined
  return fitsInteger(BigInt(whole), type) ? String(BigInt(whole)) : undefined
}
