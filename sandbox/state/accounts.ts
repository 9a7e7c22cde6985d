import * as z from 'zod'
import { nameSchema } from '../../policies/name.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { roles } from '../../policies/roles.ts'
import type { Actor } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRows } from './row.ts'

export const accountSchema = z.strictObject({
  account: nameSchema,
  organisation: nameSchema,
  role: z.enum(roles),
})
export type StoredAccount = z.infer<typeof accountSchema>

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

/** The accounts in force, by name. */
export const accounts = (reader: Reader): readonly StoredAccount[] =>
  readRows(
    accountSchema,
    reader.all(
      'SELECT account, organisation, role FROM accounts WHERE disabled_ms IS NULL ORDER BY account',
    ),
  )

/** Whether there is such an account, in force. */
export const hasAccount = (reader: Reader, account: string): boolean =>
  reader.get('SELECT 1 FROM accounts WHERE account = ? AND disabled_ms IS NULL', account) !==
  undefined
