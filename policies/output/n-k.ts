import { scaled } from '../relation/scaled.ts'
import { topOf, type Contributions } from './contributions.ts'
import { verdict, type Verdict } from './verdict.ts'

/**
 * (n, k) rule: the n greatest contributions are k % of the total or more. Equality is unsafe, as in ACRO 1.x and sdcLog
 * (tau-Argus and sdcTable let it pass). A total of zero says nothing here.
 */
export const checkNK = (contributions: Contributions, n: number, kPercent: number): Verdict => {
  const { total } = contributions
  const top = topOf(contributions, n)
  const unsafe = total > 0n && 100_000_000n * top >= scaled(kPercent, 6, 'down') * total
  return verdict('n-k', unsafe ? 'fail' : 'pass', `${top} / ${total}`, `(${n}, ${kPercent} %)`)
}
