import type { Expr } from '../expression.ts'
import type { AggregateFunction } from './entry.ts'
import { integerOf } from './guard.ts'

const same = (args: readonly Expr[]): readonly Expr[] => args

const rank = (name: string): AggregateFunction => ({
  name,
  use: 'feature',
  takes: [''],
  total: same,
})

/** How many rows away, or which row: a small constant. */
const distance =
  (position: number, least: number) =>
  (args: readonly Expr[]): 'argument' | undefined => {
    if (args[position] === undefined) return undefined
    const rows = integerOf(args[position])
    return rows === undefined || rows < least || rows > 100_000 ? 'argument' : undefined
  }

const neighbour = (name: string): AggregateFunction => ({
  name,
  use: 'feature',
  takes: ['value', 'value integer', 'value integer value'],
  literals: [1],
  problem: distance(1, 0),
  total: same,
})

/** Window functions that are no aggregates. Each returns a value of some row, or its place among the others. */
export const positions: readonly AggregateFunction[] = [
  ...['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist'].map(rank),
  {
    name: 'ntile',
    use: 'feature',
    takes: ['integer'],
    literals: [0],
    problem: distance(0, 1),
    total: same,
  },
  neighbour('lag'),
  neighbour('lead'),
  { name: 'first_value', use: 'feature', takes: ['value'], total: same },
  { name: 'last_value', use: 'feature', takes: ['value'], total: same },
  {
    name: 'nth_value',
    use: 'feature',
    takes: ['value integer'],
    literals: [1],
    problem: distance(1, 1),
    total: same,
  },
]
