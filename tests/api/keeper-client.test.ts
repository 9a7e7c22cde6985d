import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { initialiseHome, openDoor, type KeeperExit } from '../../api/keeper-client.ts'
import { digest, keyOf, samples } from '../support/door.ts'

const keeperPath = resolve('dist/tests/support/keeper-process.js')
const nowMs = (): number => 0

/** A door to a real process, and a promise of each of its ends in turn. */
const open = async (home: string, timeoutMs = 3600_000) => {
  const exits: KeeperExit[] = []
  let told: () => void = () => undefined
  const next = async (): Promise<KeeperExit> => {
    while (exits.length === 0) await new Promise<void>((resolve) => (told = resolve))
    return exits.shift()!
  }
  const onExit = (exit: KeeperExit): void => {
    exits.push(exit)
    told()
  }
  const limits = { waitingMax: 4, timeoutMs, ingestTimeoutMs: timeoutMs }
  const door = await openDoor({ home, keeperPath, nowMs, onExit, limits, backoffMs: [1, 3600_000] })
  return { door, next }
}

test('a keeper that serves is asked, answers and is stopped in order', async () => {
  const { door } = await open('lively')
  if (!door.ok) throw new Error('it should serve')
  expect(await door.value.call(digest, 'account/show', {})).toEqual({
    ok: true,
    value: samples['account/show'],
  })
  expect(door.value.ready()).toBe(true)
  await door.value.stop()
  expect(door.value.ready()).toBe(false)
  expect(await door.value.call(digest, 'account/show', {})).toMatchObject({
    refusals: [{ code: 'run/unavailable' }],
  })
})

test('a keeper that will not serve says why', async () => {
  const { door } = await open('closed')
  expect(door).toMatchObject({ ok: false, refusals: [{ code: 'run/busy' }] })
  expect((await open('dead')).door).toMatchObject({ refusals: [{ code: 'run/unavailable' }] })
})

test.for([
  ['dies', 'mortal', 7],
  ['speaks nonsense', 'mad', null],
] as const)(
  'whoever waits for a keeper that %s is told so, and it is started again',
  async ([, home, code]) => {
    const { door, next } = await open(home)
    if (!door.ok) throw new Error('it should serve')
    const unavailable = { refusals: [{ code: 'run/unavailable' }] }
    expect(await door.value.call(digest, 'account/show', {})).toMatchObject(unavailable)
    expect(await next()).toEqual({ code, refusals: [], againMs: 1 })
    while (!door.value.ready()) await new Promise((resolve) => setImmediate(resolve))
    expect(await door.value.call(digest, 'account/show', {})).toMatchObject(unavailable)
    expect(await next()).toEqual({ code, refusals: [], againMs: 3600_000 })
    await door.value.stop()
  },
)

test('a deaf keeper costs its time and no more; a wrong value is a failure', async () => {
  const deaf = (await open('deaf', 500)).door
  const wrong = (await open('wrong')).door
  if (!deaf.ok || !wrong.ok) throw new Error('both should serve')
  expect(await deaf.value.call(digest, 'account/show', {})).toMatchObject({
    refusals: [{ code: 'run/unavailable' }],
  })
  await expect(wrong.value.call(digest, 'account/show', {})).rejects.toThrow()
  await Promise.all([deaf.value.stop(), wrong.value.stop()])
})

test('a new home gives its first key once', async () => {
  expect(await initialiseHome({ home: 'lively', keeperPath })).toMatchObject({
    ok: true,
    value: { key: keyOf('administrator') },
  })
  expect(await initialiseHome({ home: 'dead', keeperPath })).toMatchObject({ ok: false })
})

test('the keeper does not inherit the environment, in which a key may stand', async () => {
  process.env['SLUICE_KEY'] = keyOf('administrator')
  try {
    const { door } = await open('shy')
    if (!door.ok) throw new Error('it should serve')
    expect(await door.value.call(digest, 'account/show', {})).toMatchObject({
      refusals: [{ code: 'access/not-found' }],
    })
    await door.value.stop()
  } finally {
    delete process.env['SLUICE_KEY']
  }
})
