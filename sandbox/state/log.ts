import * as z from 'zod'
import { entryBytes, type Draft } from '../log/entry.ts'
import { proveConsistency, proveInclusion, type Head, type Proof } from '../log/proof.ts'
import { appendLeaf, emptyEdgeOf, leafHash, rootOf, type Edge, type ReadHash } from '../log/tree.ts'
import type { HashName } from '../log/suite.ts'
import type { Database, Reader } from './database.ts'
import { readRow, readRows } from './row.ts'

/** The end of the log: the tree's right edge and the time of the last entry. */
export type LogEnd = { readonly edge: Edge; readonly timeMs: number }

export const emptyLogOf = (hash: HashName): LogEnd => ({ edge: emptyEdgeOf(hash), timeMs: 0 })

export const headOf = ({ edge }: LogEnd): Head => ({
  size: edge.size,
  root: rootOf(edge),
  hash: edge.hash,
})

/** Writes one entry and the hashes it completes. */
export const appendEntry = (
  database: Database,
  end: LogEnd,
  draft: Draft,
  { timeMs, salt }: { readonly timeMs: number; readonly salt: Uint8Array },
): LogEnd => {
  const bytes = entryBytes({
    ...draft,
    salt: Buffer.from(salt).toString('hex'),
    seq: end.edge.size,
    timeMs,
  })
  const { edge, completed } = appendLeaf(end.edge, leafHash(bytes, end.edge.hash))
  database.run(
    'INSERT INTO entries (seq, body) VALUES (?, ?)',
    end.edge.size,
    Buffer.from(bytes).toString('utf8'),
  )
  for (const { level, index, hash } of completed)
    database.run('INSERT INTO hashes (level, idx, hash) VALUES (?, ?, ?)', level, index, hash)
  return { edge, timeMs }
}

/** An entry as stored: its place and its canonical text. */
const entrySchema = z.strictObject({ seq: z.int(), body: z.string() })
export type StoredEntry = z.infer<typeof entrySchema>

export const entryAt = (reader: Reader, seq: number): StoredEntry | undefined =>
  readRow(entrySchema, reader.get('SELECT seq, body FROM entries WHERE seq = ?', seq))

/** Entries from the place `from` on, in order. */
export const entriesFrom = (reader: Reader, from: number, limit: number): readonly StoredEntry[] =>
  readRows(
    entrySchema,
    reader.all('SELECT seq, body FROM entries WHERE seq >= ? ORDER BY seq LIMIT ?', from, limit),
  )

/** All that happened to one thing, in order. */
export const entriesOf = (reader: Reader, subject: Draft['subject']): readonly StoredEntry[] =>
  readRows(
    entrySchema,
    reader.all(
      'SELECT seq, body FROM entries WHERE subject_type = ? AND subject_id = ? ORDER BY seq',
      subject.type,
      subject.id,
    ),
  )

const hashSchema = z.strictObject({ hash: z.instanceof(Uint8Array) })

/** Stored hashes of complete subtrees. Throws where the log is not that long. */
export const hashesOf =
  (reader: Reader): ReadHash =>
  (level, index) => {
    const row = reader.get('SELECT hash FROM hashes WHERE level = ? AND idx = ?', level, index)
    return hashSchema.parse({ ...row }).hash
  }

/** Proof that the entry at `index` is in the log as it was at `size`. Throws RangeError where it was not. */
export const inclusionOf = (reader: Reader, index: number, size: number, hash?: HashName): Proof =>
  proveInclusion(index, size, hashesOf(reader), hash)

/** Proof that the log as it was at `from` is the beginning of the log at `to`. */
export const consistencyOf = (reader: Reader, from: number, to: number, hash?: HashName): Proof =>
  proveConsistency(from, to, hashesOf(reader), hash)
