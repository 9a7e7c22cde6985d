import type { Domain } from './domain.ts'

/** Wakes everybody who waits for this submission. */
export const wake = (domain: Domain, id: string): void => {
  const waiters = domain.waiters.get(id)
  domain.waiters.delete(id)
  for (const waiter of waiters ?? []) waiter()
}

/** Waits until the submission is woken or the time is over. */
export const waitFor = (domain: Domain, id: string, waitMs: number): Promise<void> =>
  new Promise((resolve) => {
    const waiters = domain.waiters.get(id) ?? new Set()
    const done = (): void => {
      clearTimeout(timer)
      waiters.delete(done)
      resolve()
    }
    const timer = setTimeout(done, waitMs)
    domain.waiters.set(id, waiters.add(done))
  })
