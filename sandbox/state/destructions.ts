import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { destructionStates } from '../../policies/states.ts'
import type { Actor } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'
import type { StoredVersion } from './versions.ts'

const destructionSchema = z.strictObject({
  version: digestSchema,
  state: z.enum(destructionStates),
  /** Who proposed it; the keeper where the time of the version was over. */
  account: nameSchema,
  reason: z.string(),
  /** Place of the entry that this state came with. */
  seq: z.int(),
})
export type Destruction = z.infer<typeof destructionSchema>

const columns = 'version, state, account, reason, seq'

export const destructionOf = (reader: Reader, version: string): Destruction | undefined =>
  readRow(
    destructionSchema,
    reader.get(`SELECT ${columns} FROM destructions WHERE version = ?`, version),
  )

export const begunDestructions = (reader: Reader): readonly Destruction[] =>
  readRows(
    destructionSchema,
    reader.all(`SELECT ${columns} FROM destructions WHERE state = 'begun' ORDER BY seq`),
  )

type About = { readonly version: StoredVersion; readonly reason: string }

/** Puts a destruction up for a second person. Answers the place of its entry. */
export const proposeDestruction = (
  tx: Writer,
  { version, reason }: About,
  actor: Actor,
): Outcome<number> => {
  const known = destructionOf(tx, version.digest)
  if (known !== undefined)
    return refused(refuse('source/destruction-known', { version: version.digest }))
  const seq = tx.log({
    actor,
    event: 'destruction/proposed',
    subject: { type: 'dataset', id: version.dataset },
    detail: { version: version.digest, reason },
  })
  const state = { state: 'proposed', account: actor.account, reason, seq }
  tx.insert('destructions', { version: version.digest, ...state })
  return accepted(seq)
}

/** Begins what was proposed. Whoever proposed it does not approve it (I10). */
export const approveDestruction = (
  tx: Writer,
  version: StoredVersion,
  actor: Actor,
): Outcome<number> => {
  const known = destructionOf(tx, version.digest)
  if (known?.state !== 'proposed') return refused(refuse('access/not-found', { thing: 'proposal' }))
  if (known.account === actor.account)
    return refused(refuse('access/own-destruction', { dataset: version.dataset }))
  const seq = tx.log({
    actor,
    event: 'destruction/approved',
    subject: { type: 'dataset', id: version.dataset },
    detail: { version: version.digest, proposedBy: known.account, proposal: known.seq },
  })
  goOn(tx, version.digest, 'begun', seq)
  return accepted(seq)
}

/** Begins the destruction of a version whose time is over, whatever was proposed of it. */
export const expireVersion = (
  tx: Writer,
  version: StoredVersion,
  { days, actor }: { readonly days: number; readonly actor: Actor },
): void => {
  const seq = tx.log({
    actor,
    event: 'version/expired',
    subject: { type: 'dataset', id: version.dataset },
    detail: { version: version.digest, retentionDays: days },
  })
  if (destructionOf(tx, version.digest) !== undefined) return goOn(tx, version.digest, 'begun', seq)
  const state = { state: 'begun', account: actor.account, reason: 'retention', seq }
  tx.insert('destructions', { version: version.digest, ...state })
}

/** Ends a destruction: the entry is its certificate. */
export const certifyDestruction = (
  tx: Writer,
  { version, reason, detail }: About & { readonly detail: Certificate },
  actor: Actor,
): number => {
  const seq = tx.log({
    actor,
    event: 'version/destroyed',
    subject: { type: 'dataset', id: version.dataset },
    detail: { version: version.digest, reason, ...detail },
  })
  goOn(tx, version.digest, 'done', seq)
  return seq
}

/** For each file its shelf and SHA-256, and for each how its opening was shown to fail; the ring's generation since. */
export type Certificate = {
  readonly files: string[]
  readonly shown: string[]
  readonly generation: number
}

const goOn = (tx: Writer, version: string, state: 'begun' | 'done', seq: number): void =>
  void tx.run('UPDATE destructions SET state = ?, seq = ? WHERE version = ?', state, seq, version)
