import { expect, test } from 'vitest'
import { numberOf, rational } from '../../../policies/privacy/rational.ts'

test('a rational is reduced', () => {
  expect(rational(1_000_000_000n, 10_000_000n)).toEqual({ numerator: 100n, denominator: 1n })
  expect(rational(6n, 4n)).toEqual({ numerator: 3n, denominator: 2n })
  expect(rational(7n)).toEqual({ numerator: 7n, denominator: 1n })
})

test.each([
  [0n, 1n],
  [-1n, 1n],
  [1n, 0n],
  [1n, -1n],
])('%d/%d is refused, and never becomes a number', (numerator, denominator) => {
  expect(() => rational(numerator, denominator)).toThrow(RangeError)
  expect(() => numberOf({ numerator, denominator })).toThrow(RangeError)
})

test.each([
  [1n, 3n, 1 / 3],
  [10n ** 30n, 1n, 1e30],
  [1n, 10n ** 30n, 1e-30],
  [10n ** 400n + 1n, 3n * 10n ** 399n, 10 / 3],
  [10n ** 280n, 7n, 1e280 / 7],
])('%d/%d is a double of full precision', (numerator, denominator, value) => {
  expect(Math.abs(numberOf({ numerator, denominator }) / value - 1)).toBeLessThan(2 ** -51)
})

test.each([
  [10n ** 291n, 1n],
  [1n, 10n ** 291n],
  [10n ** 400n, 1n],
  [1n, 10n ** 400n],
])('what is outside the range of doubles is refused', (numerator, denominator) => {
  expect(() => numberOf({ numerator, denominator })).toThrow(RangeError)
})
