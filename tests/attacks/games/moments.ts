import type { Domain } from '../../../sandbox/domain.ts'
import { keyOf, type Question } from '../../../sandbox/question.ts'
import { recover } from '../../../sandbox/recover.ts'
import type { Charge } from '../../../sandbox/state/ledger.ts'
import { reusableResult } from '../../../sandbox/state/results.ts'
import { need } from '../../support/domain.ts'
import { poolSaying } from '../../support/inside.ts'
import type { Otherwise } from './conduct.ts'
import { movesOf, past, under, type Game } from './moves.ts'
import { refundLast, whileItFalls } from './refund.ts'
import { limitNano, type Table } from './table.ts'

const atOnce = async (count: number, move: () => Promise<unknown>): Promise<void> =>
  void (await Promise.all(Array.from({ length: count }, move)))

export const together =
  (otherwise: Otherwise) =>
  async (table: Table): Promise<void> => {
    const agreement = await table.sign()
    await atOnce(movesOf(table), () => table.conduct({ agreement }, otherwise))
  }
const askTogether = async (table: Table): Promise<void> => {
  const agreement = await table.sign()
  await atOnce(movesOf(table), () => table.ask({ agreement }))
}

const never = { ask: () => new Promise<never>(() => undefined) }
const failing = poolSaying(() => ({ answer: 'failure', fault: 'engine' }))

/** A question of whose run nothing comes back, and a keeper that begins again. */
const crash = async (table: Table, agreement: string): Promise<void> => {
  const { call, keys, domain } = table.inside
  const submission = { kind: 'query', door: 'noise', agreement, sql: table.fresh() } as const
  const change = { ...table.own, runners: table.counted(never) }
  const input = { submission, waitMs: 0 }
  const { id } = need(await call(keys.bank, 'submission/create', input, change))
  need(recover(domain))
  table.note(need(await call(keys.bank, 'submission/show', { id, waitMs: 0 })).state)
}

/** Asks and goes away; what became of it is looked up by somebody else. */
const leave = async (table: Table, agreement: string): Promise<void> => {
  const { call, keys } = table.inside
  const submission = { kind: 'query', door: 'noise', agreement, sql: table.fresh() } as const
  const input = { submission, waitMs: 0 }
  const { id } = need(await call(keys.bank, 'submission/create', input, table.own))
  table.note(need(await call(keys.operator, 'submission/show', { id, waitMs: 30_000 })).state)
}

const refunding =
  (change: (table: Table) => Partial<Domain>) =>
  (table: Table): Promise<void> =>
    whileItFalls(table.inside.domain, () =>
      under(limitNano, async (_, agreement) => {
        await table.conduct({ agreement }, {}, change(table))
        refundLast(table.inside.domain, agreement)
      })(table),
    )

const free = (domain: Domain, question: Question): Charge['costs'] =>
  reusableResult(domain.state.reader, keyOf(question)) === undefined ? question.plan.cost : []

const same = (count: number): string =>
  `select count(*) as same from ent_registry where registered_capital > ${count}`

export const moments: readonly Game[] = [
  {
    title: 'many at once',
    play: askTogether,
    guard: 'the balance is read before the transaction that pays',
    without: together({ isReadBefore: true }),
  },
  {
    title: 'many at once, each run before it is paid for',
    play: askTogether,
    guard: 'charged after the run',
    without: together({ isChargedLast: true }),
  },
  {
    title: 'a crash between a run and what is committed after it',
    play: under(limitNano, crash),
    guard: 'charged after the run',
    without: past({ isChargedLast: true, isKilled: true }),
  },
  {
    title: 'runs that fail',
    play: under(limitNano, (table, agreement) =>
      table.ask({ agreement }, { runners: table.counted(failing) }),
    ),
    guard: 'what failed is given back',
    without: refunding((table) => ({ runners: table.counted(failing) })),
  },
  {
    title: 'going away, and taking back what was answered',
    play: under(limitNano, leave),
    guard: 'what is taken back is given back',
    without: refunding(() => ({})),
  },
  {
    title: 'the same again',
    play: under(limitNano, (table, agreement, at) =>
      table.ask({ agreement, sql: `${same(9001)} -- ${at}` }),
    ),
    guard: 'an equal question is free, and run again',
    without: past({ costs: free }, { sql: same(9002) }),
  },
]
