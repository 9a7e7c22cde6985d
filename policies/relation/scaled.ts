/**
 * A number as a whole number of units of 10^-scale, rounded down or up. Exact: it starts from the shortest decimal text
 * that reads back as the number, not from its binary value. Throws RangeError for what is not finite.
 */
export const scaled = (value: number, scale: number, way: 'down' | 'up'): bigint => {
  const found = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))
  if (found === null) throw new RangeError('no finite number')
  const [, sign = '', whole = '0', part = '', exponent = '0'] = found
  const digits = BigInt(whole + part) * (sign === '-' ? -1n : 1n)
  const shift = scale + Number(exponent) - part.length
  if (shift >= 0) return digits * 10n ** BigInt(shift)
  const unit = 10n ** BigInt(-shift)
  const down = digits / unit - (digits % unit < 0n ? 1n : 0n)
  return way === 'down' || digits % unit === 0n ? down : down + 1n
}

/** Whole units of 10^-scale as plain decimal text: 12345, 2 gives 123.45. */
export const decimalText = (units: bigint, scale: number): string => {
  if (scale <= 0) return String(units * 10n ** BigInt(-scale))
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return units < 0n ? `-${text}` : text
}
