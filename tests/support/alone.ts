import { createHash } from 'node:crypto'
import { answer } from '../../sandbox/answer.ts'
import type { Domain } from '../../sandbox/domain.ts'
import { closeDomain, openDomain } from '../../sandbox/open.ts'
import type { Child } from '../../sandbox/run/child.ts'
import { systemWorld, type World } from '../../sandbox/world.ts'
import { need, type Keys, type TestDomain } from './domain.ts'

/** A keeper in this process that answers no question, so that none of its pools starts a process. */
export type Alone = Pick<TestDomain, 'call' | 'keys'> & {
  readonly domain: Domain
  readonly close: () => void
}

const idleChild = (): Child => ({
  pid: undefined,
  send: () => true,
  onMessage: () => undefined,
  exited: new Promise(() => undefined),
  kill: () => undefined,
  complaint: () => '',
})

export const openAlone = (home: string, keys: Keys, world: World = systemWorld): Alone => {
  const domain = need(openDomain(home, { world, start: idleChild }))
  let last = 0
  return {
    domain,
    keys,
    call: async (as, action, input) =>
      (await answer(domain, {
        id: (last += 1),
        keyDigest: createHash('sha256').update(as).digest('hex'),
        action,
        input,
      })) as never,
    close: () => closeDomain(domain),
  }
}
