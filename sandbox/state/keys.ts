import * as z from 'zod'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import type { Actor } from '../log/entry.ts'
import { accountSchema, type StoredAccount } from './accounts.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'

const heldSchema = accountSchema.extend({ expiresMs: z.int() })

/** A key as it may be told: its name, and when it ends or was taken back. */
const keySchema = z.strictObject({
  digest: z.string(),
  expiresMs: z.int(),
  revokedMs: z.int().nullable(),
})
export type StoredKey = z.infer<typeof keySchema>

/** How a key is named in the log: enough to tell keys apart, not enough to be one. */
export const keyName = (digest: string): string => digest.slice(0, 16)

const subjectOf = (account: string): { type: string; id: string } => ({
  type: 'account',
  id: account,
})

/** Gives an account a key. `digest` is the SHA-256 of 256 random bits, which nobody keeps. */
export const issueKey = (
  tx: Writer,
  { digest, account, expiresMs }: { digest: string; account: string; expiresMs: number },
  actor: Actor,
): Outcome<number> => {
  tx.insert('keys', { digest, account, expires_ms: expiresMs })
  const subject = subjectOf(account)
  const detail = { key: keyName(digest), expiresMs }
  return accepted(tx.log({ actor, event: 'key/issued', subject, detail }))
}

/** Takes a key back for good; `access/not-found` where there is none in force. */
export const revokeKey = (tx: Writer, digest: string, actor: Actor): Outcome<number> => {
  const row = tx.get('SELECT account FROM keys WHERE digest = ? AND revoked_ms IS NULL', digest)
  if (row === undefined) return refused(refuse('access/not-found', { thing: 'key' }))
  tx.run('UPDATE keys SET revoked_ms = ? WHERE digest = ?', tx.nowMs, digest)
  const subject = subjectOf(String(row['account']))
  return accepted(
    tx.log({ actor, event: 'key/revoked', subject, detail: { key: keyName(digest) } }),
  )
}

/** Lets a key end at another time. That it ends earlier or later is an entry. */
export const endKey = (
  tx: Writer,
  { digest, account, expiresMs }: { digest: string; account: string; expiresMs: number },
  actor: Actor,
): Outcome<number> => {
  tx.run('UPDATE keys SET expires_ms = ? WHERE digest = ?', expiresMs, digest)
  const subject = subjectOf(account)
  const detail = { key: keyName(digest), expiresMs }
  return accepted(tx.log({ actor, event: 'key/limited', subject, detail }))
}

/** Every key that an account ever had, the one that ends last first. */
export const keysOf = (reader: Reader, account: string): readonly StoredKey[] =>
  readRows(
    keySchema,
    reader.all(
      `SELECT digest, expires_ms AS expiresMs, revoked_ms AS revokedMs FROM keys
       WHERE account = ? ORDER BY expires_ms DESC, digest`,
      account,
    ),
  )

export const isLive = ({ expiresMs, revokedMs }: StoredKey, nowMs: number): boolean =>
  revokedMs === null && expiresMs > nowMs

/** Whose key this is, if it is in force now. The look-up is by a digest, so its time tells nothing of the key. */
export const accountOfKey = (
  reader: Reader,
  digest: string,
  nowMs: number,
): (StoredAccount & { readonly expiresMs: number }) | undefined =>
  readRow(
    heldSchema,
    reader.get(
      `SELECT a.account, a.organisation, a.role, k.expires_ms AS expiresMs
       FROM keys k JOIN accounts a USING (account)
       WHERE k.digest = ? AND k.revoked_ms IS NULL AND k.expires_ms > ? AND a.disabled_ms IS NULL`,
      digest,
      nowMs,
    ),
  )
