import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { gaussianTail, standardDeviation } from '../../../policies/privacy/gaussian.ts'
import { groupChance, quantileOf } from '../../../policies/privacy/threshold.ts'
import { deltaOf, epsilonOf, rhoOf } from '../../../policies/privacy/zcdp.ts'
import { rationalOf } from '../../support/rational.ts'
import { sharedFolder } from '../../support/shared.ts'

const shared = sharedFolder()
const read = (name: string): unknown =>
  shared === undefined ? {} : JSON.parse(readFileSync(`${shared}/reference/${name}`, 'utf8'))

const tables = read('dp-tables.json') as Record<string, readonly [number, number, number, number][]>
const zeta = read('threshold-and-delta-vectors.json') as Record<
  string,
  readonly [number, number, number, number, number][]
>
const losses = read('pld-reference.json') as readonly [string, number, number, number, number][]

/** There epsilon pays for all groups of an entity together, so each has the scale groupsMax / epsilon. */
const laplaceThreshold = (epsilon: number, delta: number, groupsMax: number): bigint =>
  quantileOf(
    { law: 'laplace', scale: rationalOf(groupsMax / epsilon) },
    groupChance(delta, groupsMax),
  ) + 1n

/** Relative difference, signed. */
const excess = (found: number, truth: number): number => found / truth - 1

describe.skipIf(shared === undefined)('the reference tables', () => {
  test('epsilon for rho and delta, never below the published program', () => {
    for (const [rho, delta, epsilon] of tables['cdp_eps']!) {
      expect(excess(epsilonOf(rho, delta), epsilon)).toBeGreaterThan(-1e-12)
      expect(excess(epsilonOf(rho, delta), epsilon)).toBeLessThan(1e-9)
    }
  })

  test('rho for epsilon and delta, never above it', () => {
    for (const [epsilon, delta, rho] of tables['cdp_rho']!) {
      expect(excess(rhoOf(epsilon, delta), rho)).toBeLessThan(1e-12)
      expect(excess(rhoOf(epsilon, delta), rho)).toBeGreaterThan(-1e-9)
    }
  })

  test('zCDP promises no more than the analytic Gaussian mechanism keeps', () => {
    for (const [epsilon, delta, sigma] of tables['analytic_sigma']!) {
      expect(epsilonOf(1 / (2 * sigma * sigma), delta)).toBeGreaterThan(epsilon)
    }
    for (const [sigma, epsilon, delta] of tables['google_delta']!) {
      expect(deltaOf(1 / (2 * sigma * sigma), epsilon)).toBeGreaterThan(delta)
    }
  })

  test('zCDP promises no more than the discrete Gaussian keeps, whose delta the tails give', () => {
    for (const [variance, epsilon, discrete, continuous] of tables['dg_delta']!) {
      const sigmaSquared = rationalOf(variance)
      const from = BigInt(Math.ceil(epsilon * variance - 0.5))
      const [first, second] = [from, from + 1n].map((at) => gaussianTail(sigmaSquared, at))
      expect(excess(first! - Math.exp(epsilon) * second!, discrete)).toBeCloseTo(0, 8)
      expect(discrete).toBeGreaterThan(continuous)
      expect(deltaOf(1 / (2 * variance), epsilon)).toBeGreaterThan(discrete)
    }
  })

  test('the variance of the discrete Gaussian', () => {
    for (const [variance, truth] of tables['dg_var']!) {
      expect(excess(standardDeviation(rationalOf(variance)) ** 2, truth)).toBeCloseTo(0, 12)
    }
  })

  test('thresholds under discrete Laplace noise', () => {
    for (const [epsilon, delta, threshold] of tables['dl_tau']!) {
      expect(laplaceThreshold(epsilon, delta, 1)).toBe(BigInt(threshold))
    }
  })

  test('zCDP promises no more than the privacy loss distribution of the same releases', () => {
    for (const [law, parameter, times, delta, epsilon] of losses) {
      const rho = law === 'dgauss' ? 1 / (2 * parameter ** 2) : parameter ** 2 / 2
      const promised = epsilonOf(rho * times, delta)
      expect(promised).toBeGreaterThan(epsilon)
      // And for Gaussian noise it is at most a sixth more.
      if (law === 'dgauss') expect(promised).toBeLessThan((epsilon * 7) / 6)
    }
  })

  /** What our policies cannot express is refused rather than computed: delta of 0 or above 1/2, and what doubles lose. */
  const isOurs = (epsilon: number, delta: number, groupsMax: number): boolean =>
    epsilon >= 1e-290 &&
    epsilon <= 1e290 &&
    delta > 1e-290 &&
    delta <= 0.5 &&
    Number.isSafeInteger(groupsMax)

  test('discrete thresholds are those of continuous noise or one more', () => {
    const saturated = 2 ** 63
    let computed = 0
    for (const [epsilon, delta, groupsMax, least, most] of zeta['laplace_threshold']!) {
      if (!isOurs(epsilon, delta, groupsMax)) {
        expect(() => laplaceThreshold(epsilon, delta, groupsMax)).toThrow(RangeError)
        continue
      }
      computed++
      const found = Number(laplaceThreshold(epsilon, delta, groupsMax))
      expect(found).toBeGreaterThanOrEqual(least)
      if (most < saturated) expect(found - most).toBeLessThanOrEqual(1 + most * 1e-11)
    }
    expect(computed).toBe(49)
  })

  test('the delta of a continuous threshold asks for it discretely, or for one more', () => {
    let computed = 0
    for (const [epsilon, threshold, groupsMax, delta] of zeta['laplace_delta']!) {
      // The vectors have six digits or more.
      const [less, more] = [delta * (1 - 2e-6), delta * (1 + 2e-6)]
      if (!isOurs(epsilon, less, groupsMax) || !isOurs(epsilon, more, groupsMax)) continue
      computed++
      const found = Number(laplaceThreshold(epsilon, more, groupsMax))
      expect(found).toBeLessThanOrEqual(threshold + 1)
      expect(Number(laplaceThreshold(epsilon, less, groupsMax))).toBeGreaterThanOrEqual(threshold)
    }
    expect(computed).toBe(28)
  })
})
