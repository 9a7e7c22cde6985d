import * as z from 'zod'
import { pullSchema, type Pull } from '../../policies/pull.ts'
import { nameSchema } from '../../policies/name.ts'
import { accepted, type Outcome } from '../../policies/outcome.ts'
import { refusalSchema, type Refusal } from '../../policies/refusal.ts'
import type { Actor } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { currentDigest, currentDocuments, putDocument, type StoredDocument } from './documents.ts'
import { readRow } from './row.ts'

/** Why the last look ended early, and at which file. Never logged: for the operator. */
const problemSchema = z.strictObject({
  file: z.string().max(255).optional(),
  refusals: z.array(refusalSchema).min(1),
  timeMs: z.int(),
})

/** `lookedMs`: when it was last looked into the folder, as far as the log says; `failures`: looks that failed in a row. */
const statusSchema = z.strictObject({
  dataset: nameSchema,
  isPaused: z.int().transform((flag) => flag === 1),
  lookedMs: z.int(),
  failures: z.int().min(0),
  problem: z
    .string()
    .nullable()
    .transform((text) => (text === null ? undefined : problemSchema.parse(JSON.parse(text)))),
})
export type PullStatus = z.infer<typeof statusSchema>

export const pullStatus = (reader: Reader, dataset: string): PullStatus | undefined =>
  readRow(
    statusSchema,
    reader.get(
      `SELECT dataset, is_paused AS isPaused, looked_ms AS lookedMs, failures, problem FROM pulls WHERE dataset = ?`,
      dataset,
    ),
  )

export const allPulls = (reader: Reader): readonly Pull[] =>
  currentDocuments(reader, 'pull').map(({ json }) => pullSchema.parse(JSON.parse(json)))

/** Sets the pull of a dataset, in place of the one before; what was pulled stays pulled. The same text changes nothing. */
export const setPull = (tx: Writer, pull: Pull, actor: Actor): Outcome<StoredDocument> => {
  const before = currentDigest(tx, 'pull', pull.pull)
  const put = putDocument(tx, { kind: 'pull', name: pull.pull, value: pull }, actor)
  if (!put.ok || put.value.digest === before) return put
  // By the clock it waits for its hour; otherwise it begins at once.
  const lookedMs = 'daily' in pull.schedule ? tx.nowMs : 0
  tx.run(
    `INSERT INTO pulls (dataset, is_paused, looked_ms, failures) VALUES (?, 0, ?, 0)
     ON CONFLICT (dataset) DO UPDATE SET looked_ms = excluded.looked_ms, failures = 0, problem = NULL`,
    pull.pull,
    lookedMs,
  )
  return put
}

/** Pauses or resumes; answers the place of the entry, or of nothing where it was so already. */
export const switchPull = (
  tx: Writer,
  { dataset, isPaused }: Pick<PullStatus, 'dataset' | 'isPaused'>,
  actor: Actor,
): Outcome<number | undefined> => {
  if (pullStatus(tx, dataset)?.isPaused === isPaused) return accepted(undefined)
  tx.run('UPDATE pulls SET is_paused = ? WHERE dataset = ?', isPaused ? 1 : 0, dataset)
  const event = isPaused ? 'pull/paused' : 'pull/resumed'
  return accepted(tx.log({ actor, event, subject: { type: 'dataset', id: dataset }, detail: {} }))
}

/** Notes a look that went to its end. Names and digests of files stay out of the log: who knows a file could find it. */
export const noteLook = (
  tx: Writer,
  { dataset, files }: { readonly dataset: string; readonly files: number },
  actor: Actor,
): void => {
  tx.run(
    'UPDATE pulls SET looked_ms = ?, failures = 0, problem = NULL WHERE dataset = ?',
    tx.nowMs,
    dataset,
  )
  tx.log({
    actor,
    event: 'pull/looked',
    subject: { type: 'dataset', id: dataset },
    detail: { files },
  })
}

/** Notes a look that ended at a file that cannot be taken, or before any. */
export const noteFailure = (
  tx: Writer,
  { dataset, file, refusals }: { dataset: string; file?: string; refusals: readonly Refusal[] },
  actor: Actor,
): void => {
  const problem = problemSchema.parse({ ...(file && { file }), refusals, timeMs: tx.nowMs })
  tx.run(
    'UPDATE pulls SET looked_ms = ?, failures = failures + 1, problem = ? WHERE dataset = ?',
    tx.nowMs,
    JSON.stringify(problem),
    dataset,
  )
  tx.log({
    actor,
    event: 'pull/refused',
    subject: { type: 'dataset', id: dataset },
    detail: { codes: [...new Set(refusals.map(({ code }) => code))].slice(0, 50) },
  })
}

export const isPulled = (reader: Reader, dataset: string, sha256: string): boolean =>
  reader.get('SELECT 1 FROM pulled WHERE dataset = ? AND sha256 = ?', dataset, sha256) !== undefined

export const countPulled = (reader: Reader, dataset: string): number =>
  Number(reader.get('SELECT count(*) AS n FROM pulled WHERE dataset = ?', dataset)?.['n'])

/** A content is pulled with the commit of the version that it became. */
export const notePulled = (
  tx: Writer,
  pulled: { readonly dataset: string; readonly sha256: string; readonly seq: number },
): void => tx.insert('pulled', pulled)
