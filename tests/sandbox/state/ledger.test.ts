import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
import { moveSubmission, submissionOf } from '../../../sandbox/state/submissions.ts'
import { chargeSubmission, leftOf, linesOf, reserve } from '../../../sandbox/state/ledger.ts'
import { spentLines, spentOn, type Charge, type LimitOf } from '../../../sandbox/state/ledger.ts'
import type { State } from '../../../sandbox/state/open.ts'
import { checkLog, draft, inFolder, openingOf, openTest, tamperWith } from '../../support/state.ts'
import { analyst, charge, limits, receive } from '../../support/flow.ts'

const subject = { type: 'submission', id: 's' }
const pay = (state: State, what: Charge, limitOf: LimitOf) =>
  state.commit((tx) => reserve(tx, what, limitOf, { actor: analyst, subject, detail: {} }))

const codeOf = (outcome: ReturnType<typeof pay>): string =>
  outcome.ok ? 'paid' : outcome.refusals.map(({ code }) => code).join()

const domainLine = { scope: 'domain', name: 'domain', kind: 'enterprise' } as const

const withState = (run: (state: State, folder: string) => void): void =>
  inFolder((folder) => {
    const state = openTest(folder)
    run(state, folder)
    checkLog(state)
    state.close()
    expect(openingOf(folder)).toBe('opened')
  })

describe('a charge', () => {
  test('is paid from the lines of domain, dataset, organisation and agreement, each for every kind', () => {
    withState((state) => {
      const costs = [
        { kind: 'enterprise', rhoNano: 5, deltaFemto: 7 },
        { kind: 'person', rhoNano: 3, deltaFemto: 0 },
      ]
      const what = charge(0, { costs, datasets: ['tax', 'market'] })
      expect(codeOf(pay(state, what, limits(10, 10)))).toBe('paid')
      expect(spentLines(state.reader)).toHaveLength(10)
      for (const line of linesOf(what))
        expect(spentOn(state.reader, line)).toEqual({
          rhoNano: line.rhoNano,
          deltaFemto: line.deltaFemto,
        })
      expect(spentLines(state.reader, 'dataset').map(({ name }) => name)).toEqual([
        'market',
        'market',
        'tax',
        'tax',
      ])
    })
  })

  test('up to the last unit of a line is paid, and one unit more is refused', () => {
    withState((state) => {
      expect(codeOf(pay(state, charge(6), limits(10)))).toBe('paid')
      expect(codeOf(pay(state, charge(5), limits(10)))).toBe('budget/exhausted')
      expect(codeOf(pay(state, charge(4), limits(10)))).toBe('paid')
      expect(codeOf(pay(state, charge(1), limits(10)))).toBe('budget/exhausted')
      expect(spentOn(state.reader, domainLine).rhoNano).toBe(10)
    })
  })

  test('that one line cannot pay is paid by none, and the refusal says which, what is left and needed', () => {
    withState((state) => {
      const limitOf: LimitOf = ({ scope }) => ({
        rhoNano: {
          domain: 9_000_000,
          dataset: 8_000_000,
          organisation: 2_000_000,
          agreement: 3_000_000,
        }[scope],
        deltaFemto: 0,
      })
      const outcome = pay(state, charge(5_000_000), limitOf)
      expect(outcome).toMatchObject({
        refusals: [
          {
            code: 'budget/exhausted',
            params: { scope: 'organisation/city-bank/enterprise', left: '0.002', needed: '0.005' },
          },
        ],
      })
      expect(spentLines(state.reader)).toEqual([])
      expect(checkLog(state)).toBe(0)
    })
  })

  test('whose delta cannot be paid is refused for its delta', () => {
    withState((state) => {
      const costs = [{ kind: 'enterprise', rhoNano: 1, deltaFemto: 5 }]
      const outcome = pay(state, charge(0, { costs }), limits(10, 4))
      expect(outcome).toMatchObject({
        refusals: [{ code: 'budget/delta-exhausted', params: { scope: 'domain/enterprise' } }],
      })
    })
  })

  test('is recorded also on lines without a limit, and the domain always has one', () => {
    withState((state) => {
      expect(codeOf(pay(state, charge(5), limits(10, 0, ['domain'])))).toBe('paid')
      expect(spentLines(state.reader)).toHaveLength(4)
      expect(() => pay(state, charge(5), limits(10, 0, ['agreement']))).toThrow('no limit')
      expect(spentOn(state.reader, domainLine).rhoNano).toBe(5)
    })
  })

  test.each([
    [
      'a kind twice',
      charge(0, { costs: [1, 2].map((n) => ({ kind: 'k', rhoNano: n, deltaFemto: 0 })) }),
    ],
    ['a dataset twice', charge(1, { datasets: ['tax', 'tax'] })],
    ['less than nothing', charge(-1)],
    ['a part of a unit', charge(0.5)],
    ['no number', charge(Number.NaN)],
  ])('of %s is a bug and changes nothing', (_, what) => {
    withState((state) => {
      expect(() => pay(state, what, limits(10))).toThrow()
      expect(spentLines(state.reader)).toEqual([])
    })
  })

  test('of a submission moves it in the same change, or leaves it where it was', () => {
    withState((state) => {
      receive(state, 'a')
      const chargeIt = (what: Charge) =>
        state.commit((tx) =>
          chargeSubmission(tx, { id: 'a', charge: what, limitOf: limits(10) }, analyst),
        )
      expect(codeOf(chargeIt(charge(11)))).toBe('budget/exhausted')
      expect(submissionOf(state.reader, 'a')?.state).toBe('received')
      expect(codeOf(chargeIt(charge(10)))).toBe('paid')
      expect(submissionOf(state.reader, 'a')?.state).toBe('charged')
      expect(() => chargeIt(charge(0))).toThrow('no step')
      expect(() =>
        state.commit((tx) => accepted(moveSubmission(tx, { id: 'a', to: 'received' }, analyst))),
      ).toThrow('no step')
    })
  })
})

describe('what is spent', () => {
  test('is the sum of what was paid, whatever the order, and no line is ever over its limit', () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 })
    fc.assert(
      fc.property(amounts, (tries) => {
        withState((state) => {
          let paid = 0
          for (const rhoNano of tries) {
            const fits = paid + rhoNano <= 100
            expect(codeOf(pay(state, charge(rhoNano), limits(100)))).toBe(
              fits ? 'paid' : 'budget/exhausted',
            )
            if (fits) paid += rhoNano
          }
          expect(spentOn(state.reader, domainLine).rhoNano).toBe(paid)
        })
      }),
      { numRuns: 8 },
    )
  })

  test('stays spent after opening again, under lower limits, under other names', () => {
    inFolder((folder) => {
      const state = openTest(folder)
      pay(state, charge(8), limits(10))
      state.close()
      const again = openTest(folder)
      expect(spentOn(again.reader, domainLine).rhoNano).toBe(8)
      expect(codeOf(pay(again, charge(1), limits(5)))).toBe('budget/exhausted')
      const renamed = { datasets: ['tax-2'], organisation: 'other-bank', agreement: 'credit-2027' }
      expect(pay(again, charge(3, renamed), limits(10))).toMatchObject({
        refusals: [{ params: { scope: 'domain/enterprise', left: '0.000000002' } }],
      })
      again.close()
    })
  })

  test.each([
    ['an update to less', 'UPDATE spent SET rho_nano = 1'],
    ['an update of delta to less', 'UPDATE spent SET delta_femto = 1'],
    ['a line that goes by another name', "UPDATE spent SET kind = 'other'"],
    ['a removal', 'DELETE FROM spent'],
    [
      'a replacement',
      "INSERT OR REPLACE INTO spent VALUES ('domain', 'domain', 'enterprise', 0, 0)",
    ],
    [
      'an upsert to less',
      "INSERT INTO spent VALUES ('domain', 'domain', 'enterprise', 0, 0) ON CONFLICT DO UPDATE SET rho_nano = 0",
    ],
  ])('is not lowered by %s', (_, sql) => {
    withState((state) => {
      const costs = [{ kind: 'enterprise', rhoNano: 8, deltaFemto: 8 }]
      pay(state, charge(0, { costs }), limits(10, 10))
      expect(() => state.commit((tx) => accepted(tx.run(sql)), [draft('x')])).toThrow('stays spent')
      expect(spentOn(state.reader, domainLine)).toEqual({ rhoNano: 8, deltaFemto: 8 })
    })
  })

  test('is counted anew from the log at opening: a file with less, more or other lines is refused', () => {
    for (const sql of [
      "UPDATE spent SET rho_nano = 1 WHERE scope = 'agreement'",
      'UPDATE spent SET delta_femto = 99',
      "DELETE FROM spent WHERE scope = 'domain'",
      "INSERT INTO spent VALUES ('domain', 'domain', 'person', 1, 0)",
    ])
      inFolder((folder) => {
        const state = openTest(folder)
        pay(state, charge(8), limits(10))
        state.close()
        tamperWith(folder, sql)
        expect(openingOf(folder), sql).toBe('state/damaged')
      })
  })

  test('leaves what the limit has more, and never less than nothing', () => {
    expect(leftOf({ rhoNano: 10, deltaFemto: 5 }, { rhoNano: 4, deltaFemto: 5 })).toEqual({
      rhoNano: 6,
      deltaFemto: 0,
    })
    expect(leftOf({ rhoNano: 3, deltaFemto: 0 }, { rhoNano: 4, deltaFemto: 5 })).toEqual({
      rhoNano: 0,
      deltaFemto: 0,
    })
  })
})
