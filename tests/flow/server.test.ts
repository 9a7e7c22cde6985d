import { fork, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, type Client } from '../../api/client.ts'
import { childrenOf, eventually, goneAll, isGone, signal } from '../support/crash.ts'
import { agreementName, firstWord, preparedHome, type Prepared } from '../support/domain.ts'
import { startServer, stopServer } from '../support/server.ts'

/** The server as an operator starts it, over HTTP. */
let prepared: Prepared
let server: ChildProcess
let bank: Client

const start = async (): Promise<void> => {
  const started = await startServer(prepared.home)
  server = started.server
  bank = createClient({ url: started.url, key: prepared.keys.bank })
}
const keeperOf = (): Promise<number> => eventually(() => childrenOf(server, 'keeper')[0])

beforeAll(async () => {
  prepared = await preparedHome()
  await start()
})
afterAll(async () => {
  await stopServer(server)
  prepared.remove()
})

const submission = {
  kind: 'query' as const,
  agreement: agreementName,
  sql: 'select status, count(*) as n from ent_registry group by status',
}
const submit = async (): Promise<string> => {
  const submitted = await bank.call('submission/create', {
    submission,
    idempotencyKey: 'over-http',
    waitMs: 0,
  })
  // Whether it is still running or failed already, its name is told.
  return (submitted.ok ? submitted.value.id : submitted.problem.submission) ?? ''
}
/** Shows it once it is at rest, as soon as there is a server that answers. */
const settled = (id: string) =>
  eventually(async () => {
    const shown = await bank.call('submission/show', { id, waitMs: 1000 })
    return shown.ok && shown.value.state !== 'running' ? shown.value : undefined
  })

test('a server killed takes its keeper with it, and the next one goes on from there', async () => {
  const keeper = await keeperOf()
  const id = await submit()
  server.kill('SIGKILL')
  // At once: the old keeper may still be about to end.
  await start()
  await goneAll([keeper])
  // Released if the kill came after it, failed if before: charged once either way.
  expect(['released', 'failed']).toContain((await settled(id)).state)
  expect(await submit()).toBe(id)
})

test('a keeper whose server is gone before it is up ends by itself', async () => {
  const { home, remove } = await preparedHome()
  const keeper = fork(resolve('dist/sandbox/keeper.js'), [home], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const ended = new Promise((settle) => keeper.once('exit', settle))
  keeper.disconnect()
  expect(await ended).toBe(0)
  remove()
})

test('what a keeper dies of is told by places in the code, without a word that was in hand', async () => {
  const { home, remove } = await preparedHome()
  const bug = `process.on('message', () => { throw new Error(['MA000', '0000A'].join('')) })`
  const keeper = fork(resolve('dist/sandbox/keeper.js'), [home], {
    serialization: 'advanced',
    execArgv: ['--import', `data:text/javascript,${encodeURIComponent(bug)}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  keeper.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  expect(await firstWord(keeper)).toMatchObject({ kind: 'ready' })
  const ended = new Promise((settle) => keeper.once('close', settle))
  keeper.send({})
  expect(await ended).toBe(1)
  expect(said).toMatch(/^incident [-0-9a-f]{36}\n\s+at /)
  expect(said).not.toContain('MA0000000A')
  remove()
})

test('a keeper killed under a server is started again, and whoever asks meanwhile is told to ask again', async () => {
  const keeper = await keeperOf()
  signal([keeper], 'SIGKILL')
  await eventually(() => (isGone(keeper) ? true : undefined))
  const meanwhile = await bank.call('account/show', {})
  if (!meanwhile.ok) expect(meanwhile.problem).toMatchObject({ status: 503 })
  const again = await eventually(async () => {
    const answer = await bank.call('account/show', {})
    return answer.ok ? answer.value : undefined
  })
  expect(again.account).toBe('li-na')
  expect(await keeperOf()).not.toBe(keeper)
  expect((await settled(await submit())).cost).not.toEqual([])
})
