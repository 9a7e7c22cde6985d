import type { Outcome } from '../../policies/outcome.ts'
import type { Action } from '../../policies/roles.ts'
import { answer } from '../../sandbox/answer.ts'
import type { Domain } from '../../sandbox/domain.ts'
import type { Input, Output, SubmissionView } from '../../sandbox/door.ts'
import { closeDomain, openDomain } from '../../sandbox/open.ts'
import type { Pool } from '../../sandbox/run/pool.ts'
import { systemWorld } from '../../sandbox/world.ts'
import {
  askingFor,
  keyDigest,
  need,
  preparedHome,
  type Asked,
  type Prepared,
  type TestDomain,
} from './domain.ts'
import { startWhenAsked } from './start.ts'

/**
 * A keeper in this process: its children are real, but started only when they are asked, and each can be replaced by what
 * a broken child would answer.
 */
export type Inside = Omit<TestDomain, 'call' | 'ask'> & {
  readonly domain: Domain
  /** What the operator would be told, in order. */
  readonly reported: unknown[]
  readonly call: <A extends Action>(
    as: string,
    action: A,
    input: Input<A>,
    change?: Partial<Domain>,
  ) => Promise<Outcome<Output<A>>>
  /** `change` replaces parts of the keeper for this one question. */
  readonly ask: (asked: Asked, change?: Partial<Domain>) => Promise<SubmissionView>
  /** Stops it and removes the home. */
  readonly close: () => void
}

/** The keeper of a prepared home, of this one or of a new one; `world` is its clock and randomness. */
export const openInside = async (prepared?: Prepared, world = systemWorld): Promise<Inside> => {
  const { home, keys, remove } = prepared ?? (await preparedHome())
  const opened = need(openDomain(home, { world, start: startWhenAsked }))
  const reported: unknown[] = []
  const domain: Domain = { ...opened, report: (_, error) => reported.push(error) }
  let last = 0
  const call: Inside['call'] = async (as, action, input, change?: Partial<Domain>) => {
    last += 1
    const request = { id: last, keyDigest: keyDigest(as), action, input }
    return (await answer(change ? { ...domain, ...change } : domain, request)) as never
  }
  return {
    home,
    domain,
    keys,
    reported,
    call,
    ask: async (asked, change?: Partial<Domain>) =>
      need(await call(keys.bank, 'submission/create', askingFor(asked), change)),
    stop: async () => closeDomain(domain),
    close: () => {
      closeDomain(domain)
      remove()
    },
  }
}

/** A pool whose child says this, whatever it is asked. */
export const poolSaying = (reply: (message: object) => unknown): Pool => ({
  ask: (message) => Promise.resolve({ answer: reply(message) }),
  waiting: () => 0,
  running: () => 0,
  close: () => undefined,
})
