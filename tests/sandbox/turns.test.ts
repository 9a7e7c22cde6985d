import { expect, test } from 'vitest'
import { accepted } from '../../policies/outcome.ts'
import { openTurns } from '../../sandbox/turns.ts'

/** Work that is done when it is told so. */
const held = (name: string, begun: string[]) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const work = async () => {
    begun.push(name)
    await promise
    return accepted(name)
  }
  return { work, finish: resolve }
}

test('work is done one after the other, in the order in which it came', async () => {
  const turns = openTurns(2)
  const begun: string[] = []
  const [a, b, c] = ['a', 'b', 'c'].map((name) => held(name, begun))
  const [first, second, third] = [a, b, c].map((each) => turns.take(each!.work))
  expect([begun, turns.waiting(), turns.isBusy()]).toEqual([['a'], 2, true])
  a!.finish()
  expect(await first).toEqual(accepted('a'))
  c!.finish()
  b!.finish()
  expect([await second, await third]).toEqual([accepted('b'), accepted('c')])
  expect(begun).toEqual(['a', 'b', 'c'])
  expect([turns.waiting(), turns.isBusy()]).toEqual([0, false])
})

test('one more than may wait is told when to come again, and never begins', async () => {
  const turns = openTurns(1)
  const begun: string[] = []
  const [a, b, c] = ['a', 'b', 'c'].map((name) => held(name, begun))
  const taken = [a, b].map((each) => turns.take(each!.work))
  expect(await turns.take(c!.work)).toMatchObject({
    refusals: [{ code: 'run/busy', params: { seconds: 10 } }],
  })
  a!.finish()
  b!.finish()
  await Promise.all(taken)
  expect(begun).toEqual(['a', 'b'])
  expect(await turns.take(async () => accepted('d'))).toEqual(accepted('d'))
})

test('what throws leaves the turn to the next', async () => {
  const turns = openTurns(1)
  const broken = turns.take(async () => {
    await Promise.resolve()
    throw new Error('broken')
  })
  const next = turns.take(async () => accepted('next'))
  await expect(broken).rejects.toThrow('broken')
  expect(await next).toEqual(accepted('next'))
})

test('when it is closed nobody gets a turn, and what is being done goes on', async () => {
  const turns = openTurns(1)
  const begun: string[] = []
  const [a, b, c] = ['a', 'b', 'c'].map((name) => held(name, begun))
  const [first, second] = [a, b].map((each) => turns.take(each!.work))
  turns.close()
  for (const refused of [await second, await turns.take(c!.work)])
    expect(refused).toMatchObject({ refusals: [{ code: 'run/unavailable' }] })
  a!.finish()
  expect(await first).toEqual(accepted('a'))
  expect(begun).toEqual(['a'])
})
