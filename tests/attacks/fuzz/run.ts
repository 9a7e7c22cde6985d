import { expect } from 'vitest'
import { seededBytes } from '../../support/seeded.ts'
import type { Target } from './target.ts'

/** What one try may take, and what all of them together may leave behind. */
type Bounds = { readonly cpuMs: number; readonly heldMb: number }
export const usualBounds: Bounds = { cpuMs: 5000, heldMb: 600 }

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const heldMb = (): number => process.memoryUsage().rss / 2 ** 20

/** Draws from a seed: whole numbers below a bound. */
export const belowOf = (seed: string): ((bound: number) => number) => {
  const bytes = seededBytes(seed)
  return (bound) => Buffer.from(bytes(6)).readUIntLE(0, 6) % bound
}

/** Tries a target so often; throws at the first try that broke a promise. */
export const fuzz = async (
  target: Target,
  { seed, tries, bounds = usualBounds }: { seed: string; tries: number; bounds?: Bounds },
): Promise<void> => {
  const below = belowOf(seed)
  const startMb = heldMb()
  for (let count = 0; count < tries; count += 1) {
    const startMs = cpuMs()
    await target.attempt(below)
    expect(cpuMs() - startMs, `CPU time of try ${count}`).toBeLessThan(bounds.cpuMs)
    expect(heldMb() - startMb, `memory after try ${count}`).toBeLessThan(bounds.heldMb)
  }
}
