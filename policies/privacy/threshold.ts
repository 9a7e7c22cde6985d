import { assertWhole, fromFemto } from './amount.ts'
import { assertHalf, gaussianQuantile } from './gaussian.ts'
import { numberOf, type Rational } from './rational.ts'

/** Noise on an integer count: discrete Gaussian, or discrete Laplace with weight exp(-|x| / scale). */
export type Noise =
  | { readonly law: 'gaussian'; readonly sigmaSquared: Rational }
  | { readonly law: 'laplace'; readonly scale: Rational }

export type Appearance = {
  /** Chance, in 1e-15, that one entity alone makes any group appear. Spent beside the rho of the counts. */
  readonly deltaFemto: number
  /** Groups one entity may be in. */
  readonly groupsMax: number
  /** Entities a group should have at least: the threshold is moved up by `floor` - 1. 1 moves nothing. */
  readonly floor: number
}

/**
 * A group whose name is not public appears when its noisy count of distinct entities is at least this number: the
 * smallest t with P[1 + noise >= t] <= 1 - (1 - delta)^(1 / groupsMax), plus floor - 1. Then an entity alone in up to
 * `groupsMax` groups, whose counts have independent noise, makes any of them appear with at most delta: the release is
 * delta-approximate zCDP (Bun and Steinke 2016), and both parts add up over releases. No true count is compared.
 * The argument is that of Google's "Delta For Thresholding"; the tail is the discrete one, which is heavier.
 */
export const thresholdOf = (noise: Noise, appearance: Appearance): bigint => {
  const { deltaFemto, groupsMax, floor } = appearance
  if (assertWhole(floor, 'floor') < 1) throw new RangeError('floor must be at least 1')
  const probability = groupChance(fromFemto(deltaFemto), groupsMax)
  return quantileOf(noise, probability) + BigInt(floor)
}

/** 1 - (1 - delta)^(1 / groupsMax) without cancellation, rounded down. Delta above 0 and at most 1/2. */
export const groupChance = (delta: number, groupsMax: number): number => {
  if (!(delta > 0 && delta <= 0.5)) throw new RangeError('delta must be above 0 and at most 1/2')
  if (assertWhole(groupsMax, 'groupsMax') < 1) throw new RangeError('groupsMax must be at least 1')
  return -Math.expm1(Math.log1p(-delta) / groupsMax) * (1 - 1e-12)
}

/** The smallest integer s >= 1 with P[noise >= s] <= `probability`, which is at most 1/2. */
export const quantileOf = (noise: Noise, probability: number): bigint =>
  noise.law === 'gaussian'
    ? gaussianQuantile(noise.sigmaSquared, probability)
    : laplaceQuantile(noise.scale, probability)

/** P[X >= s] = a^s / (1 + a) for s >= 1, where a = exp(-1 / scale). Since a < 1 the result is at least 1. */
const laplaceQuantile = (scale: Rational, probability: number): bigint => {
  const b = numberOf(scale)
  assertHalf(probability)
  const safe = Math.log(probability * (1 - 1e-12))
  return BigInt(Math.max(1, Math.ceil(-b * (safe + Math.log1p(Math.exp(-1 / b))))))
}
