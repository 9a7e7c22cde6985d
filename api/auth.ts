import { createHash } from 'node:crypto'

/**
 * SHA-256 in hex of the key in `Authorization: Bearer sk_...`, or undefined. The key itself goes no further than here;
 * it has 256 bits, so a plain hash is enough to look it up by (NIST SP 800-63B, 5.1.2.2).
 */
export const keyDigestOf = (header: string | null | undefined): string | undefined => {
  const key = /^bearer +(sk_[A-Za-z0-9_-]{20,200})$/i.exec(header ?? '')?.[1]
  return key === undefined ? undefined : createHash('sha256').update(key).digest('hex')
}

/** Failed authentications by address. */
export type Attempts = {
  /** Seconds until this address may try an unknown key again; 0: now. */
  readonly waitSeconds: (address: string, keyDigest: string) => number
  /** Whether this key was good before. */
  readonly isGood: (keyDigest: string) => boolean
  readonly failed: (address: string) => void
  readonly succeeded: (keyDigest: string) => void
}

const failuresMax = 20
const windowMs = 60_000
const rememberedMax = 10_000

/**
 * After 20 failures within a minute an address must wait for the minute's end, unless it brings a key that was good
 * before: neighbours behind one address cannot lock each other out. Both memories are bounded, oldest out first.
 */
export const countAttempts = (nowMs: () => number): Attempts => {
  const failures = new Map<string, { count: number; sinceMs: number }>()
  const good = new Map<string, true>()
  const current = (address: string): { count: number; sinceMs: number } => {
    const entry = failures.get(address)
    const fresh = entry !== undefined && nowMs() - entry.sinceMs < windowMs
    return fresh ? entry : { count: 0, sinceMs: nowMs() }
  }
  return {
    waitSeconds: (address, keyDigest) => {
      const { count, sinceMs } = current(address)
      if (count < failuresMax || good.has(keyDigest)) return 0
      return Math.max(1, Math.ceil((sinceMs + windowMs - nowMs()) / 1000))
    },
    isGood: (keyDigest) => good.has(keyDigest),
    failed: (address) => {
      const entry = current(address)
      remember(failures, address, { ...entry, count: entry.count + 1 })
    },
    succeeded: (keyDigest) => {
      remember(good, keyDigest, true)
    },
  }
}

const remember = <T>(memory: Map<string, T>, key: string, value: T): void => {
  memory.delete(key)
  memory.set(key, value)
  const [oldest] = memory.keys()
  if (memory.size > rememberedMax && oldest !== undefined) memory.delete(oldest)
}
