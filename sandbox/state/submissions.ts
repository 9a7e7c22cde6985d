import * as z from 'zod'
import { canonicalJson } from '../../policies/canonical.ts'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refusalSchema, refuse, type Refusal } from '../../policies/refusal.ts'
import {
  eventOf,
  firstState,
  submissionStates,
  type SubmissionState,
} from '../../policies/states.ts'
import { submissionSchema } from '../../policies/submission.ts'
import type { Actor, Draft } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'

const parsedJson = z.string().transform((text): unknown => JSON.parse(text))

/**
 * A submission: `digest` addresses everything that decides its answer, `spec` is what was asked, `seq` the place of the
 * log entry of its receipt (also the cursor of lists), `result` the digest of what it led to.
 */
const storedSchema = z.strictObject({
  id: z.string().min(1).max(64),
  digest: digestSchema,
  spec: parsedJson.pipe(submissionSchema),
  account: nameSchema,
  organisation: nameSchema,
  agreement: nameSchema,
  state: z.enum(submissionStates),
  receivedMs: z.int(),
  changedMs: z.int(),
  seq: z.int(),
  refusals: parsedJson.pipe(z.array(refusalSchema)),
  result: digestSchema.nullable(),
})
export type StoredSubmission = z.output<typeof storedSchema>

const columns = `id, digest, spec, account, organisation, agreement, state, received_ms AS receivedMs,
  changed_ms AS changedMs, seq, refusals, result`

export type Received = Pick<
  StoredSubmission,
  'id' | 'digest' | 'spec' | 'account' | 'organisation' | 'agreement'
> & { readonly idempotencyKey?: string }

/**
 * Takes a submission in. The same key of the same account with the same content is the submission it was before
 * (`isNew` false, nothing logged), whatever became of data and policy since; with other content it is refused
 * (`submission/conflict`).
 */
export const receiveSubmission = (
  tx: Writer,
  received: Received,
  actor: Actor,
  detail: Draft['detail'] = {},
): Outcome<{ readonly submission: StoredSubmission; readonly isNew: boolean }> => {
  const { id, digest, spec, account, organisation, agreement, idempotencyKey = null } = received
  const earlier = readSubmission(
    tx.get(
      `SELECT ${columns} FROM submissions WHERE account = ? AND idempotency_key = ?`,
      account,
      idempotencyKey,
    ),
  )
  if (earlier !== undefined)
    return canonicalJson(earlier.spec) === canonicalJson(spec)
      ? accepted({ submission: earlier, isNew: false })
      : refused(refuse('submission/conflict', { what: idempotencyKey ?? id }))
  const seq = tx.log({
    actor,
    event: firstState.event,
    subject: { type: 'submission', id },
    detail: { ...detail, digest, agreement },
  })
  tx.insert('submissions', {
    id,
    digest,
    spec: canonicalJson(spec),
    account,
    organisation,
    agreement,
    idempotency_key: idempotencyKey,
    state: firstState.state,
    received_ms: tx.nowMs,
    changed_ms: tx.nowMs,
    seq,
  })
  return accepted({ submission: submissionIn(tx, id), isNew: true })
}

/** The submission, which must be there: its id comes from us. */
const submissionIn = (reader: Reader, id: string): StoredSubmission => {
  const found = submissionOf(reader, id)
  if (found === undefined) throw new Error('no such submission')
  return found
}

/**
 * The one place where a submission changes its state. Logs the step's event unless the caller does (`isLogged`), and
 * answers the place of the entry. A step that is not in `policies/states.ts` is a bug.
 */
export const moveSubmission = (
  tx: Writer,
  { id, to, refusals, result }: Move,
  actor: Actor,
  detail: Draft['detail'] = {},
): number => {
  const event = takeStep(tx, { id, to, ...(refusals && { refusals }), ...(result && { result }) })
  if (event === 'ledger/charged') throw new Error('only the ledger moves a submission to charged')
  return tx.log({ actor, event, subject: { type: 'submission', id }, detail })
}

export type Move = {
  readonly id: string
  readonly to: SubmissionState
  readonly refusals?: readonly Refusal[]
  readonly result?: string
}

/** The step itself; its log entry, of the event answered, is the caller's. */
export const takeStep = (tx: Writer, { id, to, refusals, result }: Move): Draft['event'] => {
  const before = submissionIn(tx, id)
  const event = eventOf(before.state, to)
  if (event === undefined) throw new Error(`no step from ${before.state} to ${to}`)
  tx.run(
    'UPDATE submissions SET state = ?, changed_ms = ?, refusals = ?, result = ? WHERE id = ?',
    to,
    tx.nowMs,
    canonicalJson(refusals ?? before.refusals),
    result ?? before.result,
    id,
  )
  return event
}

const readSubmission = (row: ReturnType<Reader['get']>): StoredSubmission | undefined =>
  readRow(storedSchema, row)

export const submissionOf = (reader: Reader, id: string): StoredSubmission | undefined =>
  readSubmission(reader.get(`SELECT ${columns} FROM submissions WHERE id = ?`, id))

/** Whether it waits to be answered still: its author may have withdrawn it meanwhile. */
export const isWaiting = (reader: Reader, id: string): boolean =>
  submissionOf(reader, id)?.state === 'received'

/** All submissions in a state, the oldest first: what a restart finds half done. */
export const submissionsIn = (
  reader: Reader,
  state: SubmissionState,
): readonly StoredSubmission[] =>
  readRows(
    storedSchema,
    reader.all(`SELECT ${columns} FROM submissions WHERE state = ? ORDER BY seq`, state),
  )

/** Submissions received before the place `before` (all when absent), the newest first, of one organisation or all. */
export const listSubmissions = (
  reader: Reader,
  filter: { readonly organisation?: string; readonly before?: number; readonly limit: number },
): readonly StoredSubmission[] => {
  const before = filter.before ?? Number.MAX_SAFE_INTEGER
  const rows =
    filter.organisation === undefined
      ? reader.all(
          `SELECT ${columns} FROM submissions WHERE seq < ? ORDER BY seq DESC LIMIT ?`,
          before,
          filter.limit,
        )
      : reader.all(
          `SELECT ${columns} FROM submissions WHERE organisation = ? AND seq < ?
           ORDER BY seq DESC LIMIT ?`,
          filter.organisation,
          before,
          filter.limit,
        )
  return readRows(storedSchema, rows)
}

/** The last submissions under some agreements, the newest first. */
export const submissionsUnder = (
  reader: Reader,
  agreements: readonly string[],
  limit: number,
): readonly StoredSubmission[] =>
  readRows(
    storedSchema,
    reader.all(
      `SELECT ${columns} FROM submissions WHERE agreement IN (SELECT value FROM json_each(?))
       ORDER BY seq DESC LIMIT ?`,
      JSON.stringify(agreements),
      limit,
    ),
  )

/** How many runs an agreement has used: those that were started, failed ones too. */
export const runsUsed = (reader: Reader, agreement: string): number =>
  Number(
    reader.get(
      `SELECT count(*) AS used FROM runs r JOIN submissions s ON s.id = r.submission
       WHERE s.agreement = ?`,
      agreement,
    )?.['used'],
  )
