import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { testFolder } from '../support/folder.ts'
import { audit, faults, questions } from './audit/audit.ts'
import { makeServed, openFaulty, openServed, type ServedHome } from './audit/served.ts'
import { openTrial, type Trial } from './audit/trial.ts'

/*
 * The same audit of what leaves in the end: canaries are delivered in files, published, asked for through a keeper's
 * process with its checkers and runners, and what was released is held against what the ledger was charged.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined
const seed = process.env['SLUICE_SEED'] ?? '1'
const folder = testFolder()
const asked = ['rows', 'persons'] as const
// Two questions may ask ten times each for all that a ledger holds.
const answers = prove ? 9 : 2

let trial: Trial
let home: ServedHome
beforeAll(async () => {
  trial = await openTrial(folder)
  home = await makeServed(folder)
}, 120_000)
afterAll(() => trial.close())

describe('what is released shows no more than was charged', { timeout: 600_000 }, () => {
  test.each(asked)('%s', async (name) => {
    const question = questions[name]
    const { trial: served, charged, close } = await openServed(trial, question.sql, home)
    onTestFinished(close)
    const found = await audit(served, question, { answers, seed })
    if (prove) process.stdout.write(`audit: served: ${question.title}: ${JSON.stringify(found)}\n`)
    expect(charged).toHaveLength(answers)
    for (const one of charged)
      expect(one[question.kind ?? 'enterprise']).toBeCloseTo(found.claimed.rho, 8)
    expect(found.shown.rho).toBeGreaterThan(0)
    expect(found.shown.rho).toBeLessThanOrEqual(found.claimed.rho)
    expect(found.shown.epsilon).toBeLessThanOrEqual(found.claimed.epsilon)
  })
})

describe('more than was charged is seen in it where', { timeout: 120_000 }, () => {
  const planted = faults.filter(
    ({ stage, question }) => stage !== undefined && asked.some((name) => name === question),
  )
  test.each(planted)('$title', async ({ stage, question: name }) => {
    const question = questions[name]
    const { trial: served, close } = await openFaulty(trial, question.sql, home, stage!)
    onTestFinished(close)
    const found = await audit(served, question, { answers: 4, seed })
    expect(found.shown.rho).toBeGreaterThan(found.claimed.rho)
  })
})
