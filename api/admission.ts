import type { Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import { countAttempts, keyDigestOf } from './auth.ts'
import { countRequests, rateHeaders } from './rate.ts'

/** A request that may be asked: with whose key, from where. */
export type Admitted = { readonly keyDigest: string; readonly address: string }
type Headers = { readonly headers: readonly (readonly [name: string, value: string])[] }

/** Who is let through to the domain, by what this process remembers of keys and addresses. */
export type Admission = {
  readonly admit: (
    authorization: string | undefined,
    address: string,
  ) => (Admitted | { readonly refusal: Refusal }) & Headers
  /** What the domain's answer says of the key. */
  readonly settle: (admitted: Admitted, outcome: Outcome<unknown>) => void
}

/** A key that was good before has a rate of its own, `perMinute`; unknown ones are counted by their address. */
export const openAdmission = (nowMs: () => number, perMinute = 6000): Admission => {
  const attempts = countAttempts(nowMs)
  const rate = countRequests(nowMs, perMinute)
  return {
    admit: (authorization, address) => {
      const keyDigest = keyDigestOf(authorization)
      if (keyDigest === undefined) return { refusal: refuse('access/unauthenticated'), headers: [] }
      const seconds = attempts.waitSeconds(address, keyDigest)
      if (seconds > 0)
        return { refusal: refuse('access/too-many-attempts', { seconds }), headers: [] }
      if (!attempts.isGood(keyDigest)) return { keyDigest, address, headers: [] }
      const standing = rate.take(keyDigest)
      const headers = rateHeaders(standing, perMinute)
      return standing.isOver
        ? { refusal: refuse('access/too-many-requests', { seconds: standing.seconds }), headers }
        : { keyDigest, address, headers }
    },
    settle: ({ keyDigest, address }, outcome) => {
      const isUnknown = !outcome.ok && outcome.refusals[0]?.code === 'access/unauthenticated'
      if (isUnknown) attempts.failed(address)
      else attempts.succeeded(keyDigest)
    },
  }
}
