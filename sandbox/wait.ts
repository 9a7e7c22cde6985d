import type { Domain } from './domain.ts'

/** Wakes everybody who waits for this submission. */
export const wake = ({ waiters }: Pick<Domain, 'waiters'>, id: string): void => {
  const waiting = waiters.get(id)
  waiters.delete(id)
  for (const waiter of waiting ?? []) waiter()
}

/** Wakes everybody: nothing more will happen here. */
export const wakeAll = (domain: Pick<Domain, 'waiters'>): void => {
  for (const id of domain.waiters.keys()) wake(domain, id)
}

/** Waits until the submission is woken or the time is over. */
export const waitFor = (
  { waiters }: Pick<Domain, 'waiters'>,
  id: string,
  waitMs: number,
): Promise<void> =>
  new Promise((resolve) => {
    const waiting = waiters.get(id) ?? new Set()
    const done = (): void => {
      clearTimeout(timer)
      waiting.delete(done)
      if (waiting.size === 0 && waiters.get(id) === waiting) waiters.delete(id)
      resolve()
    }
    const timer = setTimeout(done, waitMs)
    waiters.set(id, waiting.add(done))
  })

/** Waits until the steady clock of the domain shows this time. */
export const until = ({ world }: Pick<Domain, 'world'>, steadyMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, steadyMs - world.steadyMs())))
