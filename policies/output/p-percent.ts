import { scaled } from '../relation/scaled.ts'
import { topOf, type Contributions } from './contributions.ts'
import { verdict, type Verdict } from './verdict.ts'

/**
 * p% rule: with total X and greatest contributions x1 >= x2, the second may estimate the first to within the remainder,
 * so 100 (X - x1 - x2) < p x1 is unsafe. Equality is safe. Exact integers; a total of zero says nothing here.
 * Source: HandbookSDC, magnitude tables; boundary as in ACRO 1.0.1, tau-Argus and sdcTable.
 */
export const checkPPercent = (contributions: Contributions, pPercent: number): Verdict => {
  const first = topOf(contributions, 1)
  const remainder = contributions.total - topOf(contributions, 2)
  const unsafe = 100_000_000n * remainder < scaled(pPercent, 6, 'up') * first
  return verdict('p-percent', unsafe ? 'fail' : 'pass', `${remainder} / ${first}`, `${pPercent} %`)
}
