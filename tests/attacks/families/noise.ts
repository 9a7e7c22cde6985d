import { rational } from '../../../policies/privacy/rational.ts'
import { byteReader } from '../../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../../sandbox/noise/gaussian.ts'
import { gaussianLaw } from '../../sandbox/noise/law.ts'
import { seededBytes } from '../../support/seeded.ts'
import type { Family } from './row.ts'

/**
 * Mironov (2012): the last bits of noise in doubles tell of some answers that one true value cannot give them and its
 * neighbour can. Of whole numbers none does.
 */
export const lastBits: Family = async (size) => {
  const draws = size === 'small' ? 2000 : 200_000
  const variance = rational(100n)
  const bytes = byteReader(seededBytes('last bits'))
  const draw = discreteGaussian(variance, bytes)
  const law = gaussianLaw(variance)
  let impossible = 0
  for (let count = 0; count < draws; count += 1) if (law(draw() - 1n) === 0) impossible += 1
  const uniform = (): number =>
    (bytes.word() * 2 ** 32 + bytes.word() * 2 ** 16 + bytes.word() + 0.5) / 2 ** 48
  let apart = 0
  for (let count = 0; count < draws; count += 1) {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
    const answer = 10 * normal
    // Whether there is a double which, added to 1, would give it.
    if (1 + (answer - 1) !== answer) apart += 1
  }
  return {
    family: 'last bits of noise',
    what: 'answers of variance 100; such as a neighbour cannot give',
    attempts: draws,
    refused: 0,
    released: draws,
    inferred: { right: impossible, of: draws },
    baseline: 0,
    bound: 0,
    boundBy: 'whole numbers of one support',
    guardRemoved: { right: apart, of: draws },
    guard: 'the normal law in doubles',
  }
}
