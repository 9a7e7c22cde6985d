import * as z from 'zod'
import { canonicalJson } from '../policies/canonical.ts'
import { systemActor, type Domain } from './domain.ts'
import { insist } from './insist.ts'
import type { Question } from './question.ts'
import { recordOf } from './record.ts'
import { firstRelease, releaseResult, reuseResult, type StoredResult } from './state/results.ts'
import { isWaiting, type StoredSubmission } from './state/submissions.ts'
import { until, wake } from './wait.ts'

/** What a record of an earlier release gives to a later one: its time bucket and the run behind it. */
const earlierSchema = z.object({ afterMs: z.number().min(0).max(3_600_000), run: z.string() })

/**
 * Gives an earlier result again: as late as the first time, and under a record of its own, since the first one names
 * another agreement and perhaps another organisation. Until then the submission is as received; a crash loses nothing.
 */
export const giveAgain = async (
  domain: Domain,
  submission: StoredSubmission,
  question: Question,
  { digest }: StoredResult,
): Promise<void> => {
  const startMs = domain.world.steadyMs()
  const first = firstRelease(domain.state.reader, digest)
  const { afterMs, run } = earlierSchema.parse(JSON.parse(first?.record ?? '{}'))
  const free = { ...question, plan: { ...question.plan, cost: [] } }
  const record = canonicalJson({
    ...recordOf(submission, { question: free, digest, run, afterMs }),
    reused: true,
  })
  await until(domain, startMs + afterMs)
  await insist(domain, (tx) => {
    if (!isWaiting(tx, submission.id)) return
    reuseResult(tx, { submission: submission.id, digest }, systemActor)
    releaseResult(tx, { submission: submission.id, record }, systemActor)
  })
  wake(domain, submission.id)
}
