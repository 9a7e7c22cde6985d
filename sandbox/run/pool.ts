import type { Child } from './child.ts'

/** Why a child gave no answer: it overran its time and was killed, it died, or too much work was waiting already. */
export type Fault = 'time' | 'died' | 'busy'
export type Reply = { readonly answer: unknown } | { readonly fault: Fault }

type Question = {
  readonly message: object
  /** Killed when it has not answered by then. */
  readonly timeoutMs: number
  /** A message for which this is true is progress and not the answer. */
  readonly onProgress?: ((message: unknown) => boolean) | undefined
  readonly settle: (reply: Reply) => void
}

type Reached = { readonly message: object; readonly timeoutMs: number }
type Seat = {
  readonly child: Child
  uses: number
  hasEnded: boolean
  /** Who is told of a message and of the end: the question that is asked now, so that nothing keeps an earlier one. */
  listen: (message: unknown) => void
  onEnd: () => void
}
const nobody = (): void => undefined

export type Pool = {
  /** Asks the next free child. Never rejects. */
  readonly ask: (
    message: object,
    timeoutMs: number,
    onProgress?: (message: unknown) => boolean,
  ) => Promise<Reply>
  readonly waiting: () => number
  readonly running: () => number
  readonly close: () => void
}

/**
 * Children of one kind. `size` of them are kept ready; a child answers one question at a time. A reusable child
 * (checker) serves `usesMax` questions; one that overran, died, or is used up is replaced. A runner serves one.
 */
export const openPool = (options: {
  readonly start: () => Child
  readonly size: number
  readonly usesMax: number
  readonly waitingMax: number
  /**
   * What a new child is asked first: the time of a question begins when the child is up, however busy the machine is with
   * starting it.
   */
  readonly hello?: Reached
}): Pool => {
  const idle: Seat[] = []
  const busy = new Set<Child>()
  const queue: Question[] = []
  let closed = false

  const spawn = (): void => {
    const seat: Seat = {
      child: options.start(),
      uses: 0,
      hasEnded: false,
      listen: nobody,
      onEnd: nobody,
    }
    seat.child.onMessage((message) => seat.listen(message))
    idle.push(seat)
    void leave(seat)
  }
  const leave = async (seat: Seat): Promise<void> => {
    await seat.child.exited
    seat.hasEnded = true
    seat.onEnd()
    const position = idle.indexOf(seat)
    if (position >= 0) idle.splice(position, 1)
  }
  const fill = (): void => {
    if (closed) return
    while (idle.length + busy.size < options.size) spawn()
  }
  const next = (): void => {
    fill()
    const seat = queue.length > 0 ? idle.shift() : undefined
    const question = seat && queue.shift()
    if (seat && question) void serve(seat, question)
  }
  const serve = async (seat: Seat, question: Question): Promise<void> => {
    busy.add(seat.child)
    const up = seat.uses === 0 && options.hello ? await converse(seat, options.hello) : undefined
    const reply = up && 'fault' in up ? up : await converse(seat, question)
    busy.delete(seat.child)
    seat.uses += 1
    if ('answer' in reply && seat.uses < options.usesMax && !closed) idle.push(seat)
    else seat.child.kill()
    question.settle(reply)
    next()
  }
  fill()
  return {
    ask: (message, timeoutMs, onProgress) =>
      new Promise((settle) => {
        if (closed || queue.length >= options.waitingMax) return settle({ fault: 'busy' })
        queue.push({ message, timeoutMs, onProgress, settle })
        next()
      }),
    waiting: () => queue.length,
    running: () => busy.size,
    close: () => {
      closed = true
      for (const { child } of idle) child.kill()
      for (const child of busy) child.kill()
      for (const question of queue.splice(0)) question.settle({ fault: 'busy' })
    },
  }
}

/** Sends one question and waits for the first message that is not progress, the child's end, or the deadline (the caller kills). */
const converse = (seat: Seat, question: Reached & Pick<Question, 'onProgress'>): Promise<Reply> =>
  new Promise((resolve) => {
    const settle = (reply: Reply): void => {
      clearTimeout(deadline)
      seat.listen = nobody
      seat.onEnd = nobody
      resolve(reply)
    }
    const deadline = setTimeout(() => settle({ fault: 'time' }), question.timeoutMs)
    seat.listen = (message) => {
      if (question.onProgress?.(message) !== true) settle({ answer: message })
    }
    seat.onEnd = () => settle({ fault: 'died' })
    if (seat.hasEnded || !seat.child.send(question.message)) settle({ fault: 'died' })
  })
