import { expect, test } from 'vitest'
import { openPlaces, type Waits } from '../../sandbox/places.ts'

/** Work that is done when it is told to be, and notes that it began. */
const jobs = () => {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const job = (name: string) => () => {
    begun.push(name)
    return new Promise<void>((resolve) => ends.set(name, resolve))
  }
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { begun, job, end }
}

const noise: Waits = { door: 'noise', organisation: 'bank', isOwed: false }
const people: Waits = { ...noise, door: 'people' }

test('work begins at once where a place is free, and in its turn otherwise', async () => {
  const { begun, job, end } = jobs()
  const places = openPlaces({ noise: 2, people: 1 }, 10)
  for (const name of ['a', 'b', 'c', 'd']) expect(places.take(noise, job(name))).toBe(true)
  expect(begun).toEqual(['a', 'b'])
  expect([places.working(), places.waiting()]).toEqual([2, 2])
  await end('b')
  expect(begun).toEqual(['a', 'b', 'c'])
})

test('no door waits for the other', () => {
  const { begun, job } = jobs()
  const places = openPlaces({ noise: 1, people: 1 }, 10)
  for (const name of ['a', 'b']) places.take(people, job(name))
  places.take(noise, job('c'))
  expect(begun).toEqual(['a', 'c'])
})

test('who comes when too many wait is turned away, unless it was taken in before', () => {
  const { job } = jobs()
  const places = openPlaces({ noise: 1, people: 1 }, 1)
  expect(places.take(noise, job('a'))).toBe(true)
  expect(places.take(noise, job('b'))).toBe(true)
  expect(places.take(noise, job('c'))).toBe(false)
  expect(places.take({ ...noise, isOwed: true }, job('d'))).toBe(true)
  expect(places.waiting()).toBe(2)
})

test('closing waits for the work that began and begins no other', async () => {
  const { begun, job, end } = jobs()
  const places = openPlaces({ noise: 1, people: 1 }, 10)
  for (const name of ['a', 'b']) places.take(noise, job(name))
  let isClosed = false
  const closed = places.close().then(() => (isClosed = true))
  // Not turned away: it is still to be done, by the next process.
  expect(places.take(people, job('c'))).toBe(true)
  await end('none')
  expect(isClosed).toBe(false)
  await end('a')
  await closed
  expect(begun).toEqual(['a'])
})

test('no organisation fills the places of the others, and its own work waits behind theirs', async () => {
  const { begun, job, end } = jobs()
  const places = openPlaces({ noise: 2, people: 1 }, 8)
  const other: Waits = { ...noise, organisation: 'other' }
  const taken = ['a', 'b', 'c', 'd', 'e'].map((name) => places.take(noise, job(name)))
  expect(taken).toEqual([true, true, true, true, false])
  expect(places.take(other, job('x'))).toBe(true)
  expect(places.take(other, job('y'))).toBe(true)
  await end('a')
  expect(begun).toEqual(['a', 'b', 'x'])
  await end('b')
  expect(begun).toEqual(['a', 'b', 'x', 'c'])
})
