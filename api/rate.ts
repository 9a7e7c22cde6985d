/** What is left to a key in its minute. */
export type Rate = {
  /** Counts a request; answers whether it may be served. */
  readonly take: (keyDigest: string) => Standing
}
export type Standing = {
  readonly isOver: boolean
  readonly left: number
  /** Until the minute of this key ends. */
  readonly seconds: number
}

const windowMs = 60_000
const rememberedMax = 10_000

/**
 * Requests of each good key in windows of a minute that begin with its first: one key cannot keep the others from being
 * answered. At most 10,000 keys are remembered, those that came last.
 */
export const countRequests = (nowMs: () => number, perMinute: number): Rate => {
  const windows = new Map<string, { count: number; sinceMs: number }>()
  return {
    take: (keyDigest) => {
      const found = windows.get(keyDigest)
      const now = nowMs()
      const isFresh = found !== undefined && now - found.sinceMs < windowMs && now >= found.sinceMs
      const window = isFresh ? found : { count: 0, sinceMs: now }
      window.count += 1
      windows.delete(keyDigest)
      windows.set(keyDigest, window)
      const [oldest] = windows.keys()
      if (windows.size > rememberedMax && oldest !== undefined) windows.delete(oldest)
      return {
        isOver: window.count > perMinute,
        left: Math.max(0, perMinute - window.count),
        seconds: Math.max(1, Math.ceil((window.sinceMs + windowMs - now) / 1000)),
      }
    },
  }
}

/** Headers of draft-ietf-httpapi-ratelimit-headers-10. */
export const rateHeaders = (
  { left, seconds }: Standing,
  perMinute: number,
): readonly (readonly [string, string])[] => [
  ['ratelimit-policy', `"key";q=${perMinute};w=${windowMs / 1000}`],
  ['ratelimit', `"key";r=${left};t=${seconds}`],
]
