import { expect, test } from 'vitest'
import {
  gaussianQuantile,
  gaussianTail,
  halfWidth95,
  sigmaSquaredOf,
  standardDeviation,
} from '../../../policies/privacy/gaussian.ts'
import { toNano } from '../../../policies/privacy/amount.ts'
import { rational } from '../../../policies/privacy/rational.ts'
import { rationalOf } from '../../support/rational.ts'

test.each([
  [0.0005, 31.622776601683793],
  [0.001, 22.360679774997898],
  [0.005, 10],
  [0.01, 7.0710678118654755],
  [0.02, 5],
  [0.05, 3.1622776601683795],
])('a count of sensitivity 1 at rho %d has sigma %d', (rho, sigma) => {
  const sigmaSquared = sigmaSquaredOf(rational(1n), toNano(rho))
  expect(standardDeviation(sigmaSquared)).toBeCloseTo(sigma, 10)
})

test('sigma squared is exact', () => {
  expect(sigmaSquaredOf(rational(1n), 5_000_000)).toEqual(rational(100n))
  expect(sigmaSquaredOf(rational(1n), 4_999_999)).toEqual(rational(500_000_000n, 4_999_999n))
  // Two groups of 3 rows, each at most 2.5: squared sensitivity 2 * 7.5^2.
  expect(sigmaSquaredOf(rational(225n, 2n), 500_000_000)).toEqual(rational(225n, 2n))
})

test.each([0, -1, 0.5, Number.NaN])('noise for %d of 1e-9 is refused', (rhoNano) => {
  expect(() => sigmaSquaredOf(rational(1n), rhoNano)).toThrow(RangeError)
})

/** Summed with 50 digits. */
test.each([
  [0.1, 1n, 0.006648356485570917],
  [0.5, 1n, 0.21793438689057895],
  [1, 2n, 0.058558137642108536],
  [4, 0n, 0.5997355701003582],
  [4, -3n, 0.9615123935750255],
  [4, 7n, 0.0005120487156272547],
  [20.5, 31n, 7.401211946770172e-12],
  [100, 60n, 1.320595254528157e-9],
  [10_000, 812n, 2.4282478963697986e-16],
])('for sigma squared %d the chance of %d or more is %d, rounded up', (variance, at, tail) => {
  const found = gaussianTail(rationalOf(variance), at)
  expect(found / tail - 1).toBeGreaterThanOrEqual(0)
  expect(found / tail - 1).toBeLessThan(1e-10)
})

test('wide noise has nearly the normal tail, and is never given less', () => {
  const wide = rational(10n ** 30n)
  const sigma = 10n ** 15n
  expect(gaussianTail(wide, 2n * sigma) / 0.02275013194817921 - 1).toBeLessThan(1e-10)
  expect(gaussianTail(wide, 2n * sigma)).toBeGreaterThanOrEqual(0.02275013194817921)
  expect(gaussianTail(wide, sigma / 2n) / 0.3085375387259869 - 1).toBeLessThan(1e-10)
  expect(gaussianTail(wide, -2n * sigma)).toBeGreaterThanOrEqual(0.9772498680518208)
  expect(gaussianTail(wide, -2n * sigma) / 0.9772498680518208 - 1).toBeLessThan(1e-10)
})

test('summing and the normal bound meet where one takes over from the other', () => {
  const [summed, bounded] = [rational(10n ** 6n), rational(10n ** 6n + 1n)]
  for (const at of [-3000n, 0n, 1n, 500n, 1500n, 3000n, 6000n]) {
    const ratio = gaussianTail(bounded, at) / gaussianTail(summed, at)
    expect(ratio).toBeGreaterThanOrEqual(1)
    expect(ratio).toBeLessThan(1.002)
  }
  for (const probability of [0.4, 0.025, 1e-9, 1e-15]) {
    const step = gaussianQuantile(bounded, probability) - gaussianQuantile(summed, probability)
    expect([0n, 1n]).toContain(step)
  }
})

test('neither a tail nor a quantile of wide noise is below the sum, not by a part in 1e9', () => {
  const variance = 1_000_001
  const sigmaSquared = rational(1_000_001n)
  const weights = Array.from({ length: 40_000 }, (_, x) => Math.exp((-x * x) / (2 * variance)))
  const sumFrom = (from: number): number =>
    weights.slice(from).reduceRight((sum, weight) => sum + weight, 0)
  const all = 1 + 2 * sumFrom(1)
  for (const at of [1, 254, 700, 1000, 1001, 2500, 6000]) {
    const truth = sumFrom(at) / all
    expect(gaussianTail(sigmaSquared, BigInt(at))).toBeGreaterThanOrEqual(truth)
    expect(gaussianQuantile(sigmaSquared, truth * (1 - 1e-9))).toBeGreaterThan(BigInt(at))
    expect(1 - gaussianTail(sigmaSquared, BigInt(1 - at))).toBeLessThanOrEqual(truth)
  }
})

test('a quantile moves on where the tail is above the probability by a hair', () => {
  const tail = 0.0005120487156272547
  expect(gaussianQuantile(rational(4n), tail * (1 + 1e-10))).toBe(7n)
  expect(gaussianQuantile(rational(4n), tail * (1 - 1e-13))).toBe(8n)
})

test('a tail that vanishes keeps a positive bound', () => {
  expect(gaussianTail(rational(1n, 10n ** 9n), 1n)).toBe(1e-299)
  expect(gaussianTail(rational(1n), 1000n)).toBe(1e-299)
  expect(gaussianTail(rational(1n), -1000n)).toBe(1)
})

/** The interval is checked by its definition on an independent sum of weights. */
test.each([0.1, 0.5, 1, 2, 4, 20.5, 100, 2500])(
  'the 95 %% half-width at sigma squared %d is the smallest that covers',
  (variance) => {
    const width = Number(halfWidth95(rationalOf(variance)))
    const weight = (x: number): number => Math.exp((-x * x) / (2 * variance))
    const upTo = (last: number): number => {
      let sum = 1
      for (let x = 1; x <= last; x++) sum += 2 * weight(x)
      return sum
    }
    const all = upTo(2000)
    expect(upTo(width) / all).toBeGreaterThanOrEqual(0.95)
    if (width > 0) expect(upTo(width - 1) / all).toBeLessThan(0.95)
  },
)

test.each([
  [rational(1n, 10n ** 9n), 0n],
  [rational(1n), 2n],
  [rational(100n), 20n],
  [rational(10n ** 12n), 1_959_964n],
  [rational(10n ** 18n), 1_959_963_985n],
])('the 95 % half-width of %o is %d', (sigmaSquared, width) => {
  expect(halfWidth95(sigmaSquared)).toBe(width)
})

test('the half-width of very wide noise is 1.96 sigma', () => {
  const width = Number(halfWidth95(rational(10n ** 30n))) / 1e15
  expect(width).toBeGreaterThanOrEqual(1.959963984540054)
  expect(width).toBeLessThan(1.9599639846)
})

test.each([0.6, 0, 1e-291, Number.NaN])('a quantile at %d is refused', (probability) => {
  expect(() => gaussianQuantile(rational(1n), probability)).toThrow(RangeError)
})

/** `../reference/dp-tables.json`, dg_var. */
test.each([
  [0.1, 0.013296725173624149],
  [0.25, 0.21501267508813848],
  [0.5, 0.49897913083282047],
  [1, 0.9999997887677282],
  [2, 1.9999999999999978],
  [4, 4],
  [10, 10],
  [20, 20],
])('for sigma squared %d the variance is %d', (variance, truth) => {
  expect(standardDeviation(rationalOf(variance)) ** 2 / truth - 1).toBeCloseTo(0, 12)
})

/** Discrete Gaussian delta at epsilon for sensitivity 1: P[X >= m] - e^epsilon P[X >= m + 1], m = ceil(epsilon sigma^2 - 1/2). */
test.each([
  [1, 1, 0.14135133940562192],
  [4, 1, 0.0072487768459525825],
  [20, 1, 3.0424390409285006e-7],
  [20, 0.5, 0.0012783513348198045],
  [100, 0.5, 6.9343703475178775e-9],
  [100, 0.1, 0.008762353923948089],
])('its tails give the exact delta at sigma squared %d, epsilon %d', (variance, epsilon, delta) => {
  const sigmaSquared = rationalOf(variance)
  const from = BigInt(Math.ceil(epsilon * variance - 0.5))
  const found =
    gaussianTail(sigmaSquared, from) - Math.exp(epsilon) * gaussianTail(sigmaSquared, from + 1n)
  expect(found / delta - 1).toBeCloseTo(0, 8)
})
