import * as z from 'zod'

/**
 * What one rule says of one figure. `fail` withholds it and nobody can override that; `review` is put before the
 * reviewers. `measured` and `limit` are for the evidence alone: they are true figures and confidential parameters.
 */
export const verdictSchema = z.strictObject({
  rule: z.enum([
    'floor',
    'p-percent',
    'n-k',
    'degrees-of-freedom',
    'hidden-count',
    'negative',
    'equal-values',
    'homogeneous',
    'zero-or-full',
    'range',
    'difference',
    'other-table',
  ]),
  verdict: z.enum(['pass', 'review', 'fail']),
  measured: z.string(),
  limit: z.string(),
})
export type Verdict = z.infer<typeof verdictSchema>
export type Rule = Verdict['rule']

export const verdict = (
  rule: Rule,
  outcome: Verdict['verdict'],
  measured: string,
  limit = '',
): Verdict => ({ rule, verdict: outcome, measured, limit })
