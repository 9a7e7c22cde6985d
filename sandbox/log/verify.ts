import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import * as z from 'zod'
import { canonicalJson } from '../../policies/canonical.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { formatVerifier, openCheckpoint, parseVerifier, type Verifier } from './checkpoint.ts'
import { exportFormat, lineBytesMax, splitEntryLine } from './export.ts'
import { readForm } from './form.ts'
import type { Head } from './proof.ts'
import { appendLeaf, emptyEdgeOf, leafHash, rootOf, type Edge } from './tree.ts'

/** What a whole and true export holds. */
export type Verified = {
  readonly origin: string
  readonly size: number
  /** Hexadecimal. */
  readonly root: string
  /** The last checkpoint as signed: compare it with one kept before or by somebody else. */
  readonly checkpoint: string
  readonly firstMs: number | undefined
  readonly lastMs: number | undefined
}

/**
 * Verifies an exported log from its public key alone, without a network, a database or a secret. Reads it as a stream
 * and stops at the first thing that is wrong, naming the entry. What it cannot see is a log that was exported whole and
 * later replaced by another one signed with the same key: for that, checkpoints are kept outside and compared.
 *
 * `verifier` is the public key as text, got from elsewhere than the export itself. With a checkpoint `kept` from before,
 * the export must go on from it.
 */
export const verifyExport = async (
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  verifier: string,
  kept?: Head,
): Promise<Outcome<Verified>> => {
  const verification = beginVerification(verifier, kept)
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      const refusal = verification.line(bytes.subarray(start, end))
      if (refusal !== undefined) return refused(refusal)
      start = end + 1
    }
    rest = bytes.subarray(start)
    const overlong = rest.length > lineBytesMax ? verification.line(rest) : undefined
    if (overlong !== undefined) return refused(overlong)
  }
  // A last line without its LF is half a line.
  return rest.length === 0 ? verification.end() : refused(verification.cut())
}

export const verifyExportFile = (
  path: string,
  verifier: string,
  kept?: Head,
): Promise<Outcome<Verified>> =>
  verifyExport(createReadStream(path, { highWaterMark: 1 << 18 }), verifier, kept)

type Verification = {
  readonly line: (line: Buffer) => Refusal | undefined
  readonly end: () => Outcome<Verified>
  readonly cut: () => Refusal
}

type Progress = {
  line: number
  /** Entries the header promises; undefined before it was read. */
  size: number | undefined
  edge: Edge
  timeMs: number
  firstMs: number | undefined
  /** The last checkpoint met, and the size it was signed at. */
  note: string
  signed: number
}

const beginVerification = (text: string, kept: Head | undefined): Verification => {
  const verifier = parseVerifier(text)
  const progress: Progress = {
    line: 0,
    size: undefined,
    edge: emptyEdgeOf(verifier?.suite.hash ?? 'sha256'),
    timeMs: 0,
    firstMs: undefined,
    note: '',
    signed: -1,
  }
  const cut = (): Refusal =>
    refuse('log/cut-short', { seq: progress.edge.size, size: progress.size ?? 0 })
  return {
    cut,
    line: (line) => {
      progress.line += 1
      if (verifier === undefined) return refuse('log/other-key', { found: 'none' })
      return checkLine(progress, line, verifier) ?? checkKept(progress, kept)
    },
    end: () => {
      const { edge, size, signed, note, firstMs, timeMs } = progress
      if (verifier === undefined || size !== edge.size || signed !== size) return refused(cut())
      if (kept !== undefined && kept.size > size)
        return refused(refuse('log/shorter', { size, known: kept.size }))
      return accepted({
        origin: verifier.name,
        size,
        root: Buffer.from(rootOf(edge)).toString('hex'),
        checkpoint: note,
        firstMs,
        lastMs: firstMs === undefined ? undefined : timeMs,
      })
    },
  }
}

/** Where the log has the size of the kept checkpoint, it has its root. */
const checkKept = ({ edge, size }: Progress, kept: Head | undefined): Refusal | undefined =>
  kept === undefined || edge.size !== kept.size || Buffer.compare(rootOf(edge), kept.root) === 0
    ? undefined
    : refuse('log/forked', { size: size ?? 0, known: kept.size })

const checkLine = (progress: Progress, line: Buffer, verifier: Verifier): Refusal | undefined => {
  const strange = refuse('log/not-an-export', { line: progress.line })
  if (line.length > lineBytesMax || !isUtf8(line)) return strange
  if (progress.size === undefined) return readHeader(progress, line, verifier)
  // Behind the last checkpoint nothing more is signed.
  if (progress.signed === progress.size) return strange
  const entry = splitEntryLine(line)
  if (entry !== undefined && progress.edge.size === progress.size) return strange
  if (entry !== undefined) return checkEntry(progress, entry.body, entry.leaf)
  const parsed = parseCanonical(line, checkpointSchema)
  return parsed === undefined ? strange : checkCheckpoint(progress, parsed.checkpoint, verifier)
}

/** Undefined where the line is not canonical: of a key that stands twice another reader would take the other value. */
const parseCanonical = <T>(line: Buffer, schema: z.ZodType<T>): T | undefined => {
  const text = line.toString('utf8')
  const parsed = schema.safeParse(parseJson(text))
  return parsed.success && isCanonical(parsed.data, text) ? parsed.data : undefined
}

const isCanonical = (value: unknown, text: string): boolean => {
  try {
    return canonicalJson(value) === text
  } catch {
    // Half a character, written as an escape, has no canonical form.
    return false
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const checkpointSchema = z.strictObject({ checkpoint: z.string() })
const headerSchema = z.strictObject({
  format: z.literal(exportFormat),
  size: z.int().min(0),
  verifier: z.string().max(400),
})

const readHeader = (progress: Progress, line: Buffer, verifier: Verifier): Refusal | undefined => {
  const header = parseCanonical(line, headerSchema)
  if (header === undefined) return refuse('log/not-an-export', { line: progress.line })
  if (header.verifier !== formatVerifier(verifier))
    return refuse('log/other-key', { found: header.verifier })
  progress.size = header.size
  return undefined
}

const checkEntry = (progress: Progress, body: Buffer, stated: string): Refusal | undefined => {
  const { edge, line, timeMs } = progress
  const place = { seq: edge.size, line }
  const leaf = leafHash(body, edge.hash)
  if (Buffer.from(leaf).toString('hex') !== stated) return refuse('log/entry-changed', place)
  const form = readForm(body.toString('utf8'))
  if (form === undefined) return refuse('log/not-an-entry', place)
  if (form.seq !== edge.size) return refuse('log/out-of-place', { ...place, found: form.seq })
  if (form.timeMs < timeMs) return refuse('log/time-back', place)
  progress.edge = appendLeaf(edge, leaf).edge
  progress.timeMs = form.timeMs
  progress.firstMs ??= form.timeMs
  return undefined
}

const checkCheckpoint = (
  progress: Progress,
  note: string,
  verifier: Verifier,
): Refusal | undefined => {
  const { edge, line, signed } = progress
  const checkpoint = openCheckpoint(note, verifier)
  if (checkpoint === undefined || checkpoint.origin !== verifier.name)
    return refuse('log/not-signed', { line })
  const from = Math.max(0, signed)
  if (checkpoint.size !== edge.size || Buffer.compare(checkpoint.root, rootOf(edge)) !== 0)
    return refuse('log/rewritten', { line, from, size: edge.size })
  progress.note = note
  progress.signed = edge.size
  return undefined
}
