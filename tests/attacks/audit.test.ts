import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leastOf, mostOf, rhoBehind } from '../support/bound.ts'
import { testFolder } from '../support/folder.ts'
import { appearances, audit, faults, questions } from './audit/audit.ts'
import { openTrial, type Trial } from './audit/trial.ts'

/*
 * Privacy as it is measured: what answers of the gate give away of one entity, against what the ledger says they cost.
 * A true gate never shows more than was charged; a gate with a fault does, or the audit would be worth nothing.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined
const seed = process.env['SLUICE_SEED'] ?? '1'
const delta = 1e-3
const timeoutMs = prove ? 900_000 : 60_000

const folder = testFolder()
let trial: Trial
beforeAll(async () => {
  trial = await openTrial(folder)
})
afterAll(() => trial.close())

describe(`what answers show of one entity (seed ${seed})`, { timeout: timeoutMs }, () => {
  test.each(Object.entries(questions))('is not more than was charged: %s', async (_, question) => {
    const found = await audit(trial, question, { answers: prove ? 100 : 2, seed })
    if (prove) process.stdout.write(`audit: ${question.title}: ${JSON.stringify(found)}\n`)
    expect(found.shown.rho).toBeLessThanOrEqual(found.claimed.rho)
    expect(found.shown.epsilon).toBeLessThanOrEqual(found.claimed.epsilon)
  })

  test('is not a group of its own more often than the delta that was charged', async () => {
    const alone = await appearances(trial, { answers: prove ? 200 : 3, seed })
    expect(leastOf(alone)).toBeLessThanOrEqual(delta)
  })
})

describe('more than was charged is seen where', { timeout: timeoutMs }, () => {
  test.each(faults)('$title', async (fault) => {
    const found = await audit(trial, questions[fault.question], { answers: 2, seed, fault })
    expect(found.shown.rho).toBeGreaterThan(found.claimed.rho)
  })

  test('a group of one entity needs to reach no more than two', async () => {
    const alone = await appearances(trial, { answers: 1, seed, least: '2' })
    expect(leastOf(alone)).toBeGreaterThan(delta)
  })
})

describe('the bounds', () => {
  test('of Clopper and Pearson leave out as much as they say, on either side', () => {
    // P[X >= 3] of ten throws, added up.
    const tail = (p: number): number =>
      1 - (1 - p) ** 10 - 10 * p * (1 - p) ** 9 - 45 * p ** 2 * (1 - p) ** 8
    expect(tail(leastOf({ right: 3, of: 10 }))).toBeCloseTo(0.001, 9)
    expect(mostOf({ right: 0, of: 1000 })).toBeCloseTo(1 - 0.001 ** (1 / 1000), 9)
    expect(mostOf({ right: 7, of: 10 })).toBeCloseTo(1 - leastOf({ right: 3, of: 10 }), 12)
  })

  test('of rho never say more of a Gaussian than it has, and say more of one that is less wide', () => {
    // P[N >= t] for the two means 0 and 1 of deviation 1: rho is 1/2.
    expect(rhoBehind(0.691_462, 0.308_538)).toBeGreaterThan(0.29)
    expect(rhoBehind(0.691_462, 0.308_538)).toBeLessThan(0.5)
    expect(rhoBehind(0.841_345, 0.158_655)).toBeGreaterThan(0.5)
    expect(rhoBehind(0.5, 0.5)).toBeCloseTo(0, 12)
  })
})
