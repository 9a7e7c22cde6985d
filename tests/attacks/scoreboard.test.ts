import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { leastOf, shareOf } from '../support/bound.ts'
import { budget } from './families/budget.ts'
import { errors } from './families/errors.ts'
import { extraction } from './families/extraction.ts'
import { floods } from './families/floods.ts'
import { inference, linkability, singlingOut } from './families/gda.ts'
import { naming } from './families/naming.ts'
import { lastBits } from './families/noise.ts'
import { averaging, trackers } from './families/one-enterprise.ts'
import { fromCounts, fromCube, fromGroupings } from './families/reconstruction.ts'
import type { Family, Row } from './families/row.ts'
import { foundCombinations, foundQuestions } from './families/search.ts'
import { structure } from './families/structure.ts'
import { work } from './families/work.ts'
import { scoreboardPage } from './scoreboard.ts'

/*
 * Every family of attacks, through the checker, the rules, the statement and the gate that answer analysts: nothing may
 * be inferred beyond what was spent allows, and without its guard each attack succeeds. The long run writes the page.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined

const families: Readonly<Record<string, Family>> = {
  trackers,
  fromGroupings,
  fromCube,
  naming,
  averaging,
  structure,
  singlingOut,
  inference,
  linkability,
  foundCombinations,
  foundQuestions,
  lastBits,
}
/** Their short runs are tests of their own. */
const elsewhere: Readonly<Record<string, Family>> = prove
  ? { extraction, errors, work, fromCounts, budget, floods }
  : {}

const rows: Row[] = []
describe('nothing is inferred beyond what was spent (S4-14d)', () => {
  test.each(Object.entries({ ...elsewhere, ...families }))(
    '%s',
    async (_, family) => {
      const row = await family(prove ? 'long' : 'small')
      rows.push(row)
      expect(row.refused + row.released, row.family).toBeLessThanOrEqual(row.attempts)
      expect(row.inferred.of, row.family).toBeGreaterThan(0)
      // But for one chance in a thousand, what is seen is more than is allowed.
      expect(leastOf(row.inferred), row.family).toBeLessThanOrEqual(row.bound)
      expect(shareOf(row.guardRemoved), row.family).toBeGreaterThan(row.bound)
    },
    prove ? 1_800_000 : 60_000,
  )
})

test.skipIf(!prove)('the scoreboard is written', () => {
  expect(rows).toHaveLength(Object.keys({ ...elsewhere, ...families }).length)
  writeFileSync('docs/attack-scoreboard.md', scoreboardPage(rows))
})
