import { accepted, type Outcome } from '../policies/outcome.ts'
import type { Domain } from './domain.ts'
import { failure } from './ending.ts'
import { proceed } from './flow.ts'
import { openRun } from './state/runs.ts'
import { submissionsIn, type StoredSubmission } from './state/submissions.ts'

/**
 * Settles what the last keeper left unfinished, before anything else is answered. A question that was charged failed: its
 * charge stands, and nothing of its run was released. One that was received goes on, one after the other.
 */
export const recover = (domain: Domain): Outcome<undefined> => {
  const { reader } = domain.state
  for (const submission of [
    ...submissionsIn(reader, 'charged'),
    ...submissionsIn(reader, 'running'),
  ]) {
    const change = failure(submission, { run: openRun(reader, submission.id), fault: 'crash' })
    const settled = domain.state.commit((tx) => accepted(change(tx)))
    if (!settled.ok) return settled
  }
  void goOn(domain, submissionsIn(reader, 'received'))
  return accepted(undefined)
}

const goOn = async (domain: Domain, received: readonly StoredSubmission[]): Promise<void> => {
  for (const submission of received) await proceed(domain, submission, true)
}
