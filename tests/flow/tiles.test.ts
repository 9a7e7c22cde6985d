import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../../api/client.ts'
import { eventually } from '../support/crash.ts'
import { preparedHome, type Prepared } from '../support/domain.ts'
import {
  entriesOfBundle,
  holdsBeginning,
  holdsEntry,
  holdsRoot,
  openNote,
  pathOfTile,
  type FetchFile,
} from '../support/outsider.ts'

/** The log as files, over HTTP from the server as an operator starts it. */
let prepared: Prepared
let server: ChildProcess
let url: string
let key: string

beforeAll(async () => {
  prepared = await preparedHome()
  server = spawn(
    process.execPath,
    [resolve('dist/api/cli/main.js'), 'serve', '--home', prepared.home, '--port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' } },
  )
  let said = ''
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  url = await eventually(() => /http:\/\/\S+/.exec(said)?.[0])
  const answer = await createClient({ url, key: prepared.keys.bank }).call('log/checkpoint', {})
  if (!answer.ok) throw new Error(answer.problem.code)
  key = answer.value.verifier
})
afterAll(async () => {
  const ended = new Promise((settle) => server.once('exit', settle))
  server.kill('SIGINT')
  await ended
  prepared.remove()
})

const get = (path: string, as: string): Promise<Response> =>
  fetch(new URL(`/v1/log/${path}`, url), { headers: { authorization: `Bearer ${as}` } })
const filesAs =
  (as: string): FetchFile =>
  async (path) => {
    const response = await get(path, as)
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
  }
const checkpoint = async () =>
  openNote(await (await get('checkpoint', prepared.keys.bank)).text(), key)!

test('a bank verifies growth from hash tiles while the supervisor takes entries, each of which is logged', async () => {
  const { bank, supervisor } = prepared.keys
  let older = await checkpoint()
  for (let round = 0; round < 4; round += 1) {
    const bundle = pathOfTile('entries', 0, older.size)
    const taken = await Promise.all([
      ...Array.from({ length: 5 }, async () => filesAs(supervisor)(bundle)),
      filesAs(bank)(pathOfTile(0, 0, older.size)),
    ])
    expect(new Set(taken.map((bytes) => bytes?.length)).size).toBe(2)
    const newer = await checkpoint()
    expect(newer.size).toBe(older.size + 5)
    expect(await holdsBeginning(filesAs(bank), older, newer)).toBe(true)
    const entries = entriesOfBundle(taken[0]!)
    for (const place of [0, older.size - 1])
      expect(await holdsEntry(filesAs(bank), newer, place, entries[place]!)).toBe(true)
    older = newer
  }
  const last = entriesOfBundle((await filesAs(supervisor)(pathOfTile('entries', 0, older.size)))!)
  expect(JSON.parse(last.at(-1)!.toString())).toMatchObject({
    event: 'log/exported',
    actor: { account: 'inspector' },
    detail: { from: 0 },
  })
})

test('entries are for the supervisor, hashes for every account, nothing for nobody', async () => {
  const { bank, operator, supervisor } = prepared.keys
  const note = await checkpoint()
  const bundle = pathOfTile('entries', 0, note.size)
  const tile = pathOfTile(0, 0, note.size)
  for (const as of [bank, operator]) {
    expect((await get(bundle, as)).status).toBe(403)
    expect((await get(tile, as)).status).toBe(200)
  }
  expect((await get(bundle, supervisor)).status).toBe(200)
  for (const path of [bundle, tile, 'checkpoint'])
    expect((await fetch(new URL(`/v1/log/${path}`, url))).status).toBe(401)
})

test('files come in the forms that followers of logs read', async () => {
  const { bank } = prepared.keys
  const note = await get('checkpoint', bank)
  expect(note.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  expect(note.headers.get('cache-control')).toBe('no-store')
  const { size } = await checkpoint()
  const tile = await get(pathOfTile(0, 0, size), bank)
  expect(tile.headers.get('content-type')).toBe('application/octet-stream')
  expect(tile.headers.get('cache-control')).toBe('private, max-age=86400, immutable')
  expect(await holdsRoot(filesAs(bank), await checkpoint())).toBe(true)
})

test('the server proves that a kept checkpoint is its beginning, and says so where it is longer than the log', async () => {
  const { bank } = prepared.keys
  const note = await checkpoint()
  const client = createClient({ url, key: bank })
  const proven = await client.call('log/consistency', { from: note.size - 1 })
  expect(proven).toMatchObject({ ok: true, value: { from: note.size - 1 } })
  const longer = await client.call('log/consistency', { from: note.size + 1 })
  expect(longer).toMatchObject({ ok: false, problem: { code: 'log/shorter' } })
})

test.each([
  'tile/0/000.p/255',
  'tile/0/001',
  'tile/1/000',
  'tile/9/000.p/1',
  'tile/0/x999/x999/x999/999',
])('%s is not there yet', async (path) => {
  const response = await get(path, prepared.keys.bank)
  expect(response.status).toBe(404)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test.each([
  'tile/64/000',
  'tile/00/000',
  'tile/-1/000',
  'tile/0/0',
  'tile/0/000.p/0',
  'tile/x/000',
])('%s is no path of a tile', async (path) => {
  expect([400, 404]).toContain((await get(path, prepared.keys.bank)).status)
})
