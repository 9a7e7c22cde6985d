import { createHash } from 'node:crypto'
import type { Outcome } from '../../policies/outcome.ts'
import type { Action } from '../../policies/roles.ts'
import type { Submission } from '../../policies/submission.ts'
import { answer } from '../../sandbox/answer.ts'
import type { Domain } from '../../sandbox/domain.ts'
import type { Input, Output, SubmissionView } from '../../sandbox/door.ts'
import { closeDomain, openDomain } from '../../sandbox/open.ts'
import type { Pool } from '../../sandbox/run/pool.ts'
import { systemWorld } from '../../sandbox/world.ts'
import { agreementName, need, preparedHome, type Keys } from './domain.ts'

/** A keeper in this process, so that its children can be replaced by what a broken child would answer. */
export type Inside = {
  readonly domain: Domain
  readonly keys: Keys
  /** What the operator would be told, in order. */
  readonly reported: unknown[]
  readonly call: <A extends Action>(
    as: string,
    action: A,
    input: Input<A>,
    change?: Partial<Domain>,
  ) => Promise<Outcome<Output<A>>>
  /** Submits as the bank's analyst and waits; `change` replaces parts of the keeper for this one question. */
  readonly ask: (
    submission: Pick<Submission, 'sql'> & Partial<Submission>,
    change?: Partial<Domain>,
  ) => Promise<SubmissionView>
  readonly close: () => void
}

export const openInside = async (): Promise<Inside> => {
  const { home, keys, remove } = await preparedHome()
  const opened = openDomain(home, { world: systemWorld })
  if (!opened.ok) throw new Error(JSON.stringify(opened.refusals))
  const reported: unknown[] = []
  const domain: Domain = { ...opened.value, report: (_, error) => reported.push(error) }
  let last = 0
  const call: Inside['call'] = async (as, action, input, change = {}) =>
    (await answer(
      { ...domain, ...change },
      {
        id: (last += 1),
        keyDigest: createHash('sha256').update(as).digest('hex'),
        action,
        input,
      },
    )) as never
  return {
    domain,
    keys,
    reported,
    call,
    ask: async (submission, change) =>
      need(
        await call(
          keys.bank,
          'submission/create',
          {
            submission: { kind: 'query', agreement: agreementName, ...submission },
            waitMs: 30_000,
          },
          change,
        ),
      ),
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
