import { topOf, type Contributions } from './contributions.ts'
import { verdict, type Verdict } from './verdict.ts'

/**
 * Zeros are contributions, and a sum in which few entities add anything is about those few: between one and the floor
 * fails. Where all that add something add the same, the sum is a count in disguise (`sum(case when c then 1 else 0 end)`),
 * and few entities that add nothing are told by it as well.
 */
export const checkHiddenCount = (
  contributions: Contributions,
  entities: bigint,
  floor: number,
): Verdict => {
  const { nonZero, smallestNonZero } = contributions
  const zeros = entities - nonZero
  const few = (count: bigint): boolean => count > 0n && count < BigInt(floor)
  const isCount = topOf(contributions, 1) === smallestNonZero
  const unsafe = few(nonZero) || (isCount && few(zeros))
  return verdict(
    'hidden-count',
    unsafe ? 'fail' : 'pass',
    `${nonZero} / ${entities}`,
    String(floor),
  )
}
