import { describe, expect, test } from 'vitest'
import { budgetHeader } from '../../api/budget-header.ts'
import { openStreams } from '../../api/events.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import type { Output } from '../../sandbox/door.ts'
import { testApp } from '../support/app.ts'
import { fakeDoor, keyOf, samples, submissionId } from '../support/door.ts'

type Page = Output<'submission/watch'>
const page = (...places: readonly number[]): Page => ({
  events: places.map((logIndex) => ({
    event: 'submission/received',
    logIndex,
    timeMs: 1_700_000_000_000,
  })),
  isOver: false,
})
const over = (...places: readonly number[]): Page => ({ ...page(...places), isOver: true })
const textOf = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text()

/** A domain that answers these pages, one after the other; tells after which places it was asked. */
const answers = (...pages: readonly Outcome<Page>[]) => {
  const asked: number[] = []
  const poll = (after: number): Promise<Outcome<Page>> => {
    asked.push(after)
    return Promise.resolve(pages[asked.length - 1] ?? refused(refuse('access/unauthenticated')))
  }
  return { asked, poll }
}
const opened = (outcome: Outcome<ReadableStream<Uint8Array>>): ReadableStream<Uint8Array> => {
  if (!outcome.ok) throw new Error('it should open')
  return outcome.value
}

describe('a stream of events', () => {
  test('has each entry once, with its place as id, and ends with the submission', async () => {
    const { asked, poll } = answers(accepted(page()), accepted(over(5, 9)))
    const stream = opened(openStreams(() => 0).open('k', { first: page(3, 4), after: -1, poll }))
    const text = await textOf(stream)
    expect(text.match(/^id: .*$/gm)).toEqual(['id: 3', 'id: 4', 'id: 5', 'id: 9'])
    expect(text).toContain(
      'id: 3\nevent: submission/received\ndata: {"event":"submission/received","logIndex":3,"timeMs":1700000000000}\n\n',
    )
    // A quiet while is a comment.
    expect(text).toContain('\n\n:\n\n')
    expect(asked).toEqual([4, 4])
  })

  test('goes on from the last event that came', async () => {
    const { asked, poll } = answers(accepted(over(9)))
    await textOf(opened(openStreams(() => 0).open('k', { first: page(), after: 7, poll })))
    expect(asked).toEqual([7])
  })

  test('ends when the key is good no more, after ten minutes, and when the server stops', async () => {
    const revoked = answers(refused(refuse('access/unauthenticated')))
    const streams = openStreams(() => 0)
    const text = await textOf(
      opened(streams.open('k', { first: page(1), after: -1, poll: revoked.poll })),
    )
    expect(text.match(/^id/gm)).toHaveLength(1)

    let ms = 0
    const late = openStreams(() => (ms += 400_000))
    const two = answers(accepted(page(2)), accepted(page(3)))
    const longest = await textOf(
      opened(late.open('k', { first: page(1), after: -1, poll: two.poll })),
    )
    expect(longest.match(/^id: .$/gm)).toEqual(['id: 1', 'id: 2'])

    const closing = new AbortController()
    const never = () => new Promise<Outcome<Page>>(() => undefined)
    const stopped = openStreams(() => 0, closing.signal)
    const reading = textOf(opened(stopped.open('k', { first: page(1), after: -1, poll: never })))
    closing.abort()
    expect(await reading).toContain('id: 1\n')
  })

  test('is one of eight of its key and of 64 altogether; one that was left makes room', async () => {
    const streams = openStreams(() => 0)
    const { poll } = answers()
    const open = (key: string) => streams.open(key, { first: page(1), after: -1, poll })
    const first = opened(open('a'))
    for (let count = 1; count < 8; count += 1) expect(open('a').ok).toBe(true)
    expect(open('a')).toMatchObject({ refusals: [{ code: 'run/busy' }] })
    for (let count = 8; count < 64; count += 1) expect(open(`b${count}`).ok).toBe(true)
    expect(open('c')).toMatchObject({ refusals: [{ code: 'run/busy' }] })
    await first.cancel()
    expect(open('c').ok).toBe(true)
  })
})

describe('over HTTP', () => {
  const path = `/v1/submissions/${submissionId}/events`
  const ask = (door: ReturnType<typeof fakeDoor>, headers: Record<string, string> = {}) =>
    testApp({ door }).app.request(path, {
      headers: { authorization: `Bearer ${keyOf('analyst')}`, ...headers },
    })
  const events = { accept: 'text/event-stream' }

  test('events are a stream where that is wanted, and JSON otherwise', async () => {
    const seen: unknown[] = []
    const door = fakeDoor({ 'submission/watch': () => accepted(over(3)) })
    const call: typeof door.call = (key, action, input) => {
      seen.push(input)
      return door.call(key, action, input)
    }
    const stream = await ask({ ...door, call }, { ...events, 'last-event-id': '2' })
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    expect(await stream.text()).toMatch(/^id: 3\n/)
    expect(seen[0]).toEqual({ id: submissionId, after: 2, waitMs: 0 })
    expect(await (await ask(door)).json()).toEqual(over(3))
  })

  test('where nothing more will come, the stream is not opened again', async () => {
    const door = fakeDoor({ 'submission/watch': () => accepted(over()) })
    expect((await ask(door, { ...events, 'last-event-id': '9' })).status).toBe(204)
  })

  test('a place that is none is malformed', async () => {
    const answer = await ask(fakeDoor(), { ...events, 'last-event-id': '1 OR 1' })
    expect(await answer.json()).toMatchObject({ code: 'submission/malformed' })
  })

  const budget = {
    agreement: 'credit-2026',
    kinds: [
      {
        kind: 'enterprise',
        cost: { rho: 5e-7, delta: 0 },
        left: { rho: 0.48, delta: 0 },
        questionsLeft: 96,
      },
      { kind: 'person', cost: { rho: 1, delta: 0 }, left: { rho: 0, delta: 0 }, questionsLeft: 0 },
    ],
  }
  test('what spends says what it cost and what is left, and a release stays what it was', async () => {
    const release = { ...samples['result/fetch'], budget }
    const door = fakeDoor({
      'submission/show': () => accepted({ ...samples['submission/show'], budget }),
      'result/fetch': () => accepted(release),
    })
    const header =
      '"credit-2026";kind="enterprise";cost="0.0000005";left="0.48";more=96, ' +
      '"credit-2026";kind="person";cost="1";left="0";more=0'
    const { app } = testApp({ door })
    const as = { authorization: `Bearer ${keyOf('analyst')}` }
    const shown = await app.request(`/v1/submissions/${submissionId}`, { headers: as })
    expect(shown.headers.get('privacy-budget')).toBe(header)
    for (const accept of ['application/json', 'text/csv', 'application/vnd.sluice.release+json']) {
      const fetched = await app.request(`/v1/submissions/${submissionId}/result`, {
        headers: { ...as, accept },
      })
      expect(fetched.headers.get('privacy-budget')).toBe(header)
      expect(await fetched.text()).not.toContain('questionsLeft')
    }
  })

  test('a Chinese name is a display string', () => {
    const [first] = budget.kinds
    expect(budgetHeader({ agreement: '信贷', kinds: [{ ...first!, kind: '企业' }] })).toBe(
      '%"%e4%bf%a1%e8%b4%b7";kind=%"%e4%bc%81%e4%b8%9a";cost="0.0000005";left="0.48";more=96',
    )
  })
})
