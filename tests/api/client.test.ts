import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createClient } from '../../api/client.ts'
import { actions, allowedRoles, type Action } from '../../policies/roles.ts'
import type { Input } from '../../sandbox/door.ts'
import { testApp } from '../support/app.ts'
import { fakeDoor, keyOf, samples, submissionId } from '../support/door.ts'

const inputs: { [A in Action]: Input<A> } = {
  'account/show': {},
  'account/term': { account: 'wu', days: 30 },
  'key/issue': { days: 30, overlapHours: 2 },
  'key/list': { account: 'wu' },
  'key/revoke': { account: 'wu', name: 'cd'.repeat(8) },
  'account/create': { account: 'wu', organisation: '城市', role: 'reviewer', days: 30 },
  'catalogue/list': { agreement: '信贷-2026' },
  'dataset/register': { text: 'dataset: 企业\n' },
  'dataset/show': { dataset: '企业' },
  'quarantine/show': { dataset: '企业', version: 'a'.repeat(64), limit: 5 },
  'dataset/ingest': { dataset: '企业', policy: 'credit', file: 'a b.csv', mode: 'append' },
  'destruction/propose': { dataset: '企业', version: 'ab'.repeat(32), reason: '到期' },
  'destruction/approve': { dataset: '企业', version: 'ab'.repeat(32) },
  'policy/propose': { text: 'policy: credit', base: 'a'.repeat(64) },
  'pull/set': { text: 'pull: 企业' },
  'pull/switch': { dataset: '企业', isPaused: true },
  'pull/look': { dataset: '企业' },
  'policy/approve': { policy: '信贷', digest: 'a'.repeat(64) },
  'policy/list': {},
  'policy/show': { policy: '信贷' },
  'policy/history': { policy: '信贷' },
  'policy/diff': { text: 'policy: credit', replay: 5, examples: 2 },
  'agreement/sign': { text: 'agreement: credit-2026' },
  'agreement/list': {},
  'token/make': { agreement: 'credit-2026', kind: 'enterprise', identifiers: ['a'] },
  'submission/check': {
    kind: 'query',
    agreement: 'a',
    door: 'people',
    sql: "select '国'",
    rho: 0.01,
  },
  'submission/create': {
    submission: { kind: 'query', agreement: 'a', door: 'noise', sql: 'select 1' },
    idempotencyKey: 'k 1',
    waitMs: 30_000,
  },
  'submission/list': { cursor: 5, limit: 10 },
  'submission/show': { id: submissionId, waitMs: 2000 },
  'submission/withdraw': { id: submissionId },
  'submission/watch': { id: submissionId, after: 7, waitMs: 1000 },
  'result/fetch': { id: submissionId },
  'review/list': {},
  'review/show': { id: submissionId },
  'log/checkpoint': {},
  'log/list': { cursor: 0, limit: 50 },
  'log/prove': { index: 7 },
  'log/consistency': { from: 3 },
  'log/bundle': { tile: 'x001/x234/067' },
  'log/tile': { level: 1, tile: '000.p/7' },
  'log/export': { from: 3, size: 8 },
  'domain/status': {},
}

const clientOf = (door = fakeDoor(), key = keyOf('analyst')) => {
  const { app } = testApp({ door })
  const through = async (input: URL | Request | string, init?: RequestInit): Promise<Response> =>
    app.request(new Request(input, init))
  return createClient({ url: 'http://localhost', key, fetch: through })
}

test.for(actions)(
  '%s: what the client is given is what the door gets, and back',
  async (action) => {
    const door = fakeDoor()
    const answer = await clientOf(door, keyOf(allowedRoles[action][0]!)).call(
      action,
      inputs[action],
    )
    expect(door.calls[0]?.input).toEqual(inputs[action])
    expect(answer).toEqual({ ok: true, value: samples[action] })
  },
)

test('a refusal comes back as the problem document, in the language asked for', async () => {
  const answer = await clientOf().call('review/list', {})
  expect(answer).toMatchObject({ ok: false, problem: { code: 'access/not-allowed', status: 403 } })
})

test('what is not Sluice is told apart from a refusal', async () => {
  const proxy = async (): Promise<Response> => new Response('<html>', { status: 502 })
  const client = createClient({ url: 'http://localhost', fetch: proxy })
  await expect(client.call('account/show', {})).rejects.toThrow(/no Sluice answers/)
})

test('where nothing listens, the answer says so and how to go on', async () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  const nobody = async (): Promise<Response> => {
    throw new TypeError('fetch failed', { cause })
  }
  const client = createClient({ url: 'http://localhost:1', fetch: nobody })
  const problem = { code: 'access/no-server', detail: 'no server answers at `http://localhost:1`' }
  expect(await client.call('account/show', {})).toMatchObject({ ok: false, problem })
})

test('a result can be had as the bytes that were digested', async () => {
  const answer = await clientOf().resultText(submissionId, 'json')
  expect(answer).toEqual({ ok: true, value: samples['result/fetch'].bytes })
})

test('a redirect is not followed: it would carry the question elsewhere', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/v1/account') response.writeHead(307, { location: '/elsewhere' }).end()
    else response.end(JSON.stringify(samples['account/show']))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = createClient({ url: `http://127.0.0.1:${port}`, key: keyOf('analyst') })
  await expect(client.call('account/show', {})).rejects.toThrow(/fetch failed/)
  server.close()
})
