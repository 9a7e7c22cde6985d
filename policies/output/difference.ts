import { verdict, type Verdict } from './verdict.ts'

/**
 * Figures of one group under different conditions are equations over its parts: the rows for which the same conditions
 * hold. If a part is not safe by itself, whoever has the figures can solve for it, so only one of them is kept. `unsafe`:
 * parts that have rows and fail a rule.
 */
export const checkDifference = (unsafe: number, kept: boolean): Verdict =>
  verdict('difference', unsafe > 0 && !kept ? 'fail' : 'pass', `${unsafe}`)

/** Sums of different expressions over the same columns: their difference may be about few, and nothing proves that not. */
export const checkOverlap = (): Verdict => verdict('difference', 'review', 'same columns')

/** The same with an answer of several aggregates over the same tables, where withheld cells could be solved for. */
export const checkOtherTable = (withheldElsewhere: boolean): Verdict =>
  verdict(
    'other-table',
    withheldElsewhere ? 'fail' : 'review',
    withheldElsewhere ? 'withheld' : 'several',
  )
