import * as z from 'zod'
import { digestSchema } from '../../policies/name.ts'
import type { Actor, Draft } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'
import { moveSubmission, submissionOf, takeStep } from './submissions.ts'

const bytesSchema = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/**
 * What a run led to. `digest` is the SHA-256 of what would leave, `question` addresses what was asked of which versions
 * (equal questions have equal answers), `bytes` and `evidence` are as the caller sealed them.
 */
const resultSchema = z.strictObject({
  digest: digestSchema,
  question: digestSchema,
  bytes: bytesSchema,
  evidence: bytesSchema.nullable(),
  seq: z.int(),
})
export type StoredResult = z.infer<typeof resultSchema>

/**
 * Keeps the protected result of a running submission. `commitment` is a salted commitment to it: a result that is not
 * released yet is not named in the log by its bare digest (I4).
 */
export const protectResult = (
  tx: Writer,
  made: Omit<StoredResult, 'seq'> & {
    readonly submission: string
    readonly commitment: string
    /** It waits for reviewers. */
    readonly isHeld?: boolean
  },
  actor: Actor,
  detail: Draft['detail'] = {},
): number => {
  const { submission, digest, question, bytes, evidence, commitment, isHeld = false } = made
  const to = isHeld ? 'held' : 'protected'
  const seq = moveSubmission(tx, { id: submission, to, result: digest }, actor, {
    ...detail,
    commitment,
  })
  if (resultOf(tx, digest) === undefined)
    tx.insert('results', { digest, question, bytes, evidence, seq })
  return seq
}

/** Answers a received submission with an earlier result: nothing is run and nothing charged. */
export const reuseResult = (
  tx: Writer,
  { submission, digest }: { readonly submission: string; readonly digest: string },
  actor: Actor,
  detail: Draft['detail'] = {},
): number => {
  if (tx.get('SELECT 1 FROM releases WHERE digest = ?', digest) === undefined)
    throw new Error('only a released result is given again')
  return moveSubmission(tx, { id: submission, to: 'protected', result: digest }, actor, {
    ...detail,
    digest,
  })
}

/** Answers a received submission from what an earlier release holds: nothing is run and nothing charged. */
export const deriveResult = (
  tx: Writer,
  made: Omit<StoredResult, 'seq' | 'evidence'> & {
    readonly submission: string
    readonly commitment: string
    /** The submission whose release it is computed from. */
    readonly source: string
  },
  actor: Actor,
): number => {
  const { submission, digest, question, bytes, commitment, source } = made
  if (releaseOf(tx, source) === undefined)
    throw new Error('only what was released is computed with')
  const move = { id: submission, to: 'protected', result: digest } as const
  const seq = moveSubmission(tx, move, actor, { commitment, source })
  if (resultOf(tx, digest) === undefined)
    tx.insert('results', { digest, question, bytes, evidence: null, seq })
  return seq
}

const releaseSchema = z.strictObject({
  submission: z.string(),
  digest: digestSchema,
  record: z.string(),
  releasedMs: z.int(),
  seq: z.int(),
})
export type StoredRelease = z.infer<typeof releaseSchema>

/**
 * Lets a result out: of the submission it was protected for, with the digest it was protected under (I8); both are
 * looked up here and not taken from the caller. `record` is the release record's canonical JSON.
 */
export const releaseResult = (
  tx: Writer,
  { submission, record }: { readonly submission: string; readonly record: string },
  actor: Actor,
  detail: Draft['detail'] = {},
): StoredRelease => {
  const digest = submissionOf(tx, submission)?.result
  if (digest === undefined || digest === null) throw new Error('nothing was protected')
  const event = takeStep(tx, { id: submission, to: 'released' })
  const seq = tx.log({
    actor,
    event,
    subject: { type: 'submission', id: submission },
    detail: { ...detail, digest },
  })
  tx.insert('releases', { submission, digest, record, released_ms: tx.nowMs, seq })
  return { submission, digest, record, releasedMs: tx.nowMs, seq }
}

export const resultOf = (reader: Reader, digest: string): StoredResult | undefined =>
  readRow(
    resultSchema,
    reader.get(
      'SELECT digest, question, bytes, evidence, seq FROM results WHERE digest = ?',
      digest,
    ),
  )

export const releaseOf = (reader: Reader, submission: string): StoredRelease | undefined =>
  readRow(
    releaseSchema,
    reader.get(
      `SELECT submission, digest, record, released_ms AS releasedMs, seq FROM releases
       WHERE submission = ?`,
      submission,
    ),
  )

/** Releases to an organisation under one agreement, the newest first. */
export const releasesTo = (
  reader: Reader,
  { organisation, agreement }: { readonly organisation: string; readonly agreement: string },
  limit: number,
): readonly StoredRelease[] =>
  readRows(
    releaseSchema,
    reader.all(
      `SELECT l.submission, l.digest, l.record, l.released_ms AS releasedMs, l.seq
       FROM submissions s JOIN releases l ON l.submission = s.id
       WHERE s.agreement = ? AND s.organisation = ? ORDER BY l.seq DESC LIMIT ?`,
      agreement,
      organisation,
      limit,
    ),
  )

/** How a result was released when it was first. */
export const firstRelease = (reader: Reader, digest: string): StoredRelease | undefined =>
  readRow(
    releaseSchema,
    reader.get(
      `SELECT submission, digest, record, released_ms AS releasedMs, seq FROM releases
       WHERE digest = ? ORDER BY seq LIMIT 1`,
      digest,
    ),
  )

/** The first released result of an equal question, if there is one. */
export const reusableResult = (reader: Reader, question: string): StoredResult | undefined =>
  readRow(
    resultSchema,
    reader.get(
      `SELECT digest, question, bytes, evidence, seq FROM results r
       WHERE question = ? AND EXISTS (SELECT 1 FROM releases l WHERE l.digest = r.digest)
       ORDER BY seq LIMIT 1`,
      question,
    ),
  )
