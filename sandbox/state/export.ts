import { signCheckpoint, verifierOf, type Signer } from '../log/checkpoint.ts'
import { checkpointLine, entryLine, headerLine } from '../log/export.ts'
import { rootAt } from '../log/proof.ts'
import { leafHash } from '../log/tree.ts'
import { entriesFrom, hashesOf } from './log.ts'
import type { Reader } from './database.ts'

export type ExportPart = {
  readonly lines: readonly string[]
  /** The entry to go on from; undefined where these lines are the last. */
  readonly next: number | undefined
}

/**
 * A stretch of the lines of an export of the first `size` entries: from entry `from`, at most `limit` of them. The first
 * stretch has the header, the last the closing checkpoint. Joined with LF they are what `log/verify.ts` reads.
 * Throws RangeError where the log is not that long.
 */
export const exportPart = (
  reader: Reader,
  signer: Signer,
  { from, size, limit }: { readonly from: number; readonly size: number; readonly limit: number },
): ExportPart => {
  if (!(from >= 0 && from <= size && limit > 0)) throw new RangeError('no such part of the log')
  const count = Math.min(limit, size - from)
  const entries = entriesFrom(reader, from, count)
  if (entries.length !== count) throw new RangeError('the log is not that long')
  const end = from + count
  const notes = notesBetween(reader, from, Math.min(end, size - 1))
  const lines = entries.flatMap(({ seq, body }) => {
    const line = entryLine(body, leafHash(Buffer.from(body), signer.suite.hash))
    const note = notes.get(seq + 1)
    return note === undefined ? [line] : [line, checkpointLine(note)]
  })
  if (from === 0) lines.unshift(headerLine(verifierOf(signer), size))
  if (end < size) return { lines, next: end }
  return { lines: [...lines, checkpointLine(checkpointAt(reader, signer, size))], next: undefined }
}

/** Checkpoints kept of the sizes above `from` up to `to`. */
const notesBetween = (reader: Reader, from: number, to: number): ReadonlyMap<number, string> =>
  new Map(
    reader
      .all('SELECT size, note FROM checkpoints WHERE size > ? AND size <= ?', from, to)
      .map(({ size, note }) => [Number(size), String(note)]),
  )

/** The checkpoint kept of a size, or one signed now over the log as it was then: its beginning never changes. */
export const checkpointAt = (reader: Reader, signer: Signer, size: number): string => {
  const kept = reader.get('SELECT note FROM checkpoints WHERE size = ?', size)
  if (kept !== undefined) return String(kept['note'])
  const { hash } = signer.suite
  return signCheckpoint(signer, { size, root: rootAt(size, hashesOf(reader), hash) })
}
