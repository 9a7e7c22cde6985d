import { canonicalJson, digestOf } from '../policies/canonical.ts'
import { refuse } from '../policies/refusal.ts'
import { bucketOf } from './bucket.ts'
import { systemActor, type Domain } from './domain.ts'
import type { Fault, Made, Ran } from './execute.ts'
import { commitTo } from './log/entry.ts'
import { keyOf, type Question } from './question.ts'
import { recordOf } from './record.ts'
import { seal } from './sealed.ts'
import type { Writer } from './state/commit.ts'
import { protectResult, releaseResult } from './state/results.ts'
import { endRun } from './state/runs.ts'
import { moveSubmission, type StoredSubmission } from './state/submissions.ts'

/** How a submission ends: what is committed, and how long after the start of its run. */
export type Ending = { readonly change: (tx: Writer) => void; readonly afterMs: number }

type Run = { readonly question: Question; readonly run: string; readonly elapsedMs: number }

/**
 * Makes the ending ready before its time. An answer of the noise door leaves in its time bucket. A run that gave nothing,
 * and every run of the people door, ends at `failureMs`, with as many entries of the log either way (I5). What cannot be
 * made ready is a run that gave nothing.
 */
export const endingOf = (
  domain: Domain,
  submission: StoredSubmission,
  ended: Run & { readonly ran: Ran },
): Ending => {
  const { ran, run, elapsedMs, question } = ended
  const { failureMs } = domain.settings
  const lastMs = Math.max(1, Math.ceil(elapsedMs / failureMs)) * failureMs
  const failed = (fault: Fault): Ending => ({
    change: failure(submission, { run, fault }),
    afterMs: lastMs,
  })
  if ('fault' in ran) return failed(ran.fault)
  try {
    return question.plan.door === 'noise'
      ? released(domain, submission, { ...ended, ...ran, afterMs: bucketOf(elapsedMs) })
      : { change: held(domain, submission, { ...ended, ...ran }), afterMs: lastMs }
  } catch (error) {
    domain.report(domain.world.id(), error)
    return failed('bug')
  }
}

/** Nothing is released; the author learns one code, whatever it was. */
export const failure =
  (
    { id }: StoredSubmission,
    { run, fault }: { readonly run: string | undefined; readonly fault: Fault | 'crash' },
  ): Ending['change'] =>
  (tx) => {
    if (run !== undefined) endRun(tx, { run, outcome: 'failed' }, systemActor, { fault })
    const refusals = [refuse('run/not-released')]
    moveSubmission(tx, { id, to: 'failed', refusals }, systemActor)
  }

type Succeeded = Run & { readonly made: Made }

const released = (
  domain: Domain,
  submission: StoredSubmission,
  { question, made, run, afterMs }: Succeeded & { readonly afterMs: number },
): Ending => {
  const bytes = Buffer.from(canonicalJson(made.result))
  const digest = digestOf(made.result)
  const { commitment } = commitTo(domain.world, bytes, domain.signer.suite.hash)
  const result = { submission: submission.id, digest, question: keyOf(question), commitment }
  const record = canonicalJson(recordOf(submission, { question, digest, run, afterMs }))
  return {
    afterMs,
    change: (tx) => {
      endRun(tx, { run, outcome: 'done' }, systemActor)
      protectResult(tx, { ...result, bytes, evidence: null }, systemActor)
      releaseResult(tx, { submission: submission.id, record }, systemActor)
    },
  }
}

/** Result and evidence wait inside, sealed; the log holds a commitment that only the evidence's salt opens. */
const held = (
  domain: Domain,
  submission: StoredSubmission,
  { question, made, run }: Succeeded,
): Ending['change'] => {
  const bytes = Buffer.from(canonicalJson(made.result))
  const digest = digestOf(made.result)
  const { salt, commitment } = commitTo(domain.world, bytes, domain.signer.suite.hash)
  const evidence = { salt: Buffer.from(salt).toString('hex'), checks: made.evidence }
  const result = {
    submission: submission.id,
    digest,
    question: keyOf(question),
    commitment,
    bytes: seal(domain, `result ${digest}`, bytes),
    evidence: seal(domain, `evidence ${digest}`, Buffer.from(canonicalJson(evidence))),
    isHeld: true,
  }
  return (tx) => {
    endRun(tx, { run, outcome: 'done' }, systemActor)
    protectResult(tx, result, systemActor)
  }
}
