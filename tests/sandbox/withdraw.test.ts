import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Domain } from '../../sandbox/domain.ts'
import type { SubmissionView } from '../../sandbox/door.ts'
import { openPlaces } from '../../sandbox/places.ts'
import { agreementName, need } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

/* Withdrawing: what waits for its run is taken back at no cost; what was charged stays charged, and runs. */
let inside: Inside
beforeAll(async () => {
  inside = await openInside()
})
afterAll(() => inside.close())

const submit = async (sql: string, change: Partial<Domain> = {}): Promise<SubmissionView> => {
  const submission = { kind: 'query', agreement: agreementName, sql } as const
  const { bank } = inside.keys
  return need(await inside.call(bank, 'submission/create', { submission, waitMs: 0 }, change))
}
const show = async (id: string): Promise<SubmissionView> =>
  need(await inside.call(inside.keys.bank, 'submission/show', { id, waitMs: 10_000 }))
const withdraw = (id: string, as = inside.keys.bank) =>
  inside.call(as, 'submission/withdraw', { id })
const begun = { refusals: [{ code: 'submission/begun' }] }
const eventsOf = (id: string): unknown[] =>
  inside.domain.state.reader
    .all("SELECT body ->> '$.event' AS event FROM entries WHERE subject_id = ? ORDER BY seq", id)
    .map(({ event }) => event)

/** Places of which the only one is taken until `free` is called. */
const taken = () => {
  const places = openPlaces({ noise: 1, people: 1 }, 8)
  let free: () => void = () => undefined
  const waits = { door: 'noise', organisation: 'other', isOwed: false } as const
  places.take(waits, () => new Promise((resolve) => (free = resolve)))
  return { places, free: () => free() }
}

test('what waits for a place is taken back by its organisation alone, is not charged, and does not run in its turn', async () => {
  const { places, free } = taken()
  const counted = 'select count(*) as n from ent_registry where registered_capital'
  const waiting = await submit(`${counted} > 1`, { places })
  const next = await submit(`${counted} > 2`, { places })
  const theirs = await withdraw(waiting.id, inside.keys.otherBank)
  expect(theirs).toMatchObject({ refusals: [{ code: 'access/not-found' }] })
  expect(need(await withdraw(waiting.id))).toMatchObject({ state: 'withdrawn', cost: [] })
  expect(await withdraw(waiting.id)).toMatchObject(begun)
  free()
  expect(await show(next.id)).toMatchObject({ state: 'released' })
  expect(await withdraw(next.id)).toMatchObject(begun)
  expect(eventsOf(waiting.id)).toEqual(['submission/received', 'submission/withdrawn'])
  expect(await show(waiting.id)).toMatchObject({ state: 'withdrawn', cost: [] })
  expect(inside.reported).toEqual([])
})

test('an equal question that waits for the time of its earlier answer is taken back too', async () => {
  const sql = 'select status, count(*) as n from ent_registry group by status'
  expect(await show((await submit(sql)).id)).toMatchObject({ state: 'released' })
  const { places, free } = taken()
  const again = await submit(sql, { places })
  free()
  // In its place now, and not told before its time bucket.
  expect(need(await withdraw(again.id))).toMatchObject({ state: 'withdrawn' })
  const third = await show((await submit(sql)).id)
  expect(third).toMatchObject({ state: 'released', cost: [] })
  expect(eventsOf(again.id)).toEqual(['submission/received', 'submission/withdrawn'])
  expect(inside.reported).toEqual([])
})

test('what was charged stays charged and is answered', async () => {
  const running = await submit('select district, count(*) as n from ent_registry group by district')
  expect(running.cost).not.toEqual([])
  expect(await withdraw(running.id)).toMatchObject(begun)
  expect(await show(running.id)).toMatchObject({ state: 'released', cost: running.cost })
})
