import { typeSql, type DataType } from '../relation/type.ts'

/**
 * Exact decimals as whole numbers of the last digit a type keeps: 12.30 in DECIMAL(18,2) is 1230n. Doubles would round
 * twice, once here and once in the engine, and send a value on an edge to different sides.
 */
type NumberLimits = { readonly scale: number; readonly low: bigint; readonly high: bigint }

/** What a numeric type holds, or undefined for any other type. */
export const limitsOf = (type: DataType): NumberLimits | undefined => {
  if (type.id === 'BIGINT') return { scale: 0, low: -(2n ** 63n), high: 2n ** 63n - 1n }
  if (type.id !== 'DECIMAL') return undefined
  const high = 10n ** BigInt(type.width) - 1n
  return { scale: type.scale, low: -high, high }
}

/** As `limitsOf`; asking for a type that is not numeric is a bug. */
export const numberLimits = (type: DataType): NumberLimits => {
  const limits = limitsOf(type)
  if (limits === undefined) throw new Error(`${typeSql(type)} is not a type of exact numbers`)
  return limits
}

/** Doubles carry 15 decimal digits safely (IEEE 754): a document's number with more may not be what was written. */
const digitsMax = 15

/**
 * The number a person wrote as a whole number at this scale, or undefined when that would lose a digit. It is the
 * shortest decimal that reads back as the same double (ECMA-262 Number::toString), so 0.1 is exactly one tenth.
 */
export const scaledNumber = (value: number, scale: number): bigint | undefined => {
  if (!Number.isFinite(value)) return undefined
  const [mantissa = '', exponent = '0'] = String(Math.abs(value)).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const digits = `${whole}${fraction}`
  if (digits.replace(/^0+/, '').replace(/0+$/, '').length > digitsMax) return undefined
  const shift = scale + Number(exponent) - fraction.length
  const unsigned = BigInt(digits) * 10n ** BigInt(Math.max(shift, 0))
  const divisor = 10n ** BigInt(Math.max(-shift, 0))
  if (unsigned % divisor !== 0n) return undefined
  return value < 0 ? -(unsigned / divisor) : unsigned / divisor
}

/** The plain notation of a whole number at this scale: `-0.50`. */
export const plainText = (scaled: bigint, scale: number): string => {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(scale + 1, '0')
  const sign = scaled < 0n ? '-' : ''
  return scale === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Reads plain notation with exactly `scale` digits after the point. */
export const scaledText = (text: string, scale: number): bigint => {
  const [whole = '', fraction = ''] = text.split('.')
  if (fraction.length !== scale) throw new Error(`not a decimal of scale ${scale}`)
  return BigInt(`${whole}${fraction}`)
}

/** Whether the type holds the number exactly: neither too many digits before the point nor after it. */
export const holds = (type: DataType, value: number): boolean => {
  const { scale, low, high } = numberLimits(type)
  const scaled = scaledNumber(value, scale)
  return scaled !== undefined && scaled >= low && scaled <= high
}

/** A number the type holds, at its scale. One that it does not hold is a bug: `holds` was to be asked before. */
export const held = (type: DataType, value: number): bigint => {
  const scaled = scaledNumber(value, numberLimits(type).scale)
  if (scaled === undefined || !holds(type, value))
    throw new Error(`${typeSql(type)} does not hold a parameter`)
  return scaled
}

/** A number the type holds, as SQL of exactly that type. */
export const numberSql = (type: DataType, value: number): string =>
  `CAST('${plainText(held(type, value), numberLimits(type).scale)}' AS ${typeSql(type)})`
