import type { Actor } from '../../sandbox/log/entry.ts'
import type { Charge, LimitOf } from '../../sandbox/state/ledger.ts'
import type { State } from '../../sandbox/state/open.ts'
import { receiveSubmission, type Received } from '../../sandbox/state/submissions.ts'

export const analyst: Actor = { account: 'li', organisation: 'city-bank', role: 'analyst' }
export const operator: Actor = { account: 'wang', organisation: 'operator', role: 'operator' }

/** A digest with this beginning. */
export const digest = (beginning: string): string => beginning.padEnd(64, '0')

export const received = (id: string, more: Partial<Received> = {}): Received => ({
  id,
  digest: digest('d1'),
  spec: { kind: 'query', agreement: 'credit-2026', door: 'noise', sql: 'select count(*) from tax' },
  account: 'li',
  organisation: 'city-bank',
  agreement: 'credit-2026',
  ...more,
})

export const receive = (state: State, id: string, more: Partial<Received> = {}) =>
  state.commit((tx) => receiveSubmission(tx, received(id, more), analyst))

export const charge = (rhoNano: number, more: Partial<Charge> = {}): Charge => ({
  costs: [{ kind: 'enterprise', rhoNano, deltaFemto: 0 }],
  datasets: ['tax'],
  organisation: 'city-bank',
  agreement: 'credit-2026',
  ...more,
})

/** The same limits on every line of these scopes. */
export const limits =
  (
    rhoNano: number,
    deltaFemto = 0,
    scopes: readonly string[] = ['domain', 'dataset', 'organisation', 'agreement'],
  ): LimitOf =>
  ({ scope }) =>
    scopes.includes(scope) ? { rhoNano, deltaFemto } : undefined
