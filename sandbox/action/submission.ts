import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { foreseen } from '../../policies/query/forecast.ts'
import { describeTree } from '../../policies/relation/describe.ts'
import type { Submission } from '../../policies/submission.ts'
import { limitsOf, shownAmount } from '../budget.ts'
import type { Domain } from '../domain.ts'
import type { Account, Check, Output, SubmissionView } from '../door.ts'
import { submit } from '../flow.ts'
import { keyOf, termsOf, understand, type Question } from '../question.ts'
import { leftOf, spentOn } from '../state/ledger.ts'
import { reusableResult } from '../state/results.ts'
import {
  listSubmissions as listStored,
  submissionOf,
  type StoredSubmission,
} from '../state/submissions.ts'
import { viewOf, isResting } from '../view.ts'
import { waitFor } from '../wait.ts'

/** Everything about a question but numbers of the data. Charges nothing and touches no data. */
export const checkSubmission = async (
  domain: Domain,
  who: Account,
  submission: Submission,
): Promise<Outcome<Check>> => {
  const terms = termsOf(domain, who, submission)
  const question = terms.ok ? await understand(domain, terms.value, submission) : terms
  if (!question.ok) return accepted({ accepted: false, refusals: [...question.refusals] })
  return accepted({ accepted: true, refusals: [], ...forecast(domain, question.value) })
}

const forecast = (domain: Domain, question: Question): Partial<Check> => {
  const { plan, tree, agreement, policy } = question
  const limitOf = limitsOf(agreement.value, policy.value)
  const questionsLeft = (kind: string, rhoNano: number): number => {
    const lines = [
      { scope: 'domain', name: 'domain', kind },
      { scope: 'agreement', name: agreement.value.agreement, kind },
    ] as const
    const left = lines.map((line) => {
      const limit = limitOf(line) ?? { rhoNano: 0, deltaFemto: 0 }
      return leftOf(limit, spentOn(domain.state.reader, line)).rhoNano
    })
    return rhoNano === 0 ? 0 : Math.floor(Math.min(...left) / rhoNano)
  }
  return {
    understood: describeTree(tree, 'en'),
    columns: Object.entries(plan.reads).flatMap(([dataset, columns]) =>
      columns.map((column) => ({ dataset, column })),
    ),
    door: plan.door,
    ...(question.level !== undefined && { level: question.level }),
    cost: plan.cost.map(({ kind, ...amount }) => ({
      kind,
      cost: shownAmount(amount),
      questionsLeft: questionsLeft(kind, amount.rhoNano),
    })),
    ...foreseen(plan),
    reuse: reusableResult(domain.state.reader, keyOf(question)) !== undefined,
  }
}

export const createSubmission = async (
  domain: Domain,
  who: Account,
  input: {
    readonly submission: Submission
    readonly idempotencyKey?: string | undefined
    readonly waitMs: number
  },
): Promise<Outcome<SubmissionView>> => {
  const submitted = await submit(domain, who, input)
  if (!submitted.ok) return submitted
  return showSubmission(domain, who, { id: submitted.value, waitMs: input.waitMs })
}

export const showSubmission = async (
  domain: Domain,
  who: Account,
  { id, waitMs }: { readonly id: string; readonly waitMs: number },
): Promise<Outcome<SubmissionView>> => {
  const found = visible(domain, who, id)
  if (found !== undefined && !isResting(found) && waitMs > 0) await waitFor(domain, id, waitMs)
  const submission = visible(domain, who, id)
  return submission === undefined
    ? refused(refuse('access/not-found', { thing: 'submission' }))
    : accepted(viewOf(domain.state.reader, submission))
}

/** An analyst sees the submissions of the own organisation. */
const visible = (domain: Domain, who: Account, id: string): StoredSubmission | undefined => {
  const found = submissionOf(domain.state.reader, id)
  return who.role === 'analyst' && found?.organisation !== who.organisation ? undefined : found
}

export const listSubmissions = (
  domain: Domain,
  who: Account,
  { cursor, limit }: { readonly cursor?: number | undefined; readonly limit: number },
): Outcome<Output<'submission/list'>> => {
  const found = listStored(domain.state.reader, {
    ...(who.role === 'analyst' && { organisation: who.organisation }),
    ...(cursor !== undefined && { before: cursor }),
    limit,
  })
  const last = found.length === limit ? found.at(-1)?.seq : undefined
  return accepted({
    submissions: found.map((submission) => viewOf(domain.state.reader, submission)),
    ...(last !== undefined && { next: last }),
  })
}
