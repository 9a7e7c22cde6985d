import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { newKey, type Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { hasAccount } from '../state/accounts.ts'
import type { Reader } from '../state/database.ts'
import { endKey, isLive, issueKey, keyName, keysOf, revokeKey } from '../state/keys.ts'
import { actorOf } from './account.ts'

/** A key in use and its successor. */
const liveMax = 2
const [hourMs, dayMs] = [3_600_000, 86_400_000]

/**
 * A second key for whoever asks, while the present one goes on for some hours. Nobody else can have one made: of an
 * account's keys only the first was ever in other hands than its holder's (I10). It ends no later than the present one
 * would have: for how long somebody is trusted is not for them to say.
 */
export const issueSecondKey = (
  { state, world }: Domain,
  who: Account,
  { days, overlapHours }: { readonly days?: number | undefined; readonly overlapHours: number },
): Outcome<Output<'key/issue'>> => {
  const { key, digest } = newKey(world)
  const { account } = who
  return state.commit((tx) => {
    const live = keysOf(tx, account).filter((each) => isLive(each, tx.nowMs))
    if (live.length >= liveMax) return refused(refuse('access/keys-many', { max: liveMax }))
    const expiresMs = Math.min(who.expiresMs, tx.nowMs + (days ?? Infinity) * dayMs)
    issueKey(tx, { digest, account, expiresMs }, actorOf(who))
    const lastMs = tx.nowMs + overlapHours * hourMs
    for (const earlier of live)
      if (earlier.expiresMs > lastMs)
        endKey(tx, { digest: earlier.digest, account, expiresMs: lastMs }, actorOf(who))
    const endsMs = Math.min(who.expiresMs, lastMs)
    return accepted({ key, name: keyName(digest), expiresMs, earlierExpiresMs: endsMs })
  })
}

/** Keys by name, for their holder and the administrator. The keys themselves are stored nowhere. */
export const listKeys = (
  { state: { reader } }: Domain,
  who: Account,
  { account }: { readonly account: string },
): Outcome<Output<'key/list'>> =>
  maySee(reader, who, account)
    ? accepted({
        account,
        keys: keysOf(reader, account).map(({ digest, expiresMs, revokedMs }) => ({
          name: keyName(digest),
          expiresMs,
          ...(revokedMs !== null && { revokedMs }),
        })),
      })
    : refused(refuse('access/not-found', { thing: 'account' }))

/** Another's account and none at all look alike. */
const maySee = (reader: Reader, who: Account, account: string): boolean =>
  who.account === account || (who.role === 'administrator' && hasAccount(reader, account))

/** Takes a key back at once. Nobody takes back the last one of their own. */
export const revokeKeyOf = (
  { state }: Domain,
  who: Account,
  { account, name }: { readonly account: string; readonly name: string },
): Outcome<Output<'key/revoke'>> =>
  state.commit((tx) => {
    if (!maySee(tx, who, account)) return refused(refuse('access/not-found', { thing: 'account' }))
    const live = keysOf(tx, account).filter((each) => isLive(each, tx.nowMs))
    const found = live.find(({ digest }) => keyName(digest) === name)
    if (found === undefined) return refused(refuse('access/not-found', { thing: 'key' }))
    if (who.account === account && live.length === 1) return refused(refuse('access/last-key'))
    const revoked = revokeKey(tx, found.digest, actorOf(who))
    return revoked.ok ? accepted({ account, name, logIndex: revoked.value }) : revoked
  })

/**
 * Sets when an account ends, counted from now: its newest key is good until then, and no key for longer. No key is made:
 * who lets people in has no way to be one of them (I10). An account whose keys have ended stays so.
 */
export const setTerm = (
  { state }: Domain,
  who: Account,
  { account, days }: { readonly account: string; readonly days: number },
): Outcome<Output<'account/term'>> =>
  state.commit((tx) => {
    const live = keysOf(tx, account).filter((each) => isLive(each, tx.nowMs))
    if (!hasAccount(tx, account) || live.length === 0)
      return refused(refuse('access/not-found', { thing: 'account' }))
    const endsMs = tx.nowMs + days * dayMs
    for (const [at, { digest, expiresMs }] of live.entries())
      if (at === 0 || expiresMs > endsMs)
        endKey(tx, { digest, account, expiresMs: endsMs }, actorOf(who))
    return accepted({ account, expiresMs: endsMs })
  })
