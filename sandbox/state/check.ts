import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { openCheckpoint, type Checkpoint, type Verifier } from '../log/checkpoint.ts'
import { readForm } from '../log/form.ts'
import type { HashName } from '../log/suite.ts'
import { appendLeaf, leafHash, rootOf, type Subtree } from '../log/tree.ts'
import type { Committed } from './commit.ts'
import type { Database, Reader, Row } from './database.ts'
import type { Head } from './head.ts'
import { emptyLogOf, type LogEnd } from './log.ts'
import { beginRecount } from './recount.ts'

/**
 * Checks what is stored before it is believed. The root is derived anew from the bytes of every entry and compared with
 * every checkpoint kept, each verified under the key; the newest must not be behind `head`, the newest
 * checkpoint of the head file.
 */
export const checkStored = (
  database: Database,
  verifier: Verifier,
  head: Head['found'],
): Outcome<Committed> => {
  const sound = database.all('PRAGMA quick_check(1)')
  if (sound[0]?.['quick_check'] !== 'ok') return refused(damaged('a page of the file'))
  const notes = new Map(
    database
      .all('SELECT size, note FROM checkpoints ORDER BY size')
      .map(({ size, note }) => [Number(size), String(note)]),
  )
  const sizes = [...notes.keys()]
  const opened = new Map([...notes].map(([size, note]) => [size, openCheckpoint(note, verifier)]))
  if ([...opened.values()].includes(undefined))
    return refused(refuse('state/other-key', { key: verifier.name }))
  const end = deriveEnd(database, opened, verifier.suite.hash)
  if (!end.ok) return end
  const [size = 0, previous = 0] = sizes.reverse()
  if (size !== end.value.edge.size) return refused(damaged('entries without a checkpoint'))
  const behind = checkHead({ size, previous, notes }, head)
  return behind === undefined
    ? accepted({ end: end.value, note: notes.get(size) ?? '' })
    : refused(behind)
}

const damaged = (what: string): Refusal => refuse('state/damaged', { what })

const deriveEnd = (
  reader: Reader,
  checkpoints: ReadonlyMap<number, Checkpoint | undefined>,
  hash: HashName,
): Outcome<LogEnd> => {
  let end = emptyLogOf(hash)
  const hashes = readHashes(reader)
  const recount = beginRecount()
  for (const { seq, body } of reader.each('SELECT seq, body FROM entries ORDER BY seq')) {
    const text = String(body)
    if (seq !== end.edge.size) return refused(damaged(`entry ${end.edge.size} is missing`))
    const form = readForm(text)
    if (form === undefined) return refused(damaged(`entry ${seq}`))
    if (form.event === 'ledger/charged') recount.add(text)
    const { edge, completed } = appendLeaf(end.edge, leafHash(Buffer.from(text), hash))
    if (!completed.every(hashes.isNext)) return refused(damaged(`a hash of entry ${seq}`))
    end = { edge, timeMs: form.timeMs }
    const checkpoint = checkpoints.get(end.edge.size)
    if (checkpoint !== undefined && Buffer.compare(checkpoint.root, rootOf(end.edge)) !== 0)
      return refused(damaged(`an entry before ${end.edge.size}`))
  }
  if (hashes.isMore()) return refused(damaged('hashes of no entry'))
  return recount.agrees(reader)
    ? accepted(end)
    : refused(damaged('what is spent is not what was charged'))
}

/**
 * The stored hashes in the order in which entries complete them, level by level. They are compared because roots of
 * earlier sizes, which are signed on request, are computed from them.
 */
const readHashes = (
  reader: Reader,
): { readonly isNext: (subtree: Subtree) => boolean; readonly isMore: () => boolean } => {
  const levels: IterableIterator<Row>[] = []
  let count = 0
  return {
    isNext: ({ level, index, hash }) => {
      levels[level] ??= reader.each(
        'SELECT idx, hash FROM hashes WHERE level = ? ORDER BY idx',
        level,
      )
      const row = levels[level].next()
      count += 1
      const stored = row.done === true ? undefined : row.value
      return stored?.['idx'] === index && isEqual(stored['hash'], hash)
    },
    isMore: () => reader.get('SELECT count(*) AS count FROM hashes')?.['count'] !== count,
  }
}

const isEqual = (stored: unknown, hash: Uint8Array): boolean =>
  stored instanceof Uint8Array && Buffer.compare(stored, hash) === 0

type Kept = {
  readonly size: number
  readonly previous: number
  readonly notes: ReadonlyMap<number, string>
}

/**
 * The head file is written after each commit, before the next: a crash leaves it at the newest checkpoint or the one
 * before. Anything else means that the database or the file is not the last one.
 */
const checkHead = ({ size, previous, notes }: Kept, head: Head['found']): Refusal | undefined => {
  const known = head?.size ?? 0
  const isLast = known === size || known === previous
  const isSame = known === 0 || notes.get(known) === head?.note
  return isLast && isSame ? undefined : refuse('state/rolled-back', { found: size, known })
}
