import type { SubmissionView } from '../sandbox/door.ts'

type Budget = NonNullable<SubmissionView['budget']>

/**
 * `Privacy-Budget`, a list of RFC 9651, for each kind of entity: under which agreement, rho charged, rho left, and about
 * how many usual questions more that is. Amounts are strings, since a decimal there has three digits after its point.
 */
export const budgetHeader = ({ agreement, kinds }: Budget): string =>
  kinds
    .map(({ kind, cost, left, questionsLeft }) =>
      [
        textOf(agreement),
        `kind=${textOf(kind)}`,
        `cost="${amountText(cost.rho)}"`,
        `left="${amountText(left.rho)}"`,
        `more=${questionsLeft}`,
      ].join(';'),
    )
    .join(', ')

/** A string, or, beyond ASCII, a display string. Names hold nothing that would have to be escaped. */
const textOf = (name: string): string =>
  /^[ -~]*$/.test(name) ? `"${name}"` : `%"${encodeURIComponent(name).toLowerCase()}"`

/** In nanos at the finest, never with an exponent. */
const amountText = (amount: number): string => amount.toFixed(9).replace(/\.?0+$/, '')
