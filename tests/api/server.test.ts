import { connect } from 'node:net'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { serve } from '../../api/main.ts'
import { nodeProblem, servingProblem, thisRuntime } from '../../api/runtime.ts'
import { serveApp } from '../../api/server.ts'
import { testApp } from '../support/app.ts'
import { keyOf, samples } from '../support/door.ts'

const { app } = testApp()

test.for(['0.0.0.0', '::', '10.0.0.5', 'example.org'])(
  'plain HTTP is refused on %s: keys would travel in clear',
  async (host) => {
    expect(await serveApp(app, { host, port: 0 })).toMatchObject({
      ok: false,
      refusals: [{ code: 'access/plain-http', params: { host } }],
    })
  },
)

/** Sends bytes as they are and gives what comes back until the server closes. */
const speak = async (url: string, text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text))
    let heard = ''
    socket.on('data', (chunk) => (heard += chunk.toString()))
    socket.on('close', () => resolve(heard))
    socket.on('error', reject)
  })

test('the server refuses what is no HTTP, and headers without measure', async () => {
  const served = await serveApp(app, { host: '127.0.0.1', port: 0 })
  if (!served.ok) throw new Error('it should serve')
  expect(await speak(served.value.url, 'HELLO\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /)
  const long = `GET /healthz HTTP/1.1\r\nhost: x\r\na: ${'b'.repeat(20_000)}\r\n\r\n`
  expect(await speak(served.value.url, long)).toMatch(/^HTTP\/1.1 431 /)
  const badHost = 'GET /healthz HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n'
  expect(await speak(served.value.url, badHost)).toMatch(/^HTTP\/1.1 400 /)
  const twoLengths =
    'POST /v1/checks HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n'
  expect(await speak(served.value.url, twoLengths)).toMatch(/^HTTP\/1.1 400 /)
  await served.value.stop()
})

test('a home is served through a real keeper process and stopped in order', async () => {
  const lines: string[] = []
  const served = await serve({
    home: 'lively',
    host: 'localhost',
    port: 0,
    tell: (line) => lines.push(line),
    keeperPath: resolve('dist/tests/support/keeper-process.js'),
  })
  if (!served.ok) throw new Error('it should serve')
  const headers = { authorization: `Bearer ${keyOf('analyst')}` }
  const response = await fetch(`${served.value.url}/v1/account`, { headers })
  expect(await response.json()).toEqual(samples['account/show'])
  expect((await fetch(`${served.value.url}/readyz`)).status).toBe(200)
  await served.value.stop()
  await expect(fetch(served.value.url)).rejects.toThrow()
  expect(lines).toEqual([])
})

test('an incident tells the operator where it happened and not what was said', async () => {
  const lines: string[] = []
  const served = await serve({
    home: 'wrong',
    host: '127.0.0.1',
    port: 0,
    tell: (line) => lines.push(line),
    keeperPath: resolve('dist/tests/support/keeper-process.js'),
  })
  if (!served.ok) throw new Error('it should serve')
  const headers = { authorization: `Bearer ${keyOf('analyst')}` }
  expect((await fetch(`${served.value.url}/v1/account`, { headers })).status).toBe(500)
  await served.value.stop()
  expect(lines).toHaveLength(1)
  expect(lines[0]).toMatch(/^incident [\da-f-]{36}: \w*Error\n {4}at /)
  expect(lines[0]).not.toMatch(/Someone else/)
})

test('an older Node and another system are told so in words', () => {
  expect(nodeProblem({ node: '20.20.2' })).toMatch(/run it through npm/)
  expect(nodeProblem({ node: '24.0.0' })).toBeUndefined()
  expect(servingProblem({ node: '24.0.0', platform: 'darwin', glibc: undefined })).toMatch(/darwin/)
  expect(servingProblem({ node: '24.0.0', platform: 'linux', glibc: undefined })).toMatch(
    /another C library/,
  )
  if (process.platform === 'linux') expect(thisRuntime().platform).toBe('linux')
})
