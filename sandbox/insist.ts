import { accepted } from '../policies/outcome.ts'
import type { Domain } from './domain.ts'
import type { Writer } from './state/commit.ts'
import { until } from './wait.ts'

/**
 * Commits what must not be lost; on a disk that is full, again and again until there is room. The first attempt is made
 * before this returns. What the process takes with it when it ends is settled by the next one (`recover.ts`).
 */
export const insist = async (
  domain: Pick<Domain, 'state' | 'world' | 'settings'>,
  change: (tx: Writer) => void,
): Promise<void> => {
  while (!domain.state.commit((tx) => accepted(change(tx))).ok)
    await until(domain, domain.world.steadyMs() + domain.settings.retryMs)
}
