import { randomBytes, randomUUID } from 'node:crypto'

/** Clock, randomness and ids, handed down from the entry so that tests can choose them. Production: the system's. */
export type World = {
  /** Milliseconds since 1970-01-01 UTC. */
  readonly nowMs: () => number
  /** Milliseconds since some moment; goes on evenly whatever is done to the clock. For measuring and waiting. */
  readonly steadyMs: () => number
  /** Cryptographically secure random bytes. */
  readonly randomBytes: (length: number) => Uint8Array
  readonly id: () => string
}

export const systemWorld: World = {
  nowMs: () => Date.now(),
  steadyMs: () => performance.now(),
  randomBytes: (length) => randomBytes(length),
  id: () => randomUUID(),
}
