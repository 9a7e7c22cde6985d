import type { Rational } from '../../../policies/privacy/rational.ts'

const bits = 256n
const one = 1n << bits

/**
 * exp(-numerator / denominator) in units of 2^-256, in whole numbers alone: Taylor's series of the argument divided by a
 * power of 2, squared as often. Independent of the samplers and of floating point.
 */
const exponential = (numerator: bigint, denominator: bigint): bigint => {
  let halvings = 0n
  while (numerator > denominator << halvings) halvings++
  const argument = ((numerator << bits) / denominator) >> halvings
  let [term, sum] = [one, one]
  for (let order = 1n; term !== 0n; order++) {
    term = -((term * argument) / one) / order
    sum += term
  }
  for (; halvings > 0n; halvings--) sum = (sum * sum) / one
  return sum
}

/** Probabilities of a symmetric law on the integers from its weight at x >= 0, up to where weights vanish. */
const lawOf = (weight: (x: bigint) => bigint): ((x: bigint) => number) => {
  const weights: bigint[] = []
  for (let x = 0n; ; x++) {
    const next = weight(x)
    if (next < one >> 100n) break
    weights.push(next)
  }
  const total = weights.reduce((sum, next, x) => sum + (x === 0 ? next : 2n * next), 0n)
  const probabilities = weights.map((next) => Number((next << 60n) / total) / 2 ** 60)
  return (x) => probabilities[Number(x < 0n ? -x : x)] ?? 0
}

export const gaussianLaw = ({ numerator, denominator }: Rational): ((x: bigint) => number) =>
  lawOf((x) => exponential(x * x * denominator, 2n * numerator))

export const laplaceLaw = ({ numerator, denominator }: Rational): ((x: bigint) => number) =>
  lawOf((x) => exponential(x * denominator, numerator))
