import { expect, test } from 'vitest'
import { bernoulliExp } from '../../../sandbox/noise/bernoulli.ts'
import { byteReader, type ByteReader } from '../../../sandbox/noise/bytes.ts'
import { uniformBelow } from '../../../sandbox/noise/uniform.ts'
import { seededBytes } from '../../support/seeded.ts'

/** Gives the listed bytes and then throws, so that a test sees exactly what was read. */
const scripted = (...bytes: readonly number[]): ByteReader => {
  let next = 0
  const byte = (): number => {
    const value = bytes[next++]
    if (value === undefined) throw new Error('read too far')
    return value
  }
  return { byte, word: () => byte() * 256 + byte() }
}

test('over all first bytes every number below the bound is equally frequent', () => {
  const seen = new Map<bigint, number>()
  for (let first = 0; first < 256; first++) {
    const value = uniformBelow(5n, scripted(first, 0xff, 0xff, 0))()
    if ((first & 7) < 5) seen.set(value, (seen.get(value) ?? 0) + 1)
  }
  expect([...seen.values()]).toEqual([32, 32, 32, 32, 32])
})

test('a number below the bound uses as many bytes as the bound has, most significant first', () => {
  expect(uniformBelow(65_536n, scripted(0x12, 0x34))()).toBe(0x1234n)
  expect(uniformBelow(65_537n, scripted(0xff, 0xff, 0xff, 0, 0x12, 0x34))()).toBe(0x1234n)
  expect(uniformBelow(1n << 60n, scripted(0xf1, 2, 3, 4, 5, 6, 7, 8))()).toBe(0x102030405060708n)
})

test('a bound below 1 is a bug', () => {
  expect(() => uniformBelow(0n, scripted())).toThrow(RangeError)
})

test('over all first words exp(-g) splits as the fraction itself, and only a tie reads on', () => {
  // First trial of chance 3/7: a word above floor(3/7 * 65536) = 28086 ends with an odd count, that is true.
  const tie = 28_086
  const ended = { true: 0, false: 0, readOn: 0 }
  for (let word = 0; word < 65_536; word++) {
    try {
      ended[`${bernoulliExp(3n, 7n, scripted(word >> 8, word & 255))}`]++
    } catch {
      ended.readOn++
    }
  }
  expect(ended).toEqual({ true: 65_535 - tie, false: 0, readOn: tie + 1 })
  // The tie: 3/7 * 65536 = 28086 + 6/7, so the next word decides at floor(6/7 * 65536) = 56173.
  const [a, b] = [28_086 >> 8, 28_086 & 255]
  expect(bernoulliExp(3n, 7n, scripted(a, b, 56_174 >> 8, 56_174 & 255))).toBe(true)
  // Below it the first trial succeeds; the second, of chance 3/14, fails on a high word: an even count.
  expect(bernoulliExp(3n, 7n, scripted(a, b, 56_172 >> 8, 56_172 & 255, 0xff, 0xff))).toBe(false)
})

test('a tie with a fraction that ends there is a failure', () => {
  // 1/2 is the word 32768 and nothing after it.
  expect(bernoulliExp(1n, 2n, scripted(0x80, 0))).toBe(true)
  expect(bernoulliExp(0n, 2n, scripted(0, 0))).toBe(true)
})

test('two ties in a row read a third word', () => {
  // 1/3 is the words 0x5555, 0x5555, ... without end: the third decides that the first trial succeeds or fails.
  const ties = [0x55, 0x55, 0x55, 0x55]
  expect(bernoulliExp(1n, 3n, scripted(...ties, 0x55, 0x56))).toBe(true)
  expect(bernoulliExp(1n, 3n, scripted(...ties, 0x55, 0x54, 0xff, 0xff))).toBe(false)
})

test.each([
  [0n, 1n],
  [1n, 1000n],
  [2n, 3n],
  [1n, 1n],
  [5n, 2n],
  [4n * 10n ** 40n, 10n ** 40n],
])('exp(-%i/%i) is met within four standard errors', (numerator, denominator) => {
  const bytes = byteReader(seededBytes('exp'))
  const draws = 40_000
  let hits = 0
  for (let drawn = 0; drawn < draws; drawn++)
    if (bernoulliExp(numerator, denominator, bytes)) hits++
  const chance = Math.exp(-Number(numerator) / Number(denominator))
  expect(Math.abs(hits - draws * chance)).toBeLessThanOrEqual(
    4 * Math.sqrt(draws * chance * (1 - chance)),
  )
})

test('bytes come in the order of the source, across blocks', () => {
  const whole = seededBytes('order')(64)
  const bytes = byteReader(seededBytes('order'), 8)
  expect(Array.from({ length: 64 }, bytes.byte)).toEqual([...whole])
})

test('a source that runs short is a bug, never a zero', () => {
  const bytes = byteReader((length) => new Uint8Array(length - 1))
  expect(bytes.byte).toThrow('ran short')
})
