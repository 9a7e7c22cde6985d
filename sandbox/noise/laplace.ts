import { rational, type Rational } from '../../policies/privacy/rational.ts'
import { bernoulliExp } from './bernoulli.ts'
import type { ByteReader } from './bytes.ts'
import { uniformBelow } from './uniform.ts'

/**
 * Prepares exact draws of the discrete Laplace law, P[X = x] proportional to exp(-|x| / scale): for scale = 1 / epsilon
 * it makes a count of sensitivity 1 epsilon-differentially private. Canonne, Kamath and Steinke (2020), Algorithm 2.
 * Throws RangeError unless the scale is positive.
 */
export const discreteLaplace = (scale: Rational, bytes: ByteReader): (() => bigint) => {
  const { numerator, denominator } = rational(scale.numerator, scale.denominator)
  const magnitude = geometric(numerator, bytes)
  return () => {
    for (;;) {
      const size = magnitude() / denominator
      const negative = bytes.byte() >= 128
      // Without this zero would be counted twice, as +0 and -0.
      if (!negative) return size
      if (size !== 0n) return -size
    }
  }
}

/** P[X = x] proportional to exp(-x / scale) for x >= 0: a remainder below `scale`, and how many whole scales above it. */
const geometric = (scale: bigint, bytes: ByteReader): (() => bigint) => {
  const remainder = uniformBelow(scale, bytes)
  return () => {
    let value = remainder()
    while (!bernoulliExp(value, scale, bytes)) value = remainder()
    while (bernoulliExp(1n, 1n, bytes)) value += scale
    return value
  }
}
