import { expect, test } from 'vitest'
import { normalQuantile, normalTail } from '../../../policies/privacy/normal.ts'

/** erfc(z / sqrt 2) / 2 with 50 digits. */
const tails = [
  [0, 0.5],
  [0.5, 0.3085375387259869],
  [1, 0.15865525393145705],
  [1.959963984540054, 0.025000000000000012],
  [2.9999, 0.0013503412829549248],
  [3, 0.0013498980316300946],
  [4.5, 3.3976731247300603e-6],
  [6, 9.86587645037698e-10],
  [8, 6.220960574271784e-16],
  [20, 2.7536241186062337e-89],
  [36.9, 2.3105244811406173e-298],
] as const

test.each(tails)('the normal tail from %d is %d', (z, tail) => {
  expect(Math.abs(normalTail(z) / tail - 1)).toBeLessThan(1e-12)
})

test.each(tails.slice(0, -1))('the normal quantile finds %d again, never below it', (z, tail) => {
  const found = normalQuantile(tail)
  expect(found - z).toBeGreaterThanOrEqual(0)
  expect(found - z).toBeLessThan(1e-10)
})

test('beyond 37 the tail is a small positive bound', () => {
  expect(normalTail(38)).toBe(1e-299)
  expect(normalTail(Infinity)).toBe(1e-299)
})

test('below 0 the tail is not computed', () => {
  expect(() => normalTail(-1)).toThrow(RangeError)
  expect(() => normalTail(Number.NaN)).toThrow(RangeError)
})
