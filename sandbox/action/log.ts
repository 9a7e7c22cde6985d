import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { mayDo } from '../../policies/roles.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { exportLines } from '../export.ts'
import { inclusionOf } from '../inclusion.ts'
import { formatVerifier, verifierOf } from '../log/checkpoint.ts'
import { entrySchema } from '../log/entry.ts'
import { parseTilePath, tileWidth, type Tile } from '../log/tile.ts'
import { leafHash } from '../log/tree.ts'
import { consistencyOf, entriesFrom, entryAt, type StoredEntry } from '../state/log.ts'
import { submissionOf } from '../state/submissions.ts'
import { entryTile, hashTile } from '../state/tile.ts'
import { isTold } from '../view.ts'
import { actorOf } from './account.ts'

export const showCheckpoint = (domain: Domain): Outcome<Output<'log/checkpoint'>> =>
  accepted({
    checkpoint: domain.state.last().note,
    verifier: formatVerifier(verifierOf(domain.signer)),
  })

type Page = { readonly cursor?: number | undefined; readonly limit: number }

export const listLog = (
  domain: Domain,
  _: Account,
  { cursor = 0, limit }: Page,
): Outcome<Output<'log/list'>> => {
  const { size, hash } = domain.state.last().end.edge
  const entries = entriesFrom(domain.state.reader, cursor, limit).map(({ seq, body }) => ({
    index: seq,
    entry: body,
    leafHash: Buffer.from(leafHash(Buffer.from(body), hash)).toString('hex'),
  }))
  const next = cursor + entries.length
  return accepted({ entries, ...(next < size && { next }) })
}

/** Whoever reads the log has proofs of all of it; everybody else of what they did and of what was told to them. */
export const proveLog = (
  domain: Domain,
  who: Account,
  { index, size }: { readonly index: number; readonly size?: number | undefined },
): Outcome<Output<'log/prove'>> => {
  const whole = domain.state.last().end.edge.size
  if (size !== undefined && size > whole)
    return refused(refuse('log/shorter', { size: whole, known: size }))
  const entry = index < (size ?? whole) ? entryAt(domain.state.reader, index) : undefined
  return entry !== undefined && (mayDo(who.role, 'log/list') || isTheirs(domain, who, entry))
    ? accepted(inclusionOf(domain.state, index, size))
    : refused(refuse('access/not-found', { thing: 'log entry' }))
}

const isTheirs = ({ state }: Domain, who: Account, { body }: StoredEntry): boolean => {
  const { actor, event, subject } = entrySchema.parse(JSON.parse(body))
  if (actor.account === who.account && actor.role === who.role) return true
  const about = subject.type === 'submission' ? submissionOf(state.reader, subject.id) : undefined
  return about?.organisation === who.organisation && isTold(about, event)
}

/** Hashes alone: they say that a kept checkpoint is the beginning of this log, and nothing of an entry. */
export const proveConsistency = (
  { state }: Domain,
  _: Account,
  { from }: { readonly from: number },
): Outcome<Output<'log/consistency'>> => {
  const { end, note } = state.last()
  const { size, hash } = end.edge
  if (from > size) return refused(refuse('log/shorter', { size, known: from }))
  const path = consistencyOf(state.reader, from, size, hash).map((each) =>
    Buffer.from(each).toString('hex'),
  )
  return accepted({ from, path, checkpoint: note })
}

/** A tile of hashes. For every account: salts keep the entries behind them from being guessed. */
export const showTile = (
  { state }: Domain,
  _: Account,
  { level, tile: path }: { readonly level: number; readonly tile: string },
): Outcome<Output<'log/tile'>> => {
  const tile = parseTilePath(path)
  return tileAnswer(tile, tile && hashTile(state.reader, level, tile))
}

/** A bundle of entries, for those who may take all of the log away. Taking it is an entry, as an export is. */
export const showBundle = (
  { state }: Domain,
  who: Account,
  { tile: path }: { readonly tile: string },
): Outcome<Output<'log/bundle'>> => {
  const tile = parseTilePath(path)
  const bytes = tile && entryTile(state.reader, tile)
  if (tile === undefined || bytes === undefined) return tileAnswer(undefined, undefined)
  const told = state.commit((tx) =>
    accepted(
      tx.log({
        actor: actorOf(who),
        event: 'log/exported',
        subject: { type: 'log', id: 'log' },
        detail: { from: tile.index * tileWidth, entries: tile.width },
      }),
    ),
  )
  return told.ok ? tileAnswer(tile, bytes) : told
}

const tileAnswer = (
  tile: Tile | undefined,
  bytes: Uint8Array | undefined,
): Outcome<Output<'log/tile'>> =>
  tile === undefined || bytes === undefined
    ? refused(refuse('access/not-found', { thing: 'log tile' }))
    : accepted({
        isFull: tile.width === tileWidth,
        base64: Buffer.from(bytes).toString('base64'),
      })

/** Lines of one call of an export. */
const linesMax = 5000

/**
 * A stretch of an export (`log/export.ts` says what its lines are). The first call fixes the size; a log that grows
 * meanwhile does not change what is exported. Its start is an entry of the log.
 */
export const exportLog = (
  domain: Domain,
  who: Account,
  { from, size: asked }: { readonly from: number; readonly size?: number | undefined },
): Outcome<Output<'log/export'>> => {
  if (from === 0 && asked === undefined) {
    const begun = domain.state.commit((tx) =>
      accepted(
        tx.log({
          actor: actorOf(who),
          event: 'log/exported',
          subject: { type: 'log', id: 'log' },
          detail: {},
        }),
      ),
    )
    if (!begun.ok) return begun
  }
  return accepted(exportLines(domain.state, domain.signer, { from, size: asked, linesMax }))
}
