import { call, cast, literal } from '../build.ts'
import { BIGINT, HUGEINT } from '../type.ts'
import type { AggregateFunction, ScalarFunction } from './entry.ts'

/**
 * Functions of plans alone, which no text can name.
 * `__hash` orders the groups of a unit: equal arguments give equal numbers, and the first ones are secret. (The engine's
 * type is UBIGINT, which trees do not have; nothing but an order is made of it.)
 * `__bit` is one of 63 bits by a surrogate (dense and random, so its remainder is as good as a hash), and `__ones` counts
 * them: what `bit_or` has put together never has more ones than there were surrogates. (63, because the engine raises
 * where a shift reaches the sign.)
 */
export const system: readonly ScalarFunction[] = [
  {
    name: '__hash',
    takes: [],
    total: (args) => call('hash', args, HUGEINT),
  },
  {
    name: '__bit',
    takes: [],
    total: (args) => {
      const place = call('%', [...args, literal('63', BIGINT)], BIGINT)
      return call('<<', [literal('1', BIGINT), place], BIGINT)
    },
  },
  {
    name: '__ones',
    takes: [],
    total: (args) => cast(call('bit_count', args, { id: 'TINYINT' }), BIGINT),
  },
]

/** Aggregates of plans alone: the union of sets of bits. */
export const systemAggregates: readonly AggregateFunction[] = [
  { name: 'bit_or', use: 'feature', takes: ['integer'], total: (args) => args },
]
