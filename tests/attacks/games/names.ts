import { toNano } from '../../../policies/privacy/amount.ts'
import type { Question } from '../../../sandbox/question.ts'
import type { LimitOf } from '../../../sandbox/state/ledger.ts'
import type { Otherwise } from './conduct.ts'
import { times, type Game } from './moves.ts'
import { ingest, limitNano, publishWith, questionsMax, recorded, type Table } from './table.ts'

const unlimited = { rhoNano: Number.MAX_SAFE_INTEGER, deltaFemto: Number.MAX_SAFE_INTEGER }

/** The whole domain may spend as much as a game allows, from now on. */
const tighten = ({ inside }: Table): Promise<number> => {
  const limit = recorded(inside.domain) + limitNano
  return publishWith(inside, limit).then(() => limit)
}
const many = toNano(1)

/** As many questions as may be paid for, and something new; again and again. */
const renewing =
  (
    ask: (table: Table, agreement: string) => Promise<unknown>,
    renew: (table: Table, round: number) => Promise<unknown>,
  ) =>
  async (table: Table): Promise<void> => {
    const agreement = await table.sign(many)
    for (let round = 0; round <= table.rounds; round += 1) {
      if (round > 0) await renew(table, round)
      await times(questionsMax, () => ask(table, agreement))
    }
  }
const pressing: Parameters<typeof renewing>[0] = (table, agreement) => table.ask({ agreement })

/** A ledger whose lines are named by something that does not last. */
const named = (payer: (question: Question) => string): Otherwise => ({
  payer,
  limits: () => onlyOf({ rhoNano: limitNano, deltaFemto: unlimited.deltaFemto }),
})
const onlyOf =
  (limit: ReturnType<LimitOf>): LimitOf =>
  ({ scope }) =>
    scope === 'agreement' ? limit : unlimited

export const names: readonly Game[] = [
  {
    title: 'a new agreement',
    play: async (table) => {
      await tighten(table)
      await times(1 + table.rounds, async () => {
        const agreement = await table.sign()
        await times(questionsMax, () => table.ask({ agreement }))
      })
    },
    guard: 'an agreement’s line alone has a limit',
    without: (table) =>
      times(1 + table.rounds, async () => {
        const agreement = await table.sign()
        const limits =
          (usual: LimitOf): LimitOf =>
          (line) =>
            line.scope === 'domain' ? unlimited : usual(line)
        await times(questionsMax, () => table.conduct({ agreement }, { limits }))
      }),
  },
  {
    title: 'a new text of the policy',
    play: async (table) => {
      const limit = await tighten(table)
      await renewing(pressing, ({ inside }, round) => publishWith(inside, limit, `round ${round}`))(
        table,
      )
    },
    guard: 'lines are named by the policy’s digest',
    without: renewing(
      (table, agreement) =>
        table.conduct(
          { agreement },
          named(({ policy }) => `policy-${policy.digest.slice(0, 16)}`),
        ),
      ({ inside }, round) => publishWith(inside, 10_000_000_000, `without ${round}`),
    ),
  },
  {
    title: 'a new version',
    play: async (table) => {
      await tighten(table)
      await renewing(pressing, ({ inside }) => ingest(inside))(table)
    },
    guard: 'lines are named by the version that is read',
    without: renewing(
      (table, agreement) =>
        table.conduct(
          { agreement },
          named(({ versions }) => `version-${versions['ent_registry']!.digest.slice(0, 16)}`),
        ),
      ({ inside }) => ingest(inside),
    ),
  },
]
