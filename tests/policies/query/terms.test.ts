import { expect, test } from 'vitest'
import { agreementSchema, type Agreement } from '../../../policies/agreement.ts'
import { rhoAsked } from '../../../policies/query/terms.ts'
import type { Submission } from '../../../policies/submission.ts'
import { townPolicy } from '../../support/town.ts'

const agreement = agreementSchema.parse({
  agreement: 'a',
  organisation: 'bank',
  scenario: 's',
  purpose: 'p',
  policy: 'town',
  doors: ['noise'],
  datasets: {},
  rho: 1,
  delta: 1e-9,
  runsMax: 1,
  from: '2026-01-01',
  until: '2026-12-31',
})
const asked = (
  submission: Pick<Submission, 'door' | 'rho'>,
  today: string,
  { doors = ['noise'] as Agreement['doors'], opened = townPolicy.doors } = {},
) =>
  rhoAsked(
    submission,
    { agreement: { ...agreement, doors }, policy: { ...townPolicy, doors: opened } },
    today,
  )

test.each<[Pick<Submission, 'door' | 'rho'>, string, number]>([
  [{ door: 'noise' }, '2026-01-01', 10_000_000],
  [{ door: 'noise', rho: 0.1 }, '2026-12-31', 100_000_000],
  [{ door: 'noise', rho: 0.0001 }, '2026-06-30', 100_000],
])('%j on %s spends %i', (submission, today, rhoNano) => {
  expect(asked(submission, today)).toEqual({ ok: true, value: rhoNano })
})

test.each<[Pick<Submission, 'door' | 'rho'>, string, string]>([
  [{ door: 'noise' }, '2025-12-31', 'submission/agreement-not-in-force'],
  [{ door: 'noise' }, '2027-01-01', 'submission/agreement-not-in-force'],
  [{ door: 'people' }, '2026-06-30', 'submission/door-not-agreed'],
  [{ door: 'noise', rho: 0.015_000_000_5 }, '2026-06-30', 'submission/malformed'],
  [{ door: 'noise', rho: 0.100_000_001 }, '2026-06-30', 'budget/exceeds-question'],
  [{ door: 'noise', rho: 0.000_099_999 }, '2026-06-30', 'budget/below-question'],
])('%j on %s is refused: %s', (submission, today, code) => {
  expect(asked(submission, today)).toMatchObject({ ok: false, refusals: [{ code }] })
})

test('a door must be open by the agreement and by the policy', () => {
  const doors: Agreement['doors'] = ['noise', 'people']
  const [submission, day] = [{ door: 'people' as const }, '2026-06-30']
  expect(asked(submission, day, { doors }).ok).toBe(true)
  expect(asked(submission, day, { doors, opened: ['noise'] }).ok).toBe(false)
})
