import { createHash } from 'node:crypto'
import type { World } from '../../sandbox/world.ts'

/** A world that is the same in every run: a clock that stands still, numbered ids, bytes from a hashed counter. */
export const testWorld = (seed = 'test'): World => {
  let count = 0
  const next = (): Buffer =>
    createHash('sha256')
      .update(`${seed} ${(count += 1)}`)
      .digest()
  return {
    nowMs: () => Date.UTC(2026, 0, 31),
    steadyMs: () => 0,
    randomBytes: (length) => {
      const blocks = Array.from({ length: Math.ceil(length / 32) }, next)
      return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
    },
    id: () => next().toString('hex').slice(0, 32),
  }
}
