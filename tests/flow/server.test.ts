import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, type Client } from '../../api/client.ts'
import { childrenOf, eventually, goneAll, isGone, signal } from '../support/crash.ts'
import { agreementName, preparedHome, setHome } from '../support/domain.ts'

/** The server as an operator starts it, over HTTP. */
let prepared: Awaited<ReturnType<typeof preparedHome>>
let server: ChildProcess
let bank: Client

const start = async (): Promise<void> => {
  server = spawn(
    process.execPath,
    [resolve('dist/api/cli/main.js'), 'serve', '--home', prepared.home, '--port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' } },
  )
  let said = ''
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const url = await eventually(() => /http:\/\/\S+/.exec(said)?.[0])
  bank = createClient({ url, key: prepared.keys.bank })
}
const keepers = (): number[] => childrenOf(server, 'keeper')

beforeAll(async () => {
  prepared = await preparedHome()
  setHome(prepared.home, { checker: { size: 1 }, runner: { size: 1 } })
  await start()
})
afterAll(async () => {
  const ended = new Promise((settle) => server.once('exit', settle))
  server.kill('SIGINT')
  await ended
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
  const [keeper = 0] = keepers()
  const id = await submit()
  server.kill('SIGKILL')
  await goneAll([keeper])
  await start()
  // Released if the kill came after it, failed if before: charged once either way.
  expect(['released', 'failed']).toContain((await settled(id)).state)
  expect(await submit()).toBe(id)
})

test('a keeper killed under a server is started again, and whoever asks meanwhile is told to ask again', async () => {
  const [keeper = 0] = keepers()
  signal([keeper], 'SIGKILL')
  await eventually(() => (isGone(keeper) ? true : undefined))
  const meanwhile = await bank.call('account/show', {})
  if (!meanwhile.ok) expect(meanwhile.problem).toMatchObject({ status: 503 })
  const again = await eventually(async () => {
    const answer = await bank.call('account/show', {})
    return answer.ok ? answer.value : undefined
  })
  expect(again.account).toBe('li-na')
  expect(keepers()).not.toContain(keeper)
  expect((await settled(await submit())).cost).not.toEqual([])
})
