import { assertWhole } from './amount.ts'
import { normalQuantile, normalTail } from './normal.ts'
import { numberOf, rational, type Rational } from './rational.ts'

/*
 * The discrete Gaussian on the integers, weight exp(-x^2 / (2 sigma^2)), of Canonne, Kamath and Steinke, "The Discrete
 * Gaussian for Differential Privacy" (2020). Added independently to the parts of an integer vector of L2 sensitivity Delta
 * it is Delta^2 / (2 sigma^2)-zCDP, with no correction for being discrete.
 *
 * Probabilities here only set thresholds and widths, so they are doubles rounded to the safe side. Up to sigma^2 = 1e6
 * the weights are summed: every term is positive, each is off by at most 750 * 2^-50 relatively, and `slack` covers it.
 * Above, summing would take long, and the normal law bounds the discrete one: P[X >= t] <= P[N >= t - 1/2] for t >= 1.
 * Proof. The sum of all weights is at least sigma sqrt(2 pi), by Poisson summation. Let g(x) be the integral of the
 * weight over the unit around x, less the weight at x. The weight is concave up to sigma and convex beyond, so g is
 * negative and then positive, and the sum of g over x >= t is smallest at t = 1 (or infinity, where it is 0). There it is
 * half of 1 - (integral over the unit around 0) - (sum of all weights - sigma sqrt(2 pi)), about 1 / (48 sigma^2) less
 * sigma sqrt(2 pi) exp(-2 pi^2 sigma^2): positive. So the integral from t - 1/2 is at least the sum from t on.
 * The excess is about z phi(z) / (24 sigma^2 Q(z)) relatively at t = z sigma, below 3e-6 for z up to 8.
 */
const sumUpTo = 1e6
const slack = 1e-11

/**
 * The variance parameter of noise that costs `rhoNano` * 1e-9 of zCDP, for the exact square of the L2 sensitivity:
 * sigma^2 = Delta^2 / (2 rho). Throws RangeError unless both are positive.
 */
export const sigmaSquaredOf = (sensitivitySquared: Rational, rhoNano: number): Rational =>
  rational(
    sensitivitySquared.numerator * 1_000_000_000n,
    sensitivitySquared.denominator * 2n * BigInt(assertWhole(rhoNano, 'rhoNano')),
  )

/**
 * An upper bound of P[X >= `at`], never below 1e-299 and at most 1e-10 above it relatively up to sigma^2 = 1e6. Beyond, at
 * most 1e-5 relatively within 8 sigma for `at` > 0, and one weight more for `at` <= 0.
 */
export const gaussianTail = (sigmaSquared: Rational, at: bigint): number => {
  const variance = numberOf(sigmaSquared)
  const probability =
    at > 0n ? upperTail(variance, Number(at)) : 1 - lowerTail(variance, Number(1n - at))
  return Math.min(1, Math.max(1e-299, probability * (1 + slack)))
}

/**
 * The smallest integer `s` >= 1 with P[X >= s] <= `probability`, from 1e-290 up to 1/2. For sigma^2 above 1e6 it may be
 * one more than the smallest, and by the precision of doubles 1e-11 relatively.
 */
export const gaussianQuantile = (sigmaSquared: Rational, probability: number): bigint => {
  const variance = numberOf(sigmaSquared)
  assertHalf(probability)
  if (variance <= sumUpTo) return BigInt(summedQuantile(variance, probability))
  const z = normalQuantile(probability)
  return BigInt(Math.ceil(z * Math.sqrt(variance) * (1 + slack) + 0.5))
}

/** Throws RangeError unless `probability` lies between 1e-290 and 1/2, where upper quantiles of both laws are computed. */
export const assertHalf = (probability: number): void => {
  if (!(probability >= 1e-290 && probability <= 0.5))
    throw new RangeError('the probability must lie between 1e-290 and 1/2')
}

/** The smallest integer `w` with P[|X| <= w] >= 0.95: figure - w to figure + w is a two-sided 95 % interval. */
export const halfWidth95 = (sigmaSquared: Rational): bigint =>
  gaussianQuantile(sigmaSquared, 0.025) - 1n

/**
 * The standard deviation. It is below sigma for small sigma^2 (0.999 sigma at sigma^2 = 1/2) and equals it in double
 * precision from sigma^2 = 4 on (the difference falls as exp(-2 pi^2 sigma^2)).
 */
export const standardDeviation = (sigmaSquared: Rational): number => {
  const variance = numberOf(sigmaSquared)
  if (variance >= 4) return Math.sqrt(variance)
  let [weights, squares] = [1, 0]
  for (let x = lastOf(variance); x >= 1; x--) {
    weights += 2 * weightOf(variance, x)
    squares += 2 * x * x * weightOf(variance, x)
  }
  return Math.sqrt(squares / weights)
}

const weightOf = (variance: number, x: number): number => Math.exp((-x * x) / (2 * variance))

/** Past 39 sigma the weights are below the smallest double. */
const lastOf = (variance: number): number => Math.ceil(39 * Math.sqrt(variance))

/** Sum of the weights from `from` >= 1 upwards, smallest first. */
const weightFrom = (variance: number, from: number): number => {
  let sum = 0
  for (let x = lastOf(variance); x >= from; x--) sum += weightOf(variance, x)
  return sum
}

const totalWeight = (variance: number): number => 1 + 2 * weightFrom(variance, 1)

const summedQuantile = (variance: number, probability: number): number => {
  const most = totalWeight(variance) * probability * (1 - slack)
  let sum = 0
  for (let x = lastOf(variance); x >= 1; x--) {
    sum += weightOf(variance, x)
    if (sum > most) return x + 1
  }
  return 1
}

/** For `at` >= 1. */
const upperTail = (variance: number, at: number): number =>
  variance <= sumUpTo
    ? weightFrom(variance, at) / totalWeight(variance)
    : normalTail((at - 0.5) / Math.sqrt(variance))

/** A lower bound for `at` >= 1: the weight falls, so its sum is at least its integral. */
const lowerTail = (variance: number, at: number): number =>
  variance <= sumUpTo ? upperTail(variance, at) : normalTail(at / Math.sqrt(variance))
