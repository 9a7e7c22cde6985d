import { expect, test } from 'vitest'
import { openPlaces } from '../../sandbox/places.ts'

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

test('work begins at once where a place is free, and in its turn otherwise', async () => {
  const { begun, job, end } = jobs()
  const places = openPlaces({ noise: 2, people: 1 }, 10)
  for (const name of ['a', 'b', 'c', 'd']) expect(places.take('noise', job(name), false)).toBe(true)
  expect(begun).toEqual(['a', 'b'])
  expect([places.working(), places.waiting()]).toEqual([2, 2])
  await end('b')
  expect(begun).toEqual(['a', 'b', 'c'])
})

test('no door waits for the other', () => {
  const { begun, job } = jobs()
  const places = openPlaces({ noise: 1, people: 1 }, 10)
  for (const name of ['a', 'b']) places.take('people', job(name), false)
  places.take('noise', job('c'), false)
  expect(begun).toEqual(['a', 'c'])
})

test('who comes when too many wait is turned away, unless it was taken in before', () => {
  const { job } = jobs()
  const places = openPlaces({ noise: 1, people: 1 }, 1)
  expect(places.take('noise', job('a'), false)).toBe(true)
  expect(places.take('noise', job('b'), false)).toBe(true)
  expect(places.take('noise', job('c'), false)).toBe(false)
  expect(places.take('noise', job('d'), true)).toBe(true)
  expect(places.waiting()).toBe(2)
})

test('closing waits for the work that began and begins no other', async () => {
  const { begun, job, end } = jobs()
  const places = openPlaces({ noise: 1, people: 1 }, 10)
  for (const name of ['a', 'b']) places.take('noise', job(name), false)
  let isClosed = false
  const closed = places.close().then(() => (isClosed = true))
  // Not turned away: it is still to be done, by the next process.
  expect(places.take('people', job('c'), false)).toBe(true)
  await end('none')
  expect(isClosed).toBe(false)
  await end('a')
  await closed
  expect(begun).toEqual(['a'])
})
