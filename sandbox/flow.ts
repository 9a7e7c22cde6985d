import { digestOf } from '../policies/canonical.ts'
import { accepted, type Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import type { Submission } from '../policies/submission.ts'
import { limitsOf } from './budget.ts'
import { systemActor, type Domain } from './domain.ts'
import type { Account } from './door.ts'
import { derivedAnswer, giveDerived } from './derive.ts'
import { endingOf, failure } from './ending.ts'
import { execute } from './execute.ts'
import { insist } from './insist.ts'
import type { Actor } from './log/entry.ts'
import { keyOf, termsOf, understand, type Question, type Terms } from './question.ts'
import { giveAgain } from './reuse.ts'
import type { Writer } from './state/commit.ts'
import { chargeSubmission } from './state/ledger.ts'
import { reusableResult } from './state/results.ts'
import { openRun, startRun } from './state/runs.ts'
import {
  isWaiting,
  moveSubmission,
  receiveSubmission,
  type StoredSubmission,
} from './state/submissions.ts'
import { until, wake } from './wait.ts'

/**
 * The way of a submission, each step a log entry: received, then refused, or answered with an earlier result, or charged
 * and run, and at a fixed time released (noise) or held (people). Answers once it is known whether it will run, or when
 * it waits for a place to run in.
 */
export const submit = async (
  domain: Domain,
  who: Account,
  input: { readonly submission: Submission; readonly idempotencyKey?: string | undefined },
): Promise<Outcome<string>> => {
  const received = receive(domain, who, input)
  if (!received.ok) return received
  const { submission, isNew } = received.value
  if (isNew) await proceed(domain, submission)
  return accepted(submission.id)
}

/** Checks a received submission and takes it to a place to run in; one that a crash left here is owed one. Never rejects. */
export const proceed = (
  domain: Domain,
  submission: StoredSubmission,
  isOwed = false,
): Promise<void> =>
  guarded(domain, submission, async () => {
    const question = await ask(domain, submission)
    if (!isWaiting(domain.state.reader, submission.id)) return
    if (!question.ok) return turnDown(domain, submission, question.refusals)
    const conducted = (): Promise<void> =>
      guarded(domain, submission, () => conduct(domain, submission, question.value))
    const waits = { door: question.value.plan.door, organisation: submission.organisation, isOwed }
    if (!domain.places.take(waits, conducted)) turnDown(domain, submission, [busy(domain)])
  })

const busy = ({ settings: { runner } }: Domain): Refusal =>
  refuse('run/busy', { seconds: Math.ceil(runner.timeoutMs / 1000) })

/**
 * In its place: charged, run, and ended. All that follows from a run is committed at one fixed time, and the place is
 * kept until then: the log's growth, or the next one's turn, would tell when the run was over.
 */
const conduct = async (
  domain: Domain,
  submission: StoredSubmission,
  question: Question,
): Promise<void> => {
  if (!isWaiting(domain.state.reader, submission.id)) return
  if (!isAskedOf(domain, submission, question)) return void proceed(domain, submission, true)
  const earlier = earlierResult(domain, question)
  if (earlier !== undefined)
    return void guarded(domain, submission, () => giveAgain(domain, submission, question, earlier))
  const source = derivedAnswer(domain, submission, question)
  if (source !== undefined && (await giveDerived(domain, submission, question, source))) return
  if (isAskedFree(submission))
    return turnDown(domain, submission, [refuse('budget/nothing-released')])
  const run = domain.world.id()
  const begun = begin(domain, submission, question, run)
  if (!begun.ok) return turnDown(domain, submission, begun.refusals)
  const startMs = domain.world.steadyMs()
  const ran = await execute(domain, question)
  const elapsedMs = domain.world.steadyMs() - startMs
  const ending = endingOf(domain, submission, { question, ran, run, elapsedMs })
  await until(domain, startMs + ending.afterMs)
  await insist(domain, ending.change)
  wake(domain, submission.id)
}

const receive = (
  domain: Domain,
  who: Account,
  { submission, idempotencyKey }: Parameters<typeof submit>[2],
): ReturnType<typeof receiveSubmission> => {
  const terms = termsOf(domain, who, submission)
  const received = {
    id: domain.world.id(),
    digest: digestOf({ submission, terms: terms.ok ? digestsOf(terms.value) : null }),
    spec: submission,
    account: who.account,
    organisation: who.organisation,
    agreement: submission.agreement,
    ...(idempotencyKey !== undefined && { idempotencyKey }),
  }
  return domain.state.commit((tx) => receiveSubmission(tx, received, authorOf(received)))
}

const authorOf = ({
  account,
  organisation,
}: Pick<StoredSubmission, 'account' | 'organisation'>): Actor => ({
  account,
  organisation,
  role: 'analyst',
})

/** What decides an answer besides the text: equal digests, equal data. */
const digestsOf = ({ policy, versions }: Terms): { policy: string; versions: string[] } => ({
  policy: policy.digest,
  versions: Object.values(versions)
    .map(({ digest }) => digest)
    .sort(),
})

const ask = async (domain: Domain, submission: StoredSubmission): Promise<Outcome<Question>> => {
  const terms = termsOf(domain, submission, submission.spec)
  return terms.ok ? understand(domain, terms.value, submission.spec) : terms
}

/** Whether the terms are still those the question was judged under: meanwhile a policy, an agreement or data may be new. */
const isAskedOf = (domain: Domain, submission: StoredSubmission, question: Question): boolean => {
  const terms = termsOf(domain, submission, submission.spec)
  const named = ({ agreement, ...rest }: Terms): string =>
    digestOf({ agreement: agreement.digest, ...digestsOf({ agreement, ...rest }) })
  return terms.ok && named(terms.value) === named(question)
}

/** An equal question of the noise door gets the earlier bytes, free: the same noise tells nothing new. */
const earlierResult = (domain: Domain, question: Question): ReturnType<typeof reusableResult> =>
  question.plan.door === 'noise' ? reusableResult(domain.state.reader, keyOf(question)) : undefined

/** A rho of nothing asks for what was released before, however wide. */
const isAskedFree = ({ spec }: StoredSubmission): boolean => spec.door === 'noise' && spec.rho === 0

/** Charge and start are one commit: nothing is started that was not charged, and nothing charged that was not. */
const begin = (
  domain: Domain,
  submission: StoredSubmission,
  { plan, agreement, policy }: Question,
  run: string,
): Outcome<number> =>
  domain.state.commit((tx) => {
    const charged = chargeSubmission(
      tx,
      {
        id: submission.id,
        charge: {
          costs: plan.cost,
          datasets: Object.keys(plan.reads),
          organisation: submission.organisation,
          agreement: agreement.value.agreement,
        },
        limitOf: limitsOf(agreement.value, policy.value),
      },
      authorOf(submission),
      { door: plan.door },
    )
    return charged.ok
      ? accepted(startRun(tx, { run, submission: submission.id }, systemActor))
      : charged
  })

/** Ends a submission before its run. What could not be charged because nothing could be written may be asked again. */
const turnDown = (domain: Domain, { id }: StoredSubmission, found: readonly Refusal[]): void => {
  const refusals = found.map((each) => (each.code.startsWith('state/') ? unavailable : each))
  const codes = [...new Set(refusals.map(({ code }) => code))].slice(0, 50)
  const step = { id, to: 'refused', refusals } as const
  finish(domain, id, (tx) => {
    if (isWaiting(tx, id)) moveSubmission(tx, step, systemActor, { codes })
  })
}

const unavailable = refuse('run/unavailable', { seconds: 60 })

/** Commits the last step of a submission, now or as soon as it can be written, and wakes who waits for it. */
const finish = (domain: Domain, id: string, change: (tx: Writer) => void): void =>
  void insist(domain, change).then(
    () => wake(domain, id),
    (error: unknown) => domain.report(domain.world.id(), error),
  )

/** A bug is told to the operator and ends one submission: as refused before its charge, as failed after it. Never rejects. */
const guarded = async (
  domain: Domain,
  submission: StoredSubmission,
  work: () => Promise<void>,
): Promise<void> => {
  const incident = domain.world.id()
  try {
    await work()
  } catch (error) {
    domain.report(incident, error)
    abandon(domain, submission, incident)
  }
}

const abandon = (domain: Domain, submission: StoredSubmission, incident: string): void => {
  const { reader } = domain.state
  try {
    const run = openRun(reader, submission.id)
    if (run !== undefined) finish(domain, submission.id, failure(submission, { run, fault: 'bug' }))
    else if (isWaiting(reader, submission.id))
      turnDown(domain, submission, [refuse('internal/failure', { incident })])
  } catch (error) {
    domain.report(incident, error)
  }
}
