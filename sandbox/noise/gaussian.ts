import { rational, type Rational } from '../../policies/privacy/rational.ts'
import { bernoulliExp } from './bernoulli.ts'
import type { ByteReader } from './bytes.ts'
import { discreteLaplace } from './laplace.ts'

/**
 * Prepares exact draws of the discrete Gaussian, P[X = x] proportional to exp(-x^2 / (2 sigma^2)) for sigma^2 = n/d.
 * Canonne, Kamath and Steinke (2020), Algorithm 3: draw a discrete Laplace of scale t = floor(sigma) + 1 and keep it
 * with probability exp(-(|x| - sigma^2/t)^2 / (2 sigma^2)) = exp(-(|x| t d - n)^2 / (2 n d t^2)). How long a draw takes
 * tells something of it, which is one reason why answers leave at fixed times only. Throws RangeError unless sigma^2 is positive.
 */
export const discreteGaussian = (sigmaSquared: Rational, bytes: ByteReader): (() => bigint) => {
  const { numerator, denominator } = rational(sigmaSquared.numerator, sigmaSquared.denominator)
  const scale = squareRoot(numerator / denominator) + 1n
  const candidate = discreteLaplace({ numerator: scale, denominator: 1n }, bytes)
  const slope = scale * denominator
  const divisor = 2n * numerator * denominator * scale * scale
  return () => {
    for (;;) {
      const value = candidate()
      const distance = (value < 0n ? -value : value) * slope - numerator
      if (bernoulliExp(distance * distance, divisor, bytes)) return value
    }
  }
}

/** The whole part of the square root, by Newton's method from above. */
const squareRoot = (value: bigint): bigint => {
  if (value < 2n) return value
  let root = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (root + value / root) >> 1n
    if (next >= root) return root
    root = next
  }
}
