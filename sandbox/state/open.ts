import { join } from 'node:path'
import * as z from 'zod'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { verifierOf, type Signer } from '../log/checkpoint.ts'
import type { World } from '../world.ts'
import { checkStored } from './check.ts'
import { beginCommits, type Commit, type Committed } from './commit.ts'
import { migrate, openDatabase, storageFailure, type Reader } from './database.ts'
import { openHead } from './head.ts'
import { headOf } from './log.ts'
import { openSeal } from './seal.ts'

/** The state of one domain, held by this process alone until `close`. */
export type State = {
  readonly reader: Reader
  readonly commit: Commit
  /** The log as last committed. */
  readonly last: () => Committed
  readonly close: () => void
}

export type StateOptions = {
  /** An existing folder. `state.db` and `state.head` are kept in it. */
  readonly folder: string
  readonly signer: Signer
  readonly world: World
  /** Largest size of the database in pages of 4096 bytes; 256 GiB when absent. */
  readonly pagesMax?: number
}

/**
 * Opens or creates the state. Refused where another process holds it (`state/in-use`), where it is older than what was
 * signed (`state/rolled-back`), where it does not agree with its log (`state/damaged`), where the log was signed with
 * another key (`state/other-key`), and where it cannot be written (`state/cannot-write`).
 */
export const openState = (options: StateOptions): Outcome<State> => {
  const closers: (() => void)[] = []
  try {
    const opened = openChecked(options, closers)
    if (!opened.ok) closeAll(closers)
    return opened
  } catch (error) {
    closeAll(closers)
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return refused(refusal)
  }
}

const closeAll = (closers: readonly (() => void)[]): void => {
  for (const close of closers) close()
}

/**
 * While opening, whatever else SQLite complains of is the file: an unknown format, a table that cannot be read. A failed
 * call of the system is about the folder: no rights, no room, not there.
 */
const refusalOf = (error: unknown): Refusal | undefined => {
  if (error instanceof Error && 'syscall' in error) return refuse('state/cannot-write')
  if (error instanceof z.ZodError) return refuse('state/damaged', { what: 'a stored row' })
  const failure = storageFailure(error)
  if (failure === 'in-use') return refuse('state/in-use')
  if (failure === 'cannot-write') return refuse('state/cannot-write')
  return failure === undefined
    ? undefined
    : refuse('state/damaged', { what: 'the file is not a sound database' })
}

const openChecked = (
  { folder, signer, world, pagesMax = 2 ** 26 }: StateOptions,
  closers: (() => void)[],
): Outcome<State> => {
  const database = openDatabase(join(folder, 'state.db'), pagesMax)
  closers.push(database.close)
  const migrated = migrate(database, world.nowMs())
  if (!migrated.ok) return migrated
  const head = openHead(join(folder, 'state.head'), verifierOf(signer))
  closers.push(head.close)
  const stored = checkStored(database, verifierOf(signer), head.found)
  if (!stored.ok) return stored
  const seal = openSeal(database, signer)
  if (!seal.isWhole(headOf(stored.value.end)))
    return refused(refuse('state/damaged', { what: 'a row is not as it was left' }))
  if (stored.value.note !== (head.found?.note ?? '')) head.write(stored.value.note)
  const { commit, last } = beginCommits({ database, head, seal, signer, world }, stored.value)
  const { get, all, each } = database
  return accepted({ reader: { get, all, each }, commit, last, close: () => closeAll(closers) })
}
