import type { Contributions } from './contributions.ts'
import { verdict, type Verdict } from './verdict.ts'

/** Dominance is about absolute values where some are negative; people look at it, and no other verdict gets milder. */
export const checkNegative = ({ negatives }: Contributions): Verdict =>
  verdict('negative', negatives > 0n ? 'review' : 'pass', String(negatives))
