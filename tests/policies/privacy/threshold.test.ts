import { expect, test } from 'vitest'
import { toFemto } from '../../../policies/privacy/amount.ts'
import { gaussianTail } from '../../../policies/privacy/gaussian.ts'
import { normalQuantile } from '../../../policies/privacy/normal.ts'
import { rational } from '../../../policies/privacy/rational.ts'
import {
  groupChance,
  quantileOf,
  thresholdOf,
  type Noise,
} from '../../../policies/privacy/threshold.ts'
import { rationalOf } from '../../support/rational.ts'

const gaussian = (variance: number): Noise => ({
  law: 'gaussian',
  sigmaSquared: rationalOf(variance),
})
const laplace = (epsilon: number): Noise => ({ law: 'laplace', scale: rationalOf(1 / epsilon) })

const at = (noise: Noise, delta: number, groupsMax = 1, floor = 1): bigint =>
  thresholdOf(noise, { deltaFemto: toFemto(delta), groupsMax, floor })

test.each([
  [0.1, 110, 133, 202],
  [0.5, 24, 28, 42],
  [1, 13, 15, 22],
  [2, 7, 8, 12],
  [Math.log(3), 12, 14, 20],
])('discrete Laplace of epsilon %d: %d at 1e-5, %d at 1e-6, %d at 1e-9', (epsilon, ...expected) => {
  const found = [1e-5, 1e-6, 1e-9].map((delta) => Number(at(laplace(epsilon), delta)))
  expect(found).toEqual(expected)
})

test.each([
  [10, 17, 21, 18, 22],
  [20, 23, 29, 24, 30],
  [50, 36, 44, 38, 46],
  [100, 50, 62, 52, 64],
])('discrete Gaussian of sigma squared %d: %d, %d; in 4 groups %d, %d', (variance, ...expected) => {
  const found = [1, 4].flatMap((groupsMax) =>
    [1e-6, 1e-9].map((delta) => Number(at(gaussian(variance), delta, groupsMax))),
  )
  expect(found).toEqual(expected)
})

test('the floor moves the threshold by one less than itself', () => {
  expect(at(gaussian(100), 1e-9, 1, 10)).toBe(62n + 9n)
  expect(at(laplace(1), 1e-6, 1, 3)).toBe(15n + 2n)
})

test.each([0.3, 1, 7.25, 100, 12_345.678])(
  'at sigma squared %d the threshold is the smallest that keeps delta',
  (variance) => {
    for (const delta of [1e-15, 1e-12, 1e-9, 1e-3]) {
      for (const groupsMax of [1, 7, 10_000]) {
        const threshold = at(gaussian(variance), delta, groupsMax)
        const chance = -Math.expm1(Math.log1p(-delta) / groupsMax)
        const appears = (t: bigint): number => gaussianTail(rationalOf(variance), t - 1n)
        expect(appears(threshold)).toBeLessThanOrEqual(chance)
        expect(appears(threshold - 1n)).toBeGreaterThan(chance)
      }
    }
  },
)

test('noise of the width of a large sum has a threshold too', () => {
  const wide: Noise = { law: 'gaussian', sigmaSquared: rational(10n ** 30n) }
  // 5.9978 sigma at 1e-9, 7.9413 sigma at 1e-15.
  expect(Number(at(wide, 1e-9)) / 1e15).toBeCloseTo(5.99780701500769, 6)
  expect(Number(at(wide, 1e-15)) / 1e15).toBeCloseTo(7.941345326171, 6)
  const scale: Noise = { law: 'laplace', scale: rational(10n ** 30n) }
  expect(Number(at(scale, 1e-9)) / 1e30).toBeCloseTo(Math.log(0.5e9), 9)
})

test('noise that is nearly none still asks for a second entity', () => {
  expect(at(gaussian(1e-9), 1e-9)).toBe(2n)
  expect(at(laplace(1e5), 1e-9)).toBe(2n)
  expect(quantileOf(laplace(1e-3), 0.5)).toBe(1n)
})

test('the chance of one group is split without loss', () => {
  expect(groupChance(1e-15, 1)).toBeCloseTo(1e-15, 26)
  expect(groupChance(1e-15, 10_000) / 1e-19 - 1).toBeCloseTo(0, 11)
  expect(groupChance(0.5, 2) / (1 - Math.SQRT1_2) - 1).toBeCloseTo(0, 11)
  for (const [delta, groupsMax] of [
    [1e-15, 3],
    [1e-9, 100],
    [0.3, 7],
  ] as const) {
    expect(-Math.expm1(groupsMax * Math.log1p(-groupChance(delta, groupsMax)))).toBeLessThan(delta)
  }
})

/** Thresholds of continuous Gaussian noise, sigma 1, from Google's library. */
test.each([
  [0.022750131948179212, 1, 3],
  [0.022750131948179212, 2, 3.275415487306],
  [3e-5, 1, 5.012810811118],
])(
  'delta %d in %d groups: continuous noise asks for %d, discrete for as much or one more',
  (delta, groupsMax, continuous) => {
    expect(1 + normalQuantile(groupChance(delta, groupsMax))).toBeCloseTo(continuous, 9)
    const discrete = Number(quantileOf(gaussian(1), groupChance(delta, groupsMax))) + 1
    expect(discrete).toBeGreaterThanOrEqual(continuous)
    expect(discrete).toBeLessThan(continuous + 2)
  },
)

test.each([0.6, 0, 1e-291, Number.NaN])(
  'a quantile at %d is refused for either law',
  (probability) => {
    expect(() => quantileOf(gaussian(1), probability)).toThrow(RangeError)
    expect(() => quantileOf(laplace(1), probability)).toThrow(RangeError)
  },
)

test.each([
  [0, 1, 1],
  [6e14, 1, 1],
  [1.5, 1, 1],
  [1e6, 0, 1],
  [1e6, 1.5, 1],
  [1e6, 1, 0],
  [1e6, 1, -1],
])('delta %d, groups %d, floor %d are refused', (deltaFemto, groupsMax, floor) => {
  expect(() => thresholdOf(gaussian(1), { deltaFemto, groupsMax, floor })).toThrow(RangeError)
})
