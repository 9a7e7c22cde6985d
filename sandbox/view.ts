import * as z from 'zod'
import { events } from '../policies/event.ts'
import { shownAmount } from './budget.ts'
import type { Output, SubmissionView } from './door.ts'
import type { Reader } from './state/database.ts'
import { chargeOf } from './state/ledger.ts'
import type { StoredSubmission } from './state/submissions.ts'

/**
 * The state its author sees. Between charge and release all is `running`; at the people door a run that failed looks
 * like one that waits for reviewers, since whether it failed may depend on data (I5).
 */
const visibleState = ({ state, spec }: StoredSubmission): SubmissionView['state'] => {
  switch (state) {
    case 'received':
    case 'charged':
    case 'running':
    case 'protected':
      return 'running'
    case 'failed':
      return spec.door === 'people' ? 'held' : 'failed'
    case 'refused':
    case 'withdrawn':
    case 'held':
    case 'released':
    case 'declined':
      return state
  }
}

/** Nothing more will happen to it without people. */
export const isResting = (submission: StoredSubmission): boolean =>
  visibleState(submission) !== 'running'

/** Nothing more will happen to it at all. One that is held may still be released. */
export const isAtEnd = (submission: StoredSubmission): boolean =>
  !['running', 'held'].includes(visibleState(submission))

const toldMax = 100
const toldSchema = z.object({ event: z.enum(events), timeMs: z.int() })

/** Entries about a submission that those who asked may see, after a place in the log. */
export const toldAfter = (
  reader: Reader,
  submission: StoredSubmission,
  after: number,
): Output<'submission/watch'>['events'] =>
  reader
    .all(
      `SELECT seq, body FROM entries ${toldWhere} AND seq > ? ORDER BY seq LIMIT ${toldMax}`,
      submission.id,
      untoldOf(submission),
      after,
    )
    .map(({ seq, body }) => ({
      logIndex: Number(seq),
      ...toldSchema.parse(JSON.parse(String(body))),
    }))

/** A submission as its author, an operator or a supervisor sees it. */
export const viewOf = (reader: Reader, submission: StoredSubmission): SubmissionView => {
  const { id, spec, account, organisation, receivedMs, result } = submission
  const state = visibleState(submission)
  return {
    id,
    submission: spec,
    account,
    organisation,
    state,
    receivedMs,
    refusals: state === 'held' ? [] : submission.refusals,
    cost: costOf(reader, id),
    ...(state === 'released' && result !== null && { digest: result }),
    logIndex: lastToldOf(reader, submission),
  }
}

const costOf = (reader: Reader, id: string): SubmissionView['cost'] => {
  const row = reader.get(
    `SELECT body FROM entries
     WHERE subject_type = 'submission' AND subject_id = ? AND +event = 'ledger/charged' ORDER BY seq LIMIT 1`,
    id,
  )
  if (row === undefined) return []
  const { detail } = JSON.parse(String(row['body'])) as { detail: unknown }
  return chargeOf(detail).costs.map(({ kind, ...amount }) => ({ kind, cost: shownAmount(amount) }))
}

/** What must not be told apart at the people door: that a run failed, and that its result is held. */
const untold = ['result/protected', 'result/held', 'submission/failed']

/** Whether those who asked may see this entry about their submission. */
export const isTold = ({ spec }: StoredSubmission, event: string): boolean =>
  spec.door === 'noise' || !untold.includes(event)

const untoldOf = ({ spec }: StoredSubmission): string =>
  JSON.stringify(spec.door === 'noise' ? [] : untold)

/** Entries about a submission that those who asked may see; the sign keeps the engine to the index of subjects. */
const toldWhere = `WHERE subject_type = 'submission' AND subject_id = ?
  AND +event NOT IN (SELECT value FROM json_each(?))`

/** Each fetch is an entry, so there may be many: read from the end, and no further than the first that is told. */
const lastToldOf = (reader: Reader, submission: StoredSubmission): number => {
  const row = reader.get(
    `SELECT seq FROM entries ${toldWhere} ORDER BY seq DESC LIMIT 1`,
    submission.id,
    untoldOf(submission),
  )
  return Number(row?.['seq'])
}
