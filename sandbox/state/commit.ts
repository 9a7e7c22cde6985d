import type { SQLInputValue } from 'node:sqlite'
import { refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { signCheckpoint, type Signer } from '../log/checkpoint.ts'
import { saltBytes, type Draft } from '../log/entry.ts'
import type { World } from '../world.ts'
import { storageFailure, type Database, type Reader } from './database.ts'
import type { Head } from './head.ts'
import { appendEntry, headOf, type LogEnd } from './log.ts'
import type { Seal } from './seal.ts'

/**
 * What a change has in its hands: reads, writes, and the log. `log` answers the entry's place. Every entry of one commit
 * has the time `nowMs` or, where the clock was set back, that of the last entry.
 */
export type Writer = Reader & {
  readonly run: Database['run']
  readonly insert: (table: string, row: Readonly<Record<string, SQLInputValue>>) => void
  readonly log: (draft: Draft) => number
  readonly nowMs: number
}

/**
 * All or nothing. The change's writes, its log entries and a checkpoint signed over them are on the disk before the
 * answer, and nothing of them is where the change refuses, throws, or cannot be written (`state/cannot-write`).
 * `entries` are logged after those the change logs itself. Throws where a change wrote and logged nothing.
 */
export type Commit = <T>(
  change: (tx: Writer) => Outcome<T>,
  entries?: readonly Draft[],
) => Outcome<T>

/** The log as last committed: its end, and the checkpoint signed over it. */
export type Committed = { readonly end: LogEnd; readonly note: string }

type Parts = {
  readonly database: Database
  readonly head: Pick<Head, 'write'>
  readonly seal: Seal
  readonly signer: Signer
  readonly world: World
  readonly onBroken?: () => void
}

/** `last` answers the log as last committed. */
export const beginCommits = (
  parts: Parts,
  opened: Committed,
): { readonly commit: Commit; readonly last: () => Committed; readonly isSound: () => boolean } => {
  let last = opened
  let isBroken = false
  let isHeadWritten = true

  const commit: Commit = (change, entries = []) => {
    if (isBroken) return refused(refuse('state/cannot-write'))
    if (parts.database.isTransaction()) throw new Error('a commit inside a commit')
    try {
      // The file is never more than one commit behind: what `open.ts` takes for the trace of a crash.
      if (!isHeadWritten) parts.head.write(last.note)
      isHeadWritten = true
    } catch {
      return refused(refuse('state/cannot-write'))
    }
    const written = writeAll(parts, last, (tx) => {
      const outcome = change(tx)
      if (outcome.ok) for (const entry of entries) tx.log(entry)
      return outcome
    })
    if (written === 'broken') {
      isBroken = true
      parts.onBroken?.()
    }
    if (written === 'broken' || written === 'unwritten')
      return refused(refuse('state/cannot-write'))
    if (written.committed === undefined) return written.outcome
    last = written.committed
    isHeadWritten = tryWriteHead(parts.head, last.note)
    return written.outcome
  }
  return { commit, last: () => last, isSound: () => !isBroken }
}

/** A failure after COMMIT undoes nothing: the commit stands, and the next one waits for the file. */
const tryWriteHead = (head: Pick<Head, 'write'>, note: string): boolean => {
  try {
    head.write(note)
    return true
  } catch {
    return false
  }
}

type Written<T> = { readonly outcome: Outcome<T>; readonly committed?: Committed }

const writeAll = <T>(
  parts: Parts,
  last: Committed,
  change: (tx: Writer) => Outcome<T>,
): Written<T> | 'unwritten' | 'broken' => {
  const { database, seal } = parts
  let written: Written<T>
  try {
    database.exec('BEGIN IMMEDIATE')
    written = writeChange(parts, last, change)
    if (written.committed === undefined) rollBack(parts)
  } catch (error) {
    rollBack(parts)
    const failure = storageFailure(error)
    if (failure === undefined || failure === 'other') throw error
    return failure === 'damaged' ? 'broken' : 'unwritten'
  }
  if (written.committed === undefined) return written
  try {
    database.exec('COMMIT')
    seal.settle(true)
    return written
  } catch {
    // Whether the disk holds the commit is unknown now. Only opening again can tell, so nothing is written after it,
    // and nothing of it may be read.
    rollBack(parts)
    return 'broken'
  }
}

/** SQLite rolls back by itself on some failures; where it cannot, closing does. */
const rollBack = ({ database, seal }: Parts): void => {
  seal.settle(false)
  if (database.isTransaction()) database.exec('ROLLBACK')
}

const writeChange = <T>(
  { database, signer, seal, world }: Parts,
  last: Committed,
  change: (tx: Writer) => Outcome<T>,
): Written<T> => {
  // The order of the log is the order of its times, also when the clock was set back.
  const nowMs = Math.max(world.nowMs(), last.end.timeMs)
  let end = last.end
  let rows = 0
  const run: Database['run'] = (sql, ...values) => {
    // A full disk makes SQLite roll back by itself; a change that caught this must not go on outside.
    if (!database.isTransaction()) throw new Error('the transaction is over')
    const changed = database.run(sql, ...values)
    rows += changed
    return changed
  }
  const tx: Writer = {
    get: database.get,
    all: database.all,
    each: database.each,
    nowMs,
    run,
    insert: (table, row) => void run(insertText(table, Object.keys(row)), ...Object.values(row)),
    log: (draft) => {
      if (!database.isTransaction()) throw new Error('the transaction is over')
      const place = end.edge.size
      const salt = world.randomBytes(saltBytes)
      end = appendEntry(database, end, draft, { timeMs: nowMs, salt })
      return place
    },
  }
  const outcome = change(tx)
  if (!outcome.ok) return { outcome }
  if (end === last.end && rows > 0) throw new Error('a change of state without a log entry')
  if (end === last.end) return { outcome }
  const note = writeCheckpoint(database, signer, last.end, end)
  database.run('INSERT OR REPLACE INTO seal (id, mac) VALUES (1, ?)', seal.macOf(headOf(end)))
  return { outcome, committed: { end, note } }
}

/** Table and columns are names of `schema.ts` written in the code, never input. */
const insertText = (table: string, columns: readonly string[]): string =>
  `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`

/** Newest checkpoints kept: this one and the one before, and for each 1024 entries the last. */
const writeCheckpoint = (
  database: Database,
  signer: Signer,
  before: LogEnd,
  end: LogEnd,
): string => {
  const note = signCheckpoint(signer, headOf(end))
  const previous = before.edge.size
  database.run('INSERT INTO checkpoints (size, note) VALUES (?, ?)', end.edge.size, note)
  // Whole numbers are divided here: bound values are doubles to SQLite.
  const blockStart = previous - (previous % 1024)
  database.run('DELETE FROM checkpoints WHERE size >= ? AND size < ?', blockStart, previous)
  return note
}
