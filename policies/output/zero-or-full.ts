import { verdict, type Verdict } from './verdict.ts'

/** None or all of a group satisfy a condition: the figure says it of each of them. */
export const checkZeroOrFull = (satisfying: bigint, all: bigint): Verdict =>
  verdict(
    'zero-or-full',
    all > 0n && (satisfying === 0n || satisfying === all) ? 'review' : 'pass',
    `${satisfying} / ${all}`,
  )
