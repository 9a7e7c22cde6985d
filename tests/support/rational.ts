import { rational, type Rational } from '../../policies/privacy/rational.ts'

/** The exact value of a positive double. */
export const rationalOf = (value: number): Rational => {
  let [numerator, denominator] = [value, 1n]
  while (!Number.isInteger(numerator)) {
    numerator *= 2
    denominator *= 2n
  }
  return rational(BigInt(numerator), denominator)
}
