import { HUGEINT } from '../type.ts'
import type { ScalarFunction } from './entry.ts'

/**
 * Functions of plans alone. They take no argument a text could give, so no text can call them.
 * `__hash` orders the groups of a unit: equal arguments give equal numbers, and the first argument is secret.
 */
export const system: readonly ScalarFunction[] = [
  {
    name: '__hash',
    takes: [],
    total: (args) => ({
      op: 'tryCast',
      input: { op: 'call', name: 'hash', args, type: HUGEINT },
      type: HUGEINT,
    }),
  },
]
