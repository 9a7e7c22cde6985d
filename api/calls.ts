import { refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import type { Action } from '../policies/roles.ts'
import {
  operations,
  replySchema,
  type Input,
  type Output,
  type Reply,
  type Request,
} from '../sandbox/door.ts'

/** Requests under way to one keeper. */
export type Calls = {
  readonly call: <A extends Action>(
    keyDigest: string,
    action: A,
    input: Input<A>,
  ) => Promise<Outcome<Output<A>>>
  /** Takes a message of the keeper. Throws where it is no reply: a keeper that speaks otherwise is broken. */
  readonly take: (message: unknown) => void
  /** Answers everything that waits with `run/unavailable`. */
  readonly abandon: (seconds: number) => void
}
export type CallLimits = {
  readonly waitingMax: number
  /** For most operations; beside what the request itself asks to wait. */
  readonly timeoutMs: number
  /** Publishing a version reads a whole file. */
  readonly ingestTimeoutMs: number
}
export const callLimits: CallLimits = {
  waitingMax: 256,
  timeoutMs: 30_000,
  ingestTimeoutMs: 3_600_000,
}

type Waiting = { readonly settle: (reply: Reply) => void; readonly timer: NodeJS.Timeout }

/** Numbers requests, matches replies by number, and lets none wait for ever or without bound. */
export const openCalls = (
  send: (request: Request) => void,
  limits: CallLimits = callLimits,
): Calls => {
  const waiting = new Map<number, Waiting>()
  let last = 0
  const settle = (reply: Reply): void => {
    const found = waiting.get(reply.id)
    if (found === undefined) return
    waiting.delete(reply.id)
    clearTimeout(found.timer)
    found.settle(reply)
  }
  const giveUp = (id: number, seconds: number): void => {
    settle({ id, ok: false, refusals: [refuse('run/unavailable', { seconds })] })
  }
  return {
    call: async (keyDigest, action, input) => {
      if (waiting.size >= limits.waitingMax) return refused(refuse('run/busy', { seconds: 1 }))
      const id = (last += 1)
      const reply = await new Promise<Reply>((resolve) => {
        const timer = setTimeout(() => giveUp(id, 5), timeoutMsOf(action, input, limits))
        waiting.set(id, { settle: resolve, timer })
        send({ id, keyDigest, action, input })
      })
      if (!reply.ok) return refused(...reply.refusals)
      // A value of another shape is a bug: it is thrown here and shown to nobody.
      return {
        ok: true,
        value: operations[action].output.parse(reply.value) as Output<typeof action>,
      }
    },
    take: (message) => settle(replySchema.parse(message)),
    abandon: (seconds) => {
      for (const id of waiting.keys()) giveUp(id, seconds)
    },
  }
}

/** What publishes or destroys, or waits for its turn behind what does. */
const isLong = (action: Action): boolean =>
  action === 'dataset/ingest' || action === 'pull/look' || action === 'destruction/approve'

const timeoutMsOf = (action: Action, input: object, limits: CallLimits): number => {
  if (isLong(action)) return limits.ingestTimeoutMs
  return limits.timeoutMs + ('waitMs' in input ? Number(input.waitMs) : 0)
}
