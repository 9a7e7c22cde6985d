import { entryBytes, type Draft } from '../log/entry.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf, type Edge, type ReadHash } from '../log/tree.ts'
import type { Head } from '../log/proof.ts'
import type { Database, Reader, Row } from './database.ts'

/** The end of the log: the tree's right edge and the time of the last entry. */
export type LogEnd = { readonly edge: Edge; readonly timeMs: number }

export const emptyLog: LogEnd = { edge: emptyEdge, timeMs: 0 }

/**
 * Writes one entry and the hashes it completes. Its time is the clock's, or the last entry's where the clock was set
 * back: the order of the log is the order of its times.
 */
export const appendEntry = (
  database: Database,
  end: LogEnd,
  draft: Draft,
  nowMs: number,
): LogEnd => {
  const timeMs = Math.max(nowMs, end.timeMs)
  const bytes = entryBytes({ ...draft, seq: end.edge.size, timeMs })
  const { edge, completed } = appendLeaf(end.edge, leafHash(bytes))
  database.run(
    'INSERT INTO entries (seq, body) VALUES (?, ?)',
    end.edge.size,
    Buffer.from(bytes).toString('utf8'),
  )
  for (const { level, index, hash } of completed)
    database.run('INSERT INTO hashes (level, idx, hash) VALUES (?, ?, ?)', level, index, hash)
  return { edge, timeMs }
}

/** Reads stored hashes of complete subtrees, for proofs and earlier roots. */
export const hashesOf =
  (reader: Reader): ReadHash =>
  (level, index) =>
    blobOf(reader.get('SELECT hash FROM hashes WHERE level = ? AND idx = ?', level, index), 'hash')

const blobOf = (row: Row | undefined, column: string): Uint8Array => {
  const value = row?.[column]
  if (!(value instanceof Uint8Array)) throw new Error(`the state has no ${column} there`)
  return value
}

export const headOf = (end: LogEnd): Head => ({ size: end.edge.size, root: rootOf(end.edge) })
