import { canonicalJson, digestOf } from '../policies/canonical.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import type { Submission } from '../policies/submission.ts'
import { bucketOf } from './bucket.ts'
import { limitsOf } from './budget.ts'
import { systemActor, type Domain } from './domain.ts'
import type { Account } from './door.ts'
import { execute, type Made } from './execute.ts'
import type { Actor } from './log/entry.ts'
import { commitTo } from './log/entry.ts'
import { termsOf, understand, type Question, type Terms } from './question.ts'
import { recordOf } from './record.ts'
import { seal } from './sealed.ts'
import { settings } from './settings.ts'
import { chargeSubmission } from './state/ledger.ts'
import {
  protectResult,
  releaseOf,
  releaseResult,
  reusableResult,
  reuseResult,
  type StoredResult,
} from './state/results.ts'
import { endRun, startRun } from './state/runs.ts'
import { moveSubmission, receiveSubmission, type StoredSubmission } from './state/submissions.ts'
import { wake } from './wait.ts'

/**
 * The way of a submission, each step a log entry: received, then refused, or answered with an earlier result, or
 * charged, run, protected and released (noise) or held (people). Answers once it is known whether it will run.
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

/** Takes a received submission as far as its run, also one that a crash left here. */
export const proceed = async (domain: Domain, submission: StoredSubmission): Promise<void> => {
  const question = await ask(domain, submission)
  if (!question.ok) return turnDown(domain, submission, question.refusals)
  const earlier = earlierResult(domain, question.value)
  if (earlier !== undefined) return void giveAgain(domain, submission, earlier)
  const charged = charge(domain, submission, question.value)
  if (!charged.ok) return turnDown(domain, submission, charged.refusals)
  void conduct(domain, submission, question.value)
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
  if (!terms.ok) return terms
  if (domain.runners.waiting() >= settings.runner.waitingMax)
    return refused(refuse('run/busy', { seconds: settings.runner.timeoutMs / 1000 }))
  return understand(domain, terms.value, submission.spec)
}

const turnDown = (
  domain: Domain,
  submission: StoredSubmission,
  refusals: readonly Refusal[],
): void => {
  const detail = { codes: [...new Set(refusals.map(({ code }) => code))].slice(0, 50) }
  const step = { id: submission.id, to: 'refused', refusals } as const
  domain.state.commit((tx) => accepted(moveSubmission(tx, step, systemActor, detail)))
  wake(domain, submission.id)
}

/** Names a question together with all that decides its answer. */
export const keyOf = ({ plan, policy, versions }: Question): string =>
  digestOf({
    question: plan.question,
    policy: policy.digest,
    versions: readDigests({ plan, versions }),
  })

/** Digests of the versions a plan reads; what it does not read does not decide its answer. */
const readDigests = ({ plan, versions }: Pick<Question, 'plan' | 'versions'>): string[] =>
  Object.keys(plan.reads)
    .map((dataset) => versions[dataset]?.digest ?? '')
    .sort()

/** An equal question of the noise door gets the earlier bytes, free: the same noise tells nothing new. */
const earlierResult = (domain: Domain, question: Question): StoredResult | undefined =>
  question.plan.door === 'noise' ? reusableResult(domain.state.reader, keyOf(question)) : undefined

/** As late as the first time, so that time does not tell that somebody asked this before. */
const giveAgain = async (
  domain: Domain,
  submission: StoredSubmission,
  { digest }: StoredResult,
): Promise<void> => {
  const startedMs = domain.world.nowMs()
  const first = domain.state.reader.get(
    'SELECT submission FROM releases WHERE digest = ? ORDER BY seq LIMIT 1',
    digest,
  )
  const record = releaseOf(domain.state.reader, String(first?.['submission']))?.record ?? '{}'
  domain.state.commit((tx) =>
    accepted(reuseResult(tx, { submission: submission.id, digest }, systemActor)),
  )
  const { afterMs } = JSON.parse(record) as { afterMs: number }
  await until(domain, startedMs + afterMs)
  release(domain, submission, {
    ...(JSON.parse(record) as object),
    submission: submission.id,
    reused: first?.['submission'] ?? null,
  })
}

const release = (domain: Domain, submission: StoredSubmission, record: object): void => {
  const text = canonicalJson(record)
  domain.state.commit((tx) =>
    accepted(releaseResult(tx, { submission: submission.id, record: text }, systemActor)),
  )
  wake(domain, submission.id)
}

const charge = (
  domain: Domain,
  submission: StoredSubmission,
  { plan, agreement, policy }: Question,
): Outcome<number> =>
  domain.state.commit((tx) =>
    chargeSubmission(
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
    ),
  )

/**
 * Runs a charged question. Everything that follows from the run is committed at one fixed time: the log's growth, too,
 * would tell when a run ended. A run that gave nothing, and every run of the people door, is settled at `failureMs`.
 */
const conduct = async (
  domain: Domain,
  submission: StoredSubmission,
  question: Question,
): Promise<void> => {
  const run = domain.world.id()
  const started = { run, submission: submission.id }
  domain.state.commit((tx) => accepted(startRun(tx, started, systemActor)))
  const startedMs = domain.world.nowMs()
  const made = await execute(domain, question)
  const elapsedMs = domain.world.nowMs() - startedMs
  const automatic = made !== undefined && question.plan.door === 'noise'
  const afterMs = automatic
    ? bucketOf(elapsedMs)
    : Math.max(settings.failureMs, bucketOf(elapsedMs))
  await until(domain, startedMs + afterMs)
  if (made === undefined) fail(domain, submission, run)
  else settle(domain, submission, { question, made, run, afterMs })
}

const until = (domain: Domain, timeMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, timeMs - domain.world.nowMs())))

/** Nothing is released; the author learns one code, whatever it was. */
export const fail = (domain: Domain, { id }: StoredSubmission, run: string | undefined): void => {
  domain.state.commit((tx) => {
    if (run !== undefined) endRun(tx, { run, outcome: 'failed' }, systemActor)
    const refusals = [refuse('run/not-released')]
    return accepted(moveSubmission(tx, { id, to: 'failed', refusals }, systemActor))
  })
  wake(domain, id)
}

type Settled = {
  readonly question: Question
  readonly made: Made
  readonly run: string
  readonly afterMs: number
}

const settle = (
  domain: Domain,
  submission: StoredSubmission,
  { question, made, run, afterMs }: Settled,
): void => {
  const { id } = submission
  const bytes = Buffer.from(canonicalJson(made.result))
  const digest = digestOf(made.result)
  const isHeld = question.plan.door === 'people'
  const { salt, commitment } = commitTo(domain.world, bytes)
  const evidence = { salt: Buffer.from(salt).toString('hex'), checks: made.evidence }
  const kept = isHeld
    ? {
        bytes: seal(domain, `result ${digest}`, bytes),
        evidence: seal(domain, `evidence ${digest}`, Buffer.from(canonicalJson(evidence))),
      }
    : { bytes, evidence: null }
  const record = canonicalJson(recordOf(domain, submission, { question, digest, run, afterMs }))
  domain.state.commit((tx) => {
    endRun(tx, { run, outcome: 'done' }, systemActor)
    const result = { submission: id, digest, question: keyOf(question), commitment, ...kept }
    protectResult(tx, result, systemActor)
    return accepted(
      isHeld
        ? moveSubmission(tx, { id, to: 'held' }, systemActor)
        : releaseResult(tx, { submission: id, record }, systemActor).seq,
    )
  })
  wake(domain, id)
}
