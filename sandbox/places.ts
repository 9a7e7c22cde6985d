import type { Door } from '../policies/submission.ts'

/**
 * Places to run in, some for each door. Work keeps its place until all that follows from it is told at its fixed time, so
 * that the moment at which the next one begins says no more about a run than that time does.
 */
export type Places = {
  /**
   * Does the work in a place of the door: now where one is free, in its turn otherwise. False where too many wait already,
   * or too many of one organisation, unless it is owed: taken in before. The work must not reject.
   */
  readonly take: (waits: Waits, work: () => Promise<void>) => boolean
  readonly waiting: () => number
  readonly working: () => number
  /** Gives no more places; those who wait, and whoever comes, go unserved. Settles when all places are empty. */
  readonly close: () => Promise<void>
}

/** For which door, whose, and whether it was taken in before. */
export type Waits = { readonly door: Door; readonly organisation: string; readonly isOwed: boolean }

type Waiting = { readonly organisation: string; readonly work: () => Promise<void> }
type Lane = { free: number; readonly queue: Waiting[]; readonly inWork: string[] }

/** No organisation keeps the others out: a quarter of those who wait may be its own. */
const shareOf = (waitingMax: number): number => Math.ceil(waitingMax / 4)

/** At each door `sizes` places, and `waitingMax` waiting. The next is of an organisation that has the fewest in work. */
export const openPlaces = (sizes: Readonly<Record<Door, number>>, waitingMax: number): Places => {
  const lanes: Readonly<Record<Door, Lane>> = {
    noise: { free: sizes.noise, queue: [], inWork: [] },
    people: { free: sizes.people, queue: [], inWork: [] },
  }
  const working = new Set<Promise<void>>()
  let isClosed = false

  const next = (lane: Lane): void => {
    const waiting = lane.free > 0 ? takeNext(lane) : undefined
    if (waiting === undefined) return
    lane.free -= 1
    lane.inWork.push(waiting.organisation)
    const done: Promise<void> = waiting.work().finally(() => {
      lane.free += 1
      lane.inWork.splice(lane.inWork.indexOf(waiting.organisation), 1)
      working.delete(done)
      next(lane)
    })
    working.add(done)
  }
  return {
    take: ({ door, organisation, isOwed }, work) => {
      const lane = lanes[door]
      const own = lane.queue.filter((each) => each.organisation === organisation).length
      const isFull = lane.queue.length >= waitingMax || own >= shareOf(waitingMax)
      if (lane.free === 0 && isFull && !isOwed) return false
      if (!isClosed) lane.queue.push({ organisation, work })
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

/** Of those who wait, the first whose organisation has the fewest in work. */
const takeNext = ({ queue, inWork }: Lane): Waiting | undefined => {
  const loads = queue.map(
    ({ organisation }) => inWork.filter((each) => each === organisation).length,
  )
  const next = loads.indexOf(Math.min(...loads))
  return next < 0 ? undefined : queue.splice(next, 1)[0]
}
