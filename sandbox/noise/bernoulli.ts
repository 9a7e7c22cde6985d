import type { ByteReader } from './bytes.ts'

/**
 * True with probability exp(-numerator / denominator), exactly; numerator >= 0, denominator > 0. Canonne, Kamath and
 * Steinke (2020), Algorithm 1: for a fraction g up to 1 count trials of chance g/1, g/2, g/3, ... until the first that
 * fails; its number is odd with probability 1 - g + g^2/2! - ... = exp(-g). Whole units are trials of exp(-1).
 */
export const bernoulliExp = (
  numerator: bigint,
  denominator: bigint,
  bytes: ByteReader,
): boolean => {
  let rest = numerator
  for (; rest >= denominator; rest -= denominator) if (!fraction(1n, 1n, bytes)) return false
  return fraction(rest, denominator, bytes)
}

const fraction = (numerator: bigint, denominator: bigint, bytes: ByteReader): boolean => {
  const digits = Number((numerator << 16n) / denominator)
  let trial = 1
  while (chance({ numerator, denominator, digits }, trial, bytes)) trial++
  return trial % 2 === 1
}

/** A fraction from 0 to 1 with its first 16 binary digits, rounded down. */
type Fraction = { numerator: bigint; denominator: bigint; digits: number }

/**
 * True with probability fraction / trial, exactly: a uniform real number is compared with it, 16 binary digits at a
 * time, and nearly always the first 16 decide. They are floor(digits / trial), for floor(floor(x) / n) = floor(x / n).
 */
const chance = (fraction: Fraction, trial: number, bytes: ByteReader): boolean => {
  const first = Math.floor(fraction.digits / trial)
  const drawn = bytes.word()
  if (drawn !== first) return drawn < first
  const denominator = fraction.denominator * BigInt(trial)
  let rest = (fraction.numerator << 16n) - BigInt(first) * denominator
  while (rest > 0n) {
    const digits = (rest << 16n) / denominator
    const more = BigInt(bytes.word())
    if (more !== digits) return more < digits
    rest = (rest << 16n) - digits * denominator
  }
  return false
}
