/** A positive rational number; noise is calibrated and drawn in these, never in floating point. */
export type Rational = { readonly numerator: bigint; readonly denominator: bigint }

/** The reduced rational. Throws RangeError unless both parts are positive. */
export const rational = (numerator: bigint, denominator = 1n): Rational => {
  if (numerator <= 0n || denominator <= 0n)
    throw new RangeError('both parts of a rational must be positive')
  const divisor = greatestCommonDivisor(numerator, denominator)
  return { numerator: numerator / divisor, denominator: denominator / divisor }
}

/**
 * The value as a double, with a relative error below 2^-52: a quotient of at least 60 bits is rounded once. Throws
 * RangeError outside 1e-290 to 1e290, where doubles would lose that precision or overflow in what follows.
 */
export const numberOf = ({ numerator, denominator }: Rational): number => {
  if (numerator <= 0n || denominator <= 0n)
    throw new RangeError('both parts of a rational must be positive')
  const shift = bitsOf(numerator) - bitsOf(denominator) - 64
  const quotient =
    shift < 0
      ? (numerator << BigInt(-shift)) / denominator
      : numerator / (denominator << BigInt(shift))
  const value = Number(quotient) * 2 ** shift
  if (!(value >= 1e-290 && value <= 1e290))
    throw new RangeError('the rational is too small or too large')
  return value
}

const bitsOf = (value: bigint): number => value.toString(16).length * 4

const greatestCommonDivisor = (a: bigint, b: bigint): bigint => {
  let [larger, smaller] = [a, b]
  while (smaller !== 0n) [larger, smaller] = [smaller, larger % smaller]
  return larger
}
