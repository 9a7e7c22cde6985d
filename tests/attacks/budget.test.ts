import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { agreementSchema } from '../../policies/agreement.ts'
import { policySchema } from '../../policies/policy.ts'
import { toFemto, toNano } from '../../policies/privacy/amount.ts'
import { decide } from '../../policies/query/decide.ts'
import type { NoiseStage, Plan } from '../../policies/query/plan.ts'
import { rhoAsked } from '../../policies/query/terms.ts'
import type { SubmissionView } from '../../sandbox/door.ts'
import { check } from '../support/checker.ts'
import { agreementName, need } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'
import { townContext, townPolicy, townTables } from '../support/town.ts'
import { priceOf } from './games/meter.ts'
import { question } from './sentence.ts'

const stagesOf = ({ stages }: Plan): readonly NoiseStage[] =>
  stages.filter((stage) => stage.kind === 'noise')

describe('a question', () => {
  test('is charged what its noise costs each kind of entity, and never more than was asked', async () => {
    let priced = 0
    await fc.assert(
      fc.asyncProperty(
        fc.gen(),
        fc.integer({ min: 1, max: 100_000_000 }),
        async (draw, rhoNano) => {
          const understood = await check(question(draw, 2), townTables)
          if (!understood.ok) return
          const decided = decide(understood.value, { ...townContext, rhoNano })
          if (!decided.ok) return
          const plan = decided.value
          const thresholds = stagesOf(plan).filter(
            ({ threshold }) => threshold !== undefined,
          ).length
          for (const { kind, rhoNano: charged, deltaFemto } of plan.cost) {
            const { over, under } = priceOf(plan, kind)
            expect(over <= BigInt(charged) * under).toBe(true)
            expect(charged).toBeLessThanOrEqual(rhoNano)
            expect(deltaFemto).toBe(thresholds * toFemto(townPolicy.question.delta))
          }
          const kinds = stagesOf(plan).flatMap(({ mechanisms }) =>
            mechanisms.flatMap(({ sensitivity }) => sensitivity.map(({ kind }) => kind)),
          )
          expect(plan.cost.map(({ kind }) => kind).sort()).toEqual([...new Set(kinds)].sort())
          priced += 1
        },
      ),
      { numRuns: 120, seed: 3, endOnFailure: true },
    )
    expect(priced).toBeGreaterThan(60)
  })

  const planOf = async (sql: string): Promise<Plan> => {
    const understood = await check(sql, townTables)
    const decided = understood.ok ? decide(understood.value, townContext) : understood
    if (!decided.ok) throw new Error(JSON.stringify(decided.refusals))
    return decided.value
  }
  const varianceOf = (plan: Plan): number => {
    const { numerator, denominator } = stagesOf(plan)[0]!.mechanisms[0]!.sigma2
    return Number(BigInt(numerator)) / Number(BigInt(denominator))
  }

  test('costs no less in parts: as many figures, or as many groups an entity may be in, as much noise', async () => {
    const one = varianceOf(await planOf('select count(*) from enterprise'))
    const four = varianceOf(
      await planOf(
        'select count(*), count(staff), count(capital), count(*) filter (where staff > 1) from enterprise',
      ),
    )
    expect(four).toBeGreaterThanOrEqual(one * 4)
    const whole = varianceOf(await planOf('select count(*) from tax'))
    const byMonth = varianceOf(await planOf('select month(period), count(*) from tax group by 1'))
    const byDistrict = varianceOf(
      await planOf('select district, count(*) from enterprise group by 1'),
    )
    expect(byMonth / whole).toBeCloseTo(2, 6)
    expect(byDistrict).toBe(one)
  })

  test('written twice in one text is paid for once', async () => {
    const once = await planOf('select count(*) from enterprise')
    const twice = await planOf('select count(*) as a, count(*) as b from enterprise')
    expect(varianceOf(twice)).toBe(varianceOf(once))
  })
})

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
})
afterAll(() => inside.close())

const sql = 'select count(*) from ent_registry'
const codes = ({ refusals }: SubmissionView): readonly string[] => refusals.map(({ code }) => code)

describe('an amount of rho', () => {
  test.each([
    [-0.01, 'submission/malformed'],
    [Number.NaN, 'submission/malformed'],
    [Number.POSITIVE_INFINITY, 'submission/malformed'],
    [1e-300, 'submission/malformed'],
    [1e-10, 'submission/malformed'],
    ['0.01', 'submission/malformed'],
    [11, 'submission/malformed'],
    [1e308, 'submission/malformed'],
  ])('%s is no amount', async (rho, code) => {
    const submission = { kind: 'query', agreement: agreementName, sql, rho }
    const input = { submission, waitMs: 0 } as never
    const outcome = await inside.call(inside.keys.bank, 'submission/create', input)
    expect(outcome).toMatchObject({ ok: false, refusals: [{ code }] })
  })

  test.each([
    [1.5e-9, 'submission/malformed'],
    [0.010_000_000_5, 'submission/malformed'],
    [0.050_000_001, 'budget/exceeds-question'],
    [10, 'budget/exceeds-question'],
    [1e-9, 'budget/below-question'],
    [0.000_099_999, 'budget/below-question'],
  ])('%s is refused before anything is charged', async (rho, code) => {
    const view = await inside.ask({ sql, rho })
    expect([view.state, codes(view), view.cost]).toEqual(['refused', [code], []])
  })

  test('as small as the policy allows is answered with its noise, and charged', async () => {
    const least = await inside.ask({ sql, rho: 1e-4 })
    expect(least).toMatchObject({ state: 'released' })
    expect(Math.max(...least.cost.map(({ cost }) => cost.rho))).toBe(1e-4)
  })

  test('would buy a run for next to nothing, and tens of thousands of them, were there no least one', async () => {
    const understood = await check('select count(*) from enterprise', townTables)
    if (!understood.ok) throw new Error(JSON.stringify(understood.refusals))
    const runsFor = (rhoNano: number): number => {
      const decided = decide(understood.value, { ...townContext, rhoNano })
      if (!decided.ok) throw new Error(JSON.stringify(decided.refusals))
      return toNano(0.25) / Math.max(...decided.value.cost.map((cost) => cost.rhoNano))
    }
    expect(runsFor(1)).toBe(250_000_000)
    expect(runsFor(toNano(townPolicy.question.rhoMin))).toBe(2500)
  })
})

describe('a rho that is none, where nobody looks at the form of a submission', () => {
  const odd = [-0.01, Number.NaN, Number.POSITIVE_INFINITY, 1e-300, 1e-10, 1.5e-9, 1e308]
  const { agreement: text, policy: rules } = cityDocuments()
  const papers = {
    agreement: agreementSchema.parse(parse(text)),
    policy: policySchema.parse(parse(rules)),
  }

  test.each(odd)('%s is no whole number of 1e-9', (rho) => {
    expect(rhoAsked({ door: 'noise', rho }, papers, '2026-01-31')).toMatchObject({
      refusals: [{ code: 'submission/malformed' }],
    })
  })

  test.each(odd.filter((rho) => rho !== 1.5e-9))('%s as a double makes no plan', async (rho) => {
    const understood = await check('select count(*) from enterprise', townTables)
    const tree = need(understood)
    expect(() => decide(tree, { ...townContext, rhoNano: rho * 1e9 })).toThrow()
  })
})

describe('the ledger', () => {
  const spend = (index: number): Promise<SubmissionView> =>
    inside.ask({
      sql: `select count(*) from ent_registry where registered_capital > ${index}`,
      rho: 0.05,
    })

  test('lets no more through at once than one after the other', async () => {
    const views = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(spend))
    const states = views.map(({ state }) => state)
    // 0.25 of rho, and 1e-4 is spent.
    expect(states.filter((state) => state === 'released')).toHaveLength(4)
    expect(views.flatMap(codes)).toEqual(Array.from({ length: 3 }, () => 'budget/exhausted'))
    const [agreement] = need(await inside.call(inside.keys.bank, 'agreement/list', {})).agreements
    // Behind each enterprise stands a person, for whom the same noise hides less.
    const line = agreement!.ledger.find(
      ({ scope, kind }) => scope === 'agreement' && kind === 'person',
    )
    expect(line!.spent.rho).toBeCloseTo(0.2001, 12)
  })

  test('an equal question is free when nothing is left, and nothing else is', async () => {
    const rest = await inside.ask({
      sql: 'select count(*) as rest from ent_registry',
      rho: 0.0499,
    })
    expect(rest.state).toBe('released')
    const again = await inside.ask({ sql: `${sql} -- again`, rho: 1e-4 })
    expect(again).toMatchObject({ state: 'released', cost: [] })
    const free = await inside.ask({ sql: 'select count(*) as n from ent_registry', rho: 0 })
    expect(free).toMatchObject({ state: 'released', cost: [] })
    const other = await inside.ask({
      sql: 'select count(*) as n from ent_registry where registered_capital > 99',
      rho: 1e-4,
    })
    expect([other.state, codes(other)]).toEqual(['refused', ['budget/exhausted']])
  })
})
