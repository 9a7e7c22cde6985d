import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { foreseen } from '../../policies/query/forecast.ts'
import { describeTree } from '../../policies/relation/describe.ts'
import type { Submission } from '../../policies/submission.ts'
import { shownAmount } from '../budget.ts'
import { derivedAnswer } from '../derive.ts'
import type { Domain } from '../domain.ts'
import type { Account, Check, Output, SubmissionView } from '../door.ts'
import { submit } from '../flow.ts'
import { budgetOf, leftOfKind } from '../left.ts'
import { keyOf, termsOf, understand, type Question } from '../question.ts'
import { reusableResult } from '../state/results.ts'
import {
  isWaiting,
  listSubmissions as listStored,
  moveSubmission,
  submissionOf,
  type StoredSubmission,
} from '../state/submissions.ts'
import { isAtEnd, isResting, toldAfter, viewOf } from '../view.ts'
import { waitFor, wake } from '../wait.ts'
import { actorOf } from './account.ts'

/** Everything about a question but numbers of the data. Charges nothing and touches no data. */
export const checkSubmission = async (
  domain: Domain,
  who: Account,
  submission: Submission,
): Promise<Outcome<Check>> => {
  const terms = termsOf(domain, who, submission)
  const question = terms.ok ? await understand(domain, terms.value, submission) : terms
  if (!question.ok) return accepted({ accepted: false, refusals: [...question.refusals] })
  const foretold = forecast(domain, question.value)
  const asked = {
    organisation: who.organisation,
    agreement: submission.agreement,
    spec: submission,
  }
  const isHeld = derivedAnswer(domain, asked, question.value) !== undefined
  return accepted({
    accepted: true,
    refusals: [],
    ...foretold,
    ...(submission.door === 'noise' && submission.rho === 0 && { cost: [] }),
    reuse: foretold.reuse === true || isHeld,
  })
}

const forecast = (domain: Domain, question: Question): Partial<Check> => {
  const { plan, tree } = question
  const { reader } = domain.state
  const terms = { agreement: question.agreement.value, policy: question.policy.value }
  const questionsLeft = (kind: string, rhoNano: number): number =>
    rhoNano === 0 ? 0 : Math.floor(leftOfKind(reader, terms, kind).rhoNano / rhoNano)
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
    reuse: reusableResult(reader, keyOf(question)) !== undefined,
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
  if (submission === undefined) return refused(refuse('access/not-found', { thing: 'submission' }))
  const { reader } = domain.state
  const view = viewOf(reader, submission)
  return accepted({ ...view, ...budgetOf(reader, submission.agreement, view.cost) })
}

/** How long a watcher waits between two looks at steps that wake nobody. */
const lookMs = 1000

export const watchSubmission = async (
  domain: Domain,
  who: Account,
  {
    id,
    after = -1,
    waitMs,
  }: {
    readonly id: string
    readonly after?: number | undefined
    readonly waitMs: number
  },
): Promise<Outcome<Output<'submission/watch'>>> => {
  const endMs = domain.world.steadyMs() + waitMs
  for (;;) {
    const submission = visible(domain, who, id)
    if (submission === undefined)
      return refused(refuse('access/not-found', { thing: 'submission' }))
    const events = toldAfter(domain.state.reader, submission, after)
    const isOver = isAtEnd(submission)
    const leftMs = endMs - domain.world.steadyMs()
    if (events.length > 0 || isOver || leftMs <= 0) return accepted({ events, isOver })
    await waitFor(domain, id, Math.min(lookMs, leftMs))
  }
}

/** Takes back what waits for its run: it is not run and not charged. Its organisation may, not the account alone. */
export const withdrawSubmission = (
  domain: Domain,
  who: Account,
  { id }: { readonly id: string },
): Outcome<Output<'submission/withdraw'>> => {
  const missing = refused(refuse('access/not-found', { thing: 'submission' }))
  if (visible(domain, who, id) === undefined) return missing
  const withdrawn = domain.state.commit((tx) =>
    isWaiting(tx, id)
      ? accepted(moveSubmission(tx, { id, to: 'withdrawn' }, actorOf(who)))
      : refused(refuse('submission/begun')),
  )
  if (!withdrawn.ok) return withdrawn
  wake(domain, id)
  const submission = visible(domain, who, id)
  return submission === undefined ? missing : accepted(viewOf(domain.state.reader, submission))
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
