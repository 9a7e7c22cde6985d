import { expect, test } from 'vitest'
import { rational, type Rational } from '../../../policies/privacy/rational.ts'
import { byteReader } from '../../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../../sandbox/noise/gaussian.ts'
import { discreteLaplace } from '../../../sandbox/noise/laplace.ts'
import { seededBytes } from '../../support/seeded.ts'
import { fits } from './fit.ts'
import { gaussianLaw, laplaceLaw } from './law.ts'

const draws = 60_000
const reader = (seed: string) => byteReader(seededBytes(seed))

const gaussians = [
  rational(1n, 10n),
  rational(1n, 2n),
  rational(1n),
  rational(4n),
  rational(41n, 2n),
  rational(1_000_000_000n, 9_999_998n),
  rational(123_456_789_012_345_678_901n, 987_654_321_098_765_432n),
]
const laplaces = [
  rational(1n, 3n),
  rational(1n),
  rational(7n, 2n),
  rational(20n),
  rational(10n, 7n),
]

test.each(gaussians)('the discrete Gaussian of variance %o has its law', (sigmaSquared) => {
  const draw = discreteGaussian(sigmaSquared, reader('gaussian'))
  expect(fits(draw, gaussianLaw(sigmaSquared), draws)).toBe(true)
})

test.each(laplaces)('the discrete Laplace of scale %o has its law', (scale) => {
  const draw = discreteLaplace(scale, reader('laplace'))
  expect(fits(draw, laplaceLaw(scale), draws)).toBe(true)
})

test('the same test catches a halved sigma', () => {
  const draw = discreteGaussian(rational(1n), reader('fault'))
  expect(fits(draw, gaussianLaw(rational(4n)), draws)).toBe(false)
})

test('the same test catches a sigma that is 3 % too small', () => {
  const draw = discreteGaussian(rational(94n, 25n), reader('fault'))
  expect(fits(draw, gaussianLaw(rational(4n)), draws)).toBe(false)
})

test('the same test catches a sign that is negative in 45 % of draws', () => {
  const bytes = reader('fault')
  const honest = discreteGaussian(rational(4n), bytes)
  const draw = () => {
    const value = honest()
    return value < 0n && bytes.byte() < 26 ? -value : value
  }
  expect(fits(draw, gaussianLaw(rational(4n)), draws)).toBe(false)
})

test('the same test catches a zero that counts twice, as +0 and -0', () => {
  const honest = discreteLaplace(rational(2n), reader('fault'))
  const draw = () => {
    const [value, other] = [honest(), honest()]
    return other === 0n ? 0n : value
  }
  expect(fits(draw, laplaceLaw(rational(2n)), draws)).toBe(false)
})

test('the same test catches a law whose tails are cut at three sigma', () => {
  const honest = discreteGaussian(rational(4n), reader('fault'))
  const draw = () => {
    for (;;) {
      const value = honest()
      if (value * value <= 36n) return value
    }
  }
  expect(fits(draw, gaussianLaw(rational(4n)), draws)).toBe(false)
})

test('the law used by these tests agrees with published values', () => {
  // Discrete Laplace: P(0) = (1 - a) / (1 + a), a = exp(-1 / scale); discrete Gaussian: 1 / sum of exp(-x^2 / 2 sigma^2).
  expect(laplaceLaw(rational(1n))(0n)).toBeCloseTo(0.46211715726, 10)
  expect(gaussianLaw(rational(1n, 2n))(0n)).toBeCloseTo(1 / 1.772637204826652, 12)
  expect(gaussianLaw(rational(4n))(0n)).toBeCloseTo(1 / 5.0132565492620005, 12)
  expect(gaussianLaw(rational(20n))(3n)).toBeCloseTo(Math.exp(-9 / 40) / 11.209982432795858, 12)
})

test('wide noise has the mean, the variance and the 95 % of its law', () => {
  const sigma = 10 ** 15
  const draw = discreteGaussian(rational(10n ** 30n, 1n), reader('wide'))
  const values = Array.from({ length: draws }, () => Number(draw()) / sigma)
  const mean = values.reduce((sum, value) => sum + value, 0) / draws
  const variance = values.reduce((sum, value) => sum + value * value, 0) / draws
  const inside = values.filter((value) => Math.abs(value) <= 1.959964).length / draws
  // Four standard errors each.
  expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(draws))
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws))
  expect(Math.abs(inside - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / draws))
})

test('wide noise uses every last digit', () => {
  const draw = discreteGaussian(rational(10n ** 40n, 3n), reader('digits'))
  const digits = Array.from({ length: 10 }, () => 0)
  for (let drawn = 0; drawn < 20_000; drawn++) {
    const value = draw()
    digits[Number((value < 0n ? -value : value) % 10n)]!++
  }
  for (const seen of digits) expect(Math.abs(seen - 2000)).toBeLessThan(4 * Math.sqrt(1800))
})

test('neighbouring true values give the same set of answers, every integer of the range', () => {
  const answers = (truth: bigint, seed: string): bigint[] => {
    const draw = discreteGaussian(rational(4n), reader(seed))
    const seen = new Set(Array.from({ length: 20_000 }, () => truth + draw()))
    return Array.from({ length: 12 }, (_, x) => BigInt(x) - 5n).filter((x) => seen.has(x))
  }
  expect(answers(0n, 'neighbour')).toHaveLength(12)
  expect(answers(1n, 'other neighbour')).toHaveLength(12)
})

test('a draw uses few random bytes, however wide the noise', () => {
  const used = (sigmaSquared: Rational): number => {
    const source = reader('frugal')
    let bytes = 0
    const byte = () => {
      bytes++
      return source.byte()
    }
    const draw = discreteGaussian(sigmaSquared, { byte, word: () => byte() * 256 + byte() })
    for (let drawn = 0; drawn < 20_000; drawn++) draw()
    return bytes / 20_000
  }
  // A wrong scale of the candidates would leave the law as it is and only waste: this sees it.
  expect(used(rational(1n))).toBeLessThan(45)
  expect(used(rational(100n))).toBeLessThan(31)
  expect(used(rational(10n ** 30n))).toBeLessThan(43)
})

test.each([
  [0n, 1n],
  [-4n, 1n],
  [4n, 0n],
  [4n, -1n],
])('noise of width %d/%d is refused before anything is drawn', (numerator, denominator) => {
  expect(() => discreteGaussian({ numerator, denominator }, reader('none'))).toThrow(RangeError)
  expect(() => discreteLaplace({ numerator, denominator }, reader('none'))).toThrow(RangeError)
})
