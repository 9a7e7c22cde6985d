/**
 * Places to run in. Work keeps its place until all that follows from it is told at its fixed time, so that the moment at
 * which the next one begins says no more about a run than that time does.
 */
export type Places = {
  /**
   * Does the work in a place: now where one is free, in its turn otherwise. False where too many wait already, unless it
   * is owed: taken in by an earlier process.
   */
  readonly take: (work: () => Promise<void>, isOwed?: boolean) => boolean
  readonly waiting: () => number
  readonly working: () => number
  /** Gives no more places; those who wait, and whoever comes, go unserved. Settles when all places are empty. */
  readonly close: () => Promise<void>
}

/** `size` places, and `waitingMax` waiting. The work must not reject. */
export const openPlaces = ({
  size,
  waitingMax,
}: {
  readonly size: number
  readonly waitingMax: number
}): Places => {
  const queue: (() => Promise<void>)[] = []
  const working = new Set<Promise<void>>()
  let isClosed = false
  let free = size

  const next = (): void => {
    const work = free > 0 ? queue.shift() : undefined
    if (work === undefined) return
    free -= 1
    const done: Promise<void> = work().finally(() => {
      free += 1
      working.delete(done)
      next()
    })
    working.add(done)
  }
  return {
    take: (work, isOwed = false) => {
      if (free === 0 && queue.length >= waitingMax && !isOwed) return false
      if (!isClosed) queue.push(work)
      next()
      return true
    },
    waiting: () => queue.length,
    working: () => size - free,
    close: async () => {
      isClosed = true
      queue.length = 0
      await Promise.all(working)
    },
  }
}
