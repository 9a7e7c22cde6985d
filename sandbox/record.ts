import { cubeOf, type Cube } from '../policies/query/cube.ts'
import { shownAmount } from './budget.ts'
import type { Question } from './question.ts'
import type { StoredSubmission } from './state/submissions.ts'

/** As release records name what computed an answer. */
const engine = 'sluice 0.1.0, duckdb 1.5.5'

/**
 * The release record: all that stands behind a released result, by digest. It leaves with the result, so nothing of the
 * run's evidence is in it. `afterMs`: the time bucket it left in.
 */
export const recordOf = (
  submission: StoredSubmission,
  {
    question: { agreement, policy, versions, plan },
    digest,
    run,
    afterMs,
  }: {
    readonly question: Question
    readonly digest: string
    readonly run: string
    readonly afterMs: number
  },
) => ({
  format: 'sluice-release-1',
  submission: submission.id,
  submissionDigest: submission.digest,
  recipient: submission.organisation,
  result: digest,
  agreement: { name: agreement.value.agreement, digest: agreement.digest },
  purpose: agreement.value.purpose,
  policy: { name: policy.value.policy, digest: policy.digest },
  data: Object.entries(plan.reads).map(([dataset, columns]) => ({
    dataset,
    version: versions[dataset]?.digest ?? null,
    columns,
  })),
  door: plan.door,
  question: plan.question,
  cost: plan.cost.map(({ kind, ...amount }) => ({ kind, ...shownAmount(amount) })),
  run,
  engine,
  afterMs,
  ...cubed(plan),
})

/** What later questions can be answered from this one. */
const cubed = (plan: Question['plan']): { readonly cube?: Cube } => {
  const cube = cubeOf(plan)
  return cube === undefined ? {} : { cube }
}
