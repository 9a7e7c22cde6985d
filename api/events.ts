import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import type { Output } from '../sandbox/door.ts'

type Page = Output<'submission/watch'>

/** Streams of events that are open, so many for a key and altogether. */
export type Streams = {
  readonly open: (keyDigest: string, stream: Stream) => Outcome<ReadableStream<Uint8Array>>
}
type Stream = {
  readonly first: Page
  /** The last event that is known there; -1: none. */
  readonly after: number
  /** Events after a place, as soon as there are some, or none for a while. */
  readonly poll: (after: number) => Promise<Outcome<Page>>
}

const [eachMax, allMax] = [8, 64]
/** Then the client comes again by itself, with the id of the last event. */
const longestMs = 600_000

/**
 * Server-sent events (WHATWG HTML 9.2) of a submission: an event an entry of the log that its author may see, with the
 * entry's place as its id. They come when the entry is committed, which is at a fixed time whatever the run found, so a
 * stream tells no more than asking again and again. Ends with the submission, or with `closing`.
 */
export const openStreams = (nowMs: () => number, closing?: AbortSignal): Streams => {
  const open = new Map<string, number>()
  const count = (keyDigest: string, change: 1 | -1): void => {
    const left = (open.get(keyDigest) ?? 0) + change
    if (left === 0) open.delete(keyDigest)
    else open.set(keyDigest, left)
  }
  const closed = new Promise<undefined>((resolve) => {
    closing?.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  return {
    open: (keyDigest, { first, after: known, poll }) => {
      const all = [...open.values()].reduce((sum, one) => sum + one, 0)
      if (all >= allMax || (open.get(keyDigest) ?? 0) >= eachMax)
        return refused(refuse('run/busy', { seconds: 5 }))
      count(keyDigest, 1)
      const endMs = nowMs() + longestMs
      let page: Page | undefined = first
      let after = known
      let isOpen = true
      const end = (): void => {
        if (isOpen) count(keyDigest, -1)
        isOpen = false
      }
      const pull = async (controller: ReadableStreamDefaultController): Promise<void> => {
        page ??= await next(poll(after), closed)
        if (page !== undefined) controller.enqueue(Buffer.from(textOf(page)))
        after = page?.events.at(-1)?.logIndex ?? after
        if (page === undefined || page.isOver || nowMs() > endMs) {
          end()
          controller.close()
        }
        page = undefined
      }
      return accepted(new ReadableStream({ pull, cancel: end }))
    },
  }
}

/** Undefined where nothing more is to come: refused, such as for a key that was revoked, or closing. */
const next = async (
  asked: Promise<Outcome<Page>>,
  closed: Promise<undefined>,
): Promise<Page | undefined> => {
  const outcome = await Promise.race([asked, closed])
  return outcome?.ok === true ? outcome.value : undefined
}

/** A comment where nothing happened: whoever stands between takes the connection for alive. */
const textOf = ({ events }: Page): string =>
  events.length === 0
    ? ':\n\n'
    : events
        .map(
          (event) =>
            `id: ${event.logIndex}\nevent: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`,
        )
        .join('')
