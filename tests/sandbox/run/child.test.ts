import { afterEach, expect, test } from 'vitest'
import { probeIsolation, startChild, type Child } from '../../../sandbox/run/child.ts'

const isolation = probeIsolation()
const limits = { addressSpaceMb: 3000, heapMb: 128 }
const started: Child[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill()
})

const start = async (grants = isolation): Promise<(word: object | string) => Promise<unknown>> => {
  const child = startChild('../../tests/support/probe-process', limits, grants)
  started.push(child)
  const answers: ((answer: unknown) => void)[] = []
  child.onMessage((message) => answers.shift()?.((message as { answer: unknown }).answer))
  const next = (): Promise<unknown> => new Promise((resolve) => void answers.push(resolve))
  expect(await next()).toBe('ready')
  return (word) => {
    const answer = next()
    child.send(word as object)
    return answer
  }
}

test('a child answers over its channel and inherits nothing of the environment', async () => {
  const ask = await start()
  expect(await ask('query')).toEqual([[1n]])
  expect(await ask('environment')).toEqual(['LANG', 'PATH', 'PWD', 'TZ'])
})

test('what the engine lets grow past its own limit ends at the address space, and the child lives on', async () => {
  const ask = await start()
  expect(await ask('greedy')).toBe('engine fault: memory')
  expect(await ask('query')).toEqual([[1n]])
})

test.skipIf(!isolation.network)(
  'a child has no network, not even its own host (S2-19)',
  async () => {
    const ask = await start()
    expect(await ask('network')).toBe('ENETUNREACH')
    const open = await start({ ...isolation, network: false })
    expect(await open('network')).toBe('ECONNREFUSED')
  },
)

test('what a child writes to its standard error is kept within bounds', async () => {
  const ask = await start()
  await ask('complain')
  const [child] = started
  child!.kill()
  expect(await child!.exited).toEqual({ code: null, signal: 'SIGKILL' })
  expect(child!.complaint().length).toBeLessThanOrEqual(8192)
  expect(child!.send({})).toBe(false)
})
