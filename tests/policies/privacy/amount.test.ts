import { expect, test } from 'vitest'
import {
  fromFemto,
  fromNano,
  femtoText,
  nanoText,
  toFemto,
  toNano,
} from '../../../policies/privacy/amount.ts'

test.each([
  [0, 0],
  [-0, 0],
  [1e-9, 1],
  [0.005, 5_000_000],
  [0.1 + 0.2, 300_000_000],
  [0.123456789, 123_456_789],
  [10, 10_000_000_000],
  [9007199.25474099, Number.MAX_SAFE_INTEGER],
])('rho %d is %d of 1e-9', (rho, nano) => {
  expect(toNano(rho)).toBe(nano)
})

test.each([1.5e-9, 5e-10, 0.0050000001000001, -0.005, 1e8, Number.NaN, Infinity])(
  'rho %d cannot be kept and is refused',
  (rho) => {
    expect(() => toNano(rho)).toThrow(RangeError)
  },
)

test.each([
  [1e-15, 1],
  [1e-9, 1_000_000],
  [1e-3, 1_000_000_000_000],
  [1, 1_000_000_000_000_000],
])('delta %d is %d of 1e-15', (delta, femto) => {
  expect(toFemto(delta)).toBe(femto)
})

test.each([1.1, 1e-16, 2.5e-15, -1e-9, Number.NaN])('delta %d is refused', (delta) => {
  expect(() => toFemto(delta)).toThrow(RangeError)
})

test.each([
  [0, '0'],
  [1, '0.000000001'],
  [5_000_000, '0.005'],
  [1_000_000_000, '1'],
  [10_000_000_000, '10'],
  [12_345_678_901, '12.345678901'],
])('%d of 1e-9 is read as %s', (nano, text) => {
  expect(nanoText(nano)).toBe(text)
  expect(toNano(Number(text))).toBe(nano)
  expect(fromNano(nano)).toBe(Number(text))
})

test.each([
  [0, '0'],
  [1, '0.000000000000001'],
  [1_000_000, '0.000000001'],
  [1_000_000_000_000_000, '1'],
])('%d of 1e-15 is read as %s', (femto, text) => {
  expect(femtoText(femto)).toBe(text)
  expect(toFemto(Number(text))).toBe(femto)
  expect(fromFemto(femto)).toBe(Number(text))
})

test.each([0.5, -1, Number.NaN, 2 ** 53])('%d is no amount of a ledger', (amount) => {
  expect(() => nanoText(amount)).toThrow(RangeError)
  expect(() => femtoText(amount)).toThrow(RangeError)
  expect(() => fromNano(amount)).toThrow(RangeError)
  expect(() => fromFemto(amount)).toThrow(RangeError)
})
