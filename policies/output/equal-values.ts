import { topOf, type Contributions } from './contributions.ts'
import { verdict, type Verdict } from './verdict.ts'

/** Where all entities add the same, all zero for instance, the sum tells what each of them adds. */
export const checkEqualValues = (contributions: Contributions): Verdict => {
  const equal = topOf(contributions, 1) === contributions.smallest
  return verdict(
    'equal-values',
    equal ? 'review' : 'pass',
    equal ? String(contributions.smallest) : '',
  )
}
