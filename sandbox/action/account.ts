import { accepted, type Outcome } from '../../policies/outcome.ts'
import { newKey, type Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import type { Actor } from '../log/entry.ts'
import { createAccount as putAccount } from '../state/accounts.ts'
import { issueKey } from '../state/keys.ts'

/** Whoever asks, as the log names them. */
export const actorOf = ({ account, organisation, role }: Account): Actor => ({
  account,
  organisation,
  role,
})

export const showAccount = (_: Domain, who: Account): Outcome<Account> => accepted(who)

export const createAccount = (
  domain: Domain,
  who: Account,
  input: Omit<Account, 'expiresMs'> & { readonly days: number },
): Outcome<Output<'account/create'>> => {
  const { days, ...person } = input
  const account: Account = { ...person, expiresMs: domain.world.nowMs() + days * 86_400_000 }
  const { key, digest } = newKey(domain.world)
  return domain.state.commit((tx) => {
    const made = putAccount(tx, person, actorOf(who))
    if (!made.ok) return made
    issueKey(tx, { digest, account: account.account, expiresMs: account.expiresMs }, actorOf(who))
    return accepted({ account, key })
  })
}
