import { existsSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { verifierOf, type Signer } from '../log/checkpoint.ts'
import type { World } from '../world.ts'
import { checkStored } from './check.ts'
import { beginCommits, type Commit, type Committed } from './commit.ts'
import { migrate, openDatabase, storageFailure, type Database, type Reader } from './database.ts'
import { openHead } from './head.ts'
import { headOf } from './log.ts'
import { openSeal } from './seal.ts'

/** The state of one domain, held by this process alone until `close`. */
export type State = {
  readonly reader: Reader
  readonly commit: Commit
  /** The log as last committed. */
  readonly last: () => Committed
  /** False once it is unknown whether a commit is on the disk: what is read then may not be what is there. */
  readonly isSound: () => boolean
  readonly close: () => void
}

export type Place = {
  /** An existing folder. `state.db` and `state.head` are kept in it. */
  readonly folder: string
  /** Largest size of the database in pages of 4096 bytes; 256 GiB when absent. */
  readonly pagesMax?: number
  /** How long another process may take to let go of it; not at all when absent. */
  readonly waitMs?: number
}

export type Opening = {
  readonly signer: Signer
  readonly world: World
  /** Called once when a commit failed so that only opening again can tell what is on the disk. */
  readonly onBroken?: () => void
}

/** The state's file, held by this process alone and not yet believed. */
export type HeldState = {
  /** Checks what is stored and opens it; lets go of the file where it is refused. */
  readonly open: (opening: Opening) => Outcome<State>
  readonly close: () => void
}

/**
 * Holds the state's file alone: `state/in-use` where another process does. Whoever holds it may touch the rest of a home.
 * Refused where there is none (`state/missing`) unless it may be made: an empty state would be a ledger without charges.
 */
export const holdState = (
  { folder, pagesMax = 2 ** 26, waitMs = 0 }: Place,
  isNew: boolean,
): Outcome<HeldState> => {
  const path = join(folder, 'state.db')
  if (!isNew && !existsSync(path)) return refused(refuse('state/missing', { file: path }))
  const closers: (() => void)[] = []
  return guarded(closers, () => {
    const database = openDatabase(path, pagesMax, waitMs)
    closers.push(database.close)
    return accepted({
      open: (opening) => guarded(closers, () => openChecked(database, folder, opening, closers)),
      close: () => closeAll(closers),
    })
  })
}

export type StateOptions = Place & Opening

/**
 * Opens or creates the state. Refused where another process holds it (`state/in-use`), where it is older than what was
 * signed (`state/rolled-back`), where it does not agree with its log (`state/damaged`), where the log was signed with
 * another key (`state/other-key`), and where it cannot be written (`state/cannot-write`).
 */
export const openState = (options: StateOptions): Outcome<State> => {
  const held = holdState(options, true)
  return held.ok ? held.value.open(options) : held
}

/** Lets go of everything where the opening is refused; what the system or SQLite threw is a refusal. */
const guarded = <T>(closers: (() => void)[], open: () => Outcome<T>): Outcome<T> => {
  try {
    const opened = open()
    if (!opened.ok) closeAll(closers)
    return opened
  } catch (error) {
    closeAll(closers)
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return refused(refusal)
  }
}

const closeAll = (closers: (() => void)[]): void => {
  for (const close of closers.splice(0)) close()
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
  database: Database,
  folder: string,
  { signer, world, onBroken }: Opening,
  closers: (() => void)[],
): Outcome<State> => {
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
  const { commit, last, isSound } = beginCommits(
    { database, head, seal, signer, world, ...(onBroken && { onBroken }) },
    stored.value,
  )
  const { get, all, each } = database
  return accepted({
    reader: { get, all, each },
    commit,
    last,
    isSound,
    close: () => closeAll(closers),
  })
}
