import { refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'

/** Work that is done one after the other, in the order in which it came. */
export type Turns = {
  /**
   * Does the work when all before it is done, and answers what it answers. Refused, and the work never begun, where too
   * many wait (`run/busy`) or no turn comes any more (`run/unavailable`).
   */
  readonly take: <T>(work: () => Promise<Outcome<T>>) => Promise<Outcome<T>>
  readonly isBusy: () => boolean
  readonly waiting: () => number
  /** Gives no more turns. What is being done goes on. */
  readonly close: () => void
}

/** What is said to one more than may wait: a file takes some seconds at least. */
const busySeconds = 10
const closedSeconds = 5

export const openTurns = (waitingMax: number): Turns => {
  const queue: ((isClosed: boolean) => void)[] = []
  let isBusy = false
  let isClosed = false
  const closed = refused(refuse('run/unavailable', { seconds: closedSeconds }))

  /** Whether the turn came: false where it never will. */
  const turn = (): Promise<boolean> =>
    new Promise((settle) => void queue.push((isOver) => settle(!isOver)))
  const next = (): void => {
    const first = queue.shift()
    isBusy = first !== undefined
    first?.(false)
  }
  return {
    take: async (work) => {
      if (isClosed) return closed
      if (isBusy && queue.length >= waitingMax)
        return refused(refuse('run/busy', { seconds: busySeconds }))
      if (isBusy && !(await turn())) return closed
      isBusy = true
      try {
        return await work()
      } finally {
        next()
      }
    },
    isBusy: () => isBusy,
    waiting: () => queue.length,
    close: () => {
      isClosed = true
      for (const settle of queue.splice(0)) settle(true)
    },
  }
}
