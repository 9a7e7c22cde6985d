import { expect, test } from 'vitest'
import { foreseen } from '../../policies/query/forecast.ts'
import { fromNano, toNano } from '../../policies/privacy/amount.ts'
import { simulate, type Simulated } from '../../policies/simulate.ts'
import type { Policy } from '../../policies/policy.ts'
import { agreementSchema } from '../../policies/agreement.ts'
import { planOf, town, townPolicy } from '../support/town.ts'

const datasets = Object.values(town)
const { questions, limits } = simulate(townPolicy, datasets)
const find = (
  all: readonly Simulated[],
  dataset: string,
  more: Partial<Record<'measure' | 'by', string>>,
): Simulated => {
  const found = all.find(
    (each) => each.dataset === dataset && each.by === more.by && each.measure === more.measure,
  )
  if (found === undefined) throw new Error('no such question')
  return found
}

test.for<[string, { by?: string; measure?: string }, string]>([
  ['enterprise', {}, 'select count(*) from enterprise'],
  ['enterprise', { by: 'district' }, 'select district, count(*) from enterprise group by district'],
  ['enterprise', { by: 'industry' }, 'select industry, count(*) from enterprise group by industry'],
  ['tax', { by: 'kind' }, 'select kind, count(*) from tax group by kind'],
  ['tax', { measure: 'amount' }, 'select sum(amount) from tax'],
  ['tax', { measure: 'late_days' }, 'select sum(late_days) from tax'],
  ['owner', { measure: 'share' }, 'select sum(share) from owner'],
])(
  'of %s %j is told what the question `%s` costs and how wide it is',
  async ([dataset, more, sql]) => {
    const plan = await planOf(sql, { rhoNano: toNano(townPolicy.question.rho) })
    const { cells, widths } = foreseen(plan)
    const found = find(questions, dataset, more)
    if (!('sd' in found)) throw new Error(JSON.stringify(found))
    expect(found.cost).toEqual(plan.cost)
    expect(found.sd).toBe(widths[0]?.sd)
    expect(found.cells).toBe(cells)
    expect(found.least === undefined).toBe(found.cells !== undefined)
  },
)

test('a count has the width of the discrete Gaussian at its rho, by a public grid as without one', () => {
  const widthOf = (more: { by?: string }): number => {
    const found = find(questions, 'enterprise', more)
    return 'sd' in found ? found.sd : Number.NaN
  }
  const sigma = Math.sqrt(1 / (2 * townPolicy.question.rho))
  expect(widthOf({})).toBeCloseTo(sigma, 6)
  expect(widthOf({ by: 'district' })).toBeCloseTo(sigma, 6)
  // Where the groups are not public, half of the rho pays for the number of entities that lets them appear.
  for (const by of ['industry', 'founded'])
    expect(widthOf({ by })).toBeCloseTo(Math.SQRT2 * sigma, 6)
  const found = find(questions, 'enterprise', { by: 'district' })
  expect('sd' in found && found.halfWidth95 / found.sd).toBeCloseTo(1.96, 0)
})

test('a question can be asked as often as the tightest limit pays for it', () => {
  const found = find(questions, 'owner', { measure: 'share' })
  if (!('sd' in found)) throw new Error(JSON.stringify(found))
  const often = found.cost.map(({ kind, rhoNano }) =>
    Math.floor((townPolicy.kinds[kind]?.ledger.rho ?? 0) / fromNano(rhoNano)),
  )
  expect(found.questionsLeft).toBe(Math.min(...often))
  const agreement = agreementSchema.parse({
    agreement: 'half',
    organisation: 'bank',
    scenario: 'a',
    purpose: 'b',
    policy: 'town',
    doors: ['noise'],
    datasets: {},
    rho: 0.5,
    delta: 2e-9,
    runsMax: 9,
    from: '2026-01-01',
    until: '2026-12-31',
  })
  const half = simulate(townPolicy, datasets, agreement)
  expect(find(half.questions, 'owner', { measure: 'share' })).toMatchObject({
    questionsLeft: Math.floor(found.questionsLeft / 2),
  })
  // Groups above a threshold spend delta: two of them and no more.
  expect(find(half.questions, 'enterprise', { by: 'industry' })).toMatchObject({ questionsLeft: 2 })
  expect(half.limits).toMatchObject([
    { scope: 'domain', name: 'enterprise', rho: 1, usualQuestions: 100 },
    { scope: 'domain', name: 'person', rho: 1, usualQuestions: 100 },
    { scope: 'agreement', name: 'half', rho: 0.5, usualQuestions: 50 },
  ])
})

test('a whole ledger is told as epsilon', () => {
  expect(limits[0]?.epsilon).toBeGreaterThan(7)
  expect(limits[0]?.epsilon).toBeLessThan(9)
})

test('a question that the noise door refuses is told with its reason, a closed door has none', () => {
  const { unitsMax: _, ...person } = townPolicy.kinds['person'] ?? {
    floor: 3,
    ledger: { rho: 1, delta: 1e-6 },
  }
  const unbounded: Policy = { ...townPolicy, kinds: { ...townPolicy.kinds, person } }
  const refused = simulate(unbounded, datasets)
  expect(find(refused.questions, 'worker', {})).toMatchObject({
    refusals: [{ code: 'query/contribution-unbounded' }],
  })
  expect(simulate({ ...townPolicy, doors: ['people'] }, datasets)).toEqual({
    questions: [],
    limits: [],
  })
})

test('public tables and datasets that the policy does not open are left out', () => {
  expect(questions.some(({ dataset }) => dataset === 'region')).toBe(false)
  const { enterprise, ...rest } = townPolicy.datasets
  expect(enterprise).toBeDefined()
  const closed = simulate({ ...townPolicy, datasets: rest }, datasets)
  expect(closed.questions.some(({ dataset }) => dataset === 'enterprise')).toBe(false)
})
