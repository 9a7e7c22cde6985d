import * as z from 'zod'
import { nameSchema } from '../../policies/name.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { roles } from '../../policies/roles.ts'
import type { Actor } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'

const accountSchema = z.strictObject({
  account: nameSchema,
  organisation: nameSchema,
  role: z.enum(roles),
})
export type StoredAccount = z.infer<typeof accountSchema>
const heldSchema = accountSchema.extend({ expiresMs: z.int() })

/** A new account; a name that is taken is refused (`submission/conflict`), also by an account that was disabled. */
export const createAccount = (
  tx: Writer,
  { account, organisation, role }: StoredAccount,
  actor: Actor,
): Outcome<number> => {
  if (tx.get('SELECT 1 FROM accounts WHERE account = ?', account) !== undefined)
    return refused(refuse('submission/conflict', { what: account }))
  tx.insert('accounts', { account, organisation, role, created_ms: tx.nowMs })
  const subject = { type: 'account', id: account }
  return accepted(
    tx.log({ actor, event: 'account/created', subject, detail: { organisation, role } }),
  )
}

/** How a key is named in the log: enough to tell keys apart, not enough to be one. */
const keyName = (digest: string): string => digest.slice(0, 16)

/** Gives an account a key. `digest` is the SHA-256 of 256 random bits, which nobody keeps. */
export const issueKey = (
  tx: Writer,
  { digest, account, expiresMs }: { digest: string; account: string; expiresMs: number },
  actor: Actor,
): Outcome<number> => {
  tx.insert('keys', { digest, account, expires_ms: expiresMs })
  return accepted(
    tx.log({
      actor,
      event: 'key/issued',
      subject: { type: 'account', id: account },
      detail: { key: keyName(digest), expiresMs },
    }),
  )
}

/** Takes a key back for good; `access/not-found` where there is none in force. */
export const revokeKey = (tx: Writer, digest: string, actor: Actor): Outcome<number> => {
  const row = tx.get('SELECT account FROM keys WHERE digest = ? AND revoked_ms IS NULL', digest)
  if (row === undefined) return refused(refuse('access/not-found', { thing: 'key' }))
  tx.run('UPDATE keys SET revoked_ms = ? WHERE digest = ?', tx.nowMs, digest)
  const subject = { type: 'account', id: String(row['account']) }
  return accepted(
    tx.log({ actor, event: 'key/revoked', subject, detail: { key: keyName(digest) } }),
  )
}

/** Shuts an account and all its keys for good. */
export const disableAccount = (tx: Writer, account: string, actor: Actor): Outcome<number> => {
  const changed = tx.run(
    'UPDATE accounts SET disabled_ms = ? WHERE account = ? AND disabled_ms IS NULL',
    tx.nowMs,
    account,
  )
  if (changed === 0) return refused(refuse('access/not-found', { thing: 'account' }))
  const subject = { type: 'account', id: account }
  return accepted(tx.log({ actor, event: 'account/disabled', subject, detail: {} }))
}

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

/** The accounts in force, by name. */
export const accounts = (reader: Reader): readonly StoredAccount[] =>
  readRows(
    accountSchema,
    reader.all(
      'SELECT account, organisation, role FROM accounts WHERE disabled_ms IS NULL ORDER BY account',
    ),
  )
