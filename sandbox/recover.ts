import { accepted } from '../policies/outcome.ts'
import { canonicalJson } from '../policies/canonical.ts'
import { systemActor, type Domain } from './domain.ts'
import { fail, proceed } from './flow.ts'
import { releaseResult } from './state/results.ts'
import { openRun } from './state/runs.ts'
import { submissionsIn } from './state/submissions.ts'

/**
 * Settles what the last keeper left unfinished, before anything else is answered. A charged or running question failed:
 * its charge stands. One that waited for its time with an earlier result is released. One that was received goes on.
 */
export const recover = (domain: Domain): void => {
  const { reader } = domain.state
  for (const submission of [
    ...submissionsIn(reader, 'charged'),
    ...submissionsIn(reader, 'running'),
  ])
    fail(domain, submission, openRun(reader, submission.id))
  for (const { id, result } of submissionsIn(reader, 'protected')) {
    const row = reader.get(
      'SELECT record FROM releases WHERE digest = ? ORDER BY seq LIMIT 1',
      result,
    )
    const record = { ...(JSON.parse(String(row?.['record'])) as object), submission: id }
    domain.state.commit((tx) =>
      accepted(releaseResult(tx, { submission: id, record: canonicalJson(record) }, systemActor)),
    )
  }
  for (const submission of submissionsIn(reader, 'received')) void proceed(domain, submission)
}
