import type { Door } from '../policies/submission.ts'

/**
 * Places to run in, some for each door. Work keeps its place until all that follows from it is told at its fixed time, so
 * that the moment at which the next one begins says no more about a run than that time does.
 */
export type Places = {
  /**
   * Does the work in a place of the door: now where one is free, in its turn otherwise. False where too many wait already,
   * unless it is owed: taken in before. The work must not reject.
   */
  readonly take: (door: Door, work: () => Promise<void>, isOwed: boolean) => boolean
  readonly waiting: () => number
  readonly working: () => number
  /** Gives no more places; those who wait, and whoever comes, go unserved. Settles when all places are empty. */
  readonly close: () => Promise<void>
}

type Lane = { free: number; readonly queue: (() => Promise<void>)[] }

/** At each door `sizes` places, and `waitingMax` waiting. */
export const openPlaces = (sizes: Readonly<Record<Door, number>>, waitingMax: number): Places => {
  const lanes: Readonly<Record<Door, Lane>> = {
    noise: { free: sizes.noise, queue: [] },
    people: { free: sizes.people, queue: [] },
  }
  const working = new Set<Promise<void>>()
  let isClosed = false

  const next = (lane: Lane): void => {
    const work = lane.free > 0 ? lane.queue.shift() : undefined
    if (work === undefined) return
    lane.free -= 1
    const done: Promise<void> = work().finally(() => {
      lane.free += 1
      working.delete(done)
      next(lane)
    })
    working.add(done)
  }
  return {
    take: (door, work, isOwed) => {
      const lane = lanes[door]
      if (lane.free === 0 && lane.queue.length >= waitingMax && !isOwed) return false
      if (!isClosed) lane.queue.push(work)
      next(lane)
      return true
    },
    waiting: () => lanes.noise.queue.length + lanes.people.queue.length,
    working: () => working.size,
    close: async () => {
      isClosed = true
      for (const { queue } of Object.values(lanes)) queue.length = 0
      await Promise.all(working)
    },
  }
}
