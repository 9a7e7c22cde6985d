import type { Output } from '../sandbox/door.ts'
import type { Streams } from './events.ts'
import type { Door } from './keeper-client.ts'
import { presentStream, problem, type Asked } from './present.ts'

type Watched = Output<'submission/watch'>

/** So long the domain is asked for events at a time, and so often a quiet stream shows that it is alive. */
const pollMs = 5000

/** Answers with a stream of events, from those that there are already. */
export const follow = (
  { door, streams }: { readonly door: Door; readonly streams: Streams },
  keyDigest: string,
  first: Watched,
  context: Asked,
): Response => {
  if (first.isOver && first.events.length === 0) return presentStream(context, undefined)
  const id = context.req.param('id') ?? ''
  const known = Number(context.req.header('last-event-id') || context.req.query('after') || -1)
  const stream = streams.open(keyDigest, {
    first,
    after: known,
    poll: (after) =>
      door.call(keyDigest, 'submission/watch', {
        id,
        waitMs: pollMs,
        ...(after >= 0 && { after }),
      }),
  })
  return stream.ok ? presentStream(context, stream.value) : problem(context, stream.refusals)
}
