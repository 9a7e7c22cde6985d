import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { problemSchema } from '../../api/problem.ts'
import { accepted, refused } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { testApp } from '../support/app.ts'
import { fakeDoor, keyOf, samples, submissionId } from '../support/door.ts'

const as = (role: Parameters<typeof keyOf>[0]): { authorization: string } => ({
  authorization: `Bearer ${keyOf(role)}`,
})
const question = {
  method: 'POST',
  headers: { ...as('analyst'), 'content-type': 'application/json' },
  body: JSON.stringify({ kind: 'query', agreement: 'credit-2026', sql: 'select 1' }),
}
const created = samples['submission/create']

test('a failure inside is answered with an incident id and nothing else', async () => {
  const door = {
    ...fakeDoor(),
    call: async () => Promise.reject(new Error('resident 330102199001011234 in /secret/file')),
  }
  const { app, incidents } = testApp({ door })
  const response = await app.request('/v1/account', { headers: as('analyst') })
  const body = await response.text()
  expect(response.status).toBe(500)
  expect(body).not.toMatch(/3301|secret|Error/)
  expect(problemSchema.parse(JSON.parse(body)).detail).toMatch(/incident 0000/)
  expect(incidents).toHaveLength(1)
})

test('401 has one shape whether the key is absent, malformed, unknown or expired', async () => {
  const { app } = testApp()
  const shapes = await Promise.all(
    ['', 'Basic eDp5', 'Bearer sk_short', `Bearer sk_${'x'.repeat(43)}`].map(
      async (authorization) => {
        const response = await app.request('/v1/account', { headers: { authorization } })
        const body = (await response.text()).replaceAll(/0{8}-[\d-]+/g, 'ID')
        return [response.status, response.headers.get('www-authenticate'), body].join('\n')
      },
    ),
  )
  expect(new Set(shapes).size).toBe(1)
})

test('after twenty unknown keys an address waits out the minute, except with a key that was good', async () => {
  const door = fakeDoor()
  let asked = 0
  const counting = {
    ...door,
    call: async (...parts: Parameters<typeof door.call>) => {
      asked += 1
      return door.call(...parts)
    },
  } as typeof door
  const { app, setMs } = testApp({ door: counting })
  const status = async (key: string): Promise<number> =>
    (await app.request('/v1/account', { headers: { authorization: `Bearer ${key}` } })).status
  expect(await status(keyOf('analyst'))).toBe(200)
  for (let guess = 0; guess < 20; guess += 1)
    expect(await status(`sk_${guess}${'x'.repeat(40)}`)).toBe(401)
  const before = asked
  const response = await app.request('/v1/account', { headers: as('operator') })
  expect(response.status).toBe(429)
  expect(await response.clone().json()).toMatchObject({ code: 'access/too-many-attempts' })
  expect(response.headers.get('retry-after')).toBe('60')
  expect(asked).toBe(before)
  expect(await status(keyOf('analyst'))).toBe(200)
  setMs(1_700_000_000_000 + 60_000)
  expect(await status(keyOf('operator'))).toBe(200)
})

test('a body without a stated length is cut off at the limit', async () => {
  const { app } = testApp()
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      sent += 65_536
      controller.enqueue(new Uint8Array(65_536))
    },
  })
  const response = await app.request(
    new Request('http://localhost/v1/checks', { ...question, body, duplex: 'half' }),
  )
  expect(response.status).toBe(413)
  expect(await response.clone().json()).toMatchObject({ code: 'submission/too-large' })
  expect(sent).toBeLessThan(262_144 + 4 * 65_536)
})

test('a question that is refused is a problem with position, remedy and the address of the submission', async () => {
  const refusals = [refuse('query/not-text', {}, { line: 2, column: 8 })]
  const door = fakeDoor({
    'submission/create': () => accepted({ ...created, state: 'refused', refusals }),
  })
  const response = await testApp({ door }).app.request('/v1/submissions', question)
  const problem = problemSchema.parse(await response.json())
  expect(response.headers.get('location')).toBe(`/v1/submissions/${submissionId}`)
  expect(problem).toMatchObject({
    code: 'query/not-text',
    submission: submissionId,
    refusals: [{ at: { line: 2, column: 8 }, fix: 'send plain UTF-8 text' }],
  })
})

test('a run that released nothing looks the same whatever the reason', async () => {
  const door = fakeDoor({
    'submission/create': () => accepted({ ...created, state: 'failed', refusals: [] }),
  })
  const response = await testApp({ door }).app.request('/v1/submissions', question)
  expect(problemSchema.parse(await response.json()).code).toBe('run/not-released')
})

test.for(['running', 'held'] as const)(
  'a submission that is %s is accepted, 202',
  async (state) => {
    const door = fakeDoor({ 'submission/create': () => accepted({ ...created, state }) })
    const response = await testApp({ door }).app.request('/v1/submissions', question)
    expect(response.status).toBe(202)
    expect(response.headers.get('location')).toBe(`/v1/submissions/${submissionId}`)
  },
)

test('several refusals are one document, the first gives status and type', async () => {
  const door = fakeDoor({
    'submission/check': () =>
      refused(
        refuse('run/busy', { seconds: 4 }),
        refuse('access/not-found', { thing: 'agreement' }),
      ),
  })
  const response = await testApp({ door }).app.request('/v1/checks', question)
  expect(response.status).toBe(503)
  expect(response.headers.get('retry-after')).toBe('4')
  expect(problemSchema.parse(await response.json()).refusals).toHaveLength(2)
})

test('Repr-Digest of the JSON result is the digest that stands in the log', async () => {
  const response = await testApp().app.request(`/v1/submissions/${submissionId}/result`, {
    headers: as('analyst'),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const logged = samples['result/fetch'].digest
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(logged)
  expect(response.headers.get('repr-digest')).toBe(
    `sha-256=:${Buffer.from(logged, 'hex').toString('base64')}:`,
  )
})

test('Prefer: wait is capped, and unreadable preferences are ignored', async () => {
  const door = fakeDoor()
  const { app } = testApp({ door })
  for (const prefer of ['wait=9999', 'respond-async, wait=5', 'wait=soon'])
    await app.request('/v1/submissions', { ...question, headers: { ...question.headers, prefer } })
  expect(door.calls.map(({ input }) => (input as { waitMs: number }).waitMs)).toEqual([
    60_000, 5000, 0,
  ])
})

test('readiness follows the keeper; over TLS the browser is told to stay there', async () => {
  const down = { ...fakeDoor(), ready: () => false }
  expect((await testApp({ door: down }).app.request('/readyz')).status).toBe(503)
  const { app } = testApp({ tls: true })
  const response = await app.request('/readyz')
  expect(response.status).toBe(200)
  expect(response.headers.get('strict-transport-security')).toMatch(/max-age/)
})

test('every incident and request has its own id', async () => {
  const { app } = testApp()
  const ids = await Promise.all(
    [1, 2, 3].map(async () => (await app.request('/healthz')).headers.get('x-request-id')),
  )
  expect(new Set(ids).size).toBe(3)
})

test('a stated length beyond the limit is refused before the body is read', async () => {
  const headers = { ...question.headers, 'content-length': '300000' }
  const response = await testApp().app.request('/v1/checks', { ...question, headers })
  expect(response.status).toBe(413)
})

test('bytes that are not UTF-8 are refused, not mended', async () => {
  const whole = Buffer.from(question.body)
  const body = Buffer.concat([whole.subarray(0, -2), Buffer.from([0xff]), whole.subarray(-2)])
  const response = await testApp().app.request('/v1/checks', { ...question, body })
  expect(problemSchema.parse(await response.json()).detail).toBe('body: is not valid UTF-8')
})

test('a policy has its digest as ETag, and a new text says by If-Match which one it was made from', async () => {
  const door = fakeDoor()
  const { app } = testApp({ door })
  const headers = { authorization: `Bearer ${keyOf('operator')}` }
  const shown = await app.request('/v1/policies/credit', { headers })
  const etag = shown.headers.get('etag')
  expect(etag).toBe(`"${samples['policy/show'].digest}"`)
  const proposal = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/yaml', 'if-match': etag ?? '' },
    body: 'policy: credit',
  }
  expect((await app.request('/v1/policies', proposal)).status).toBe(202)
  expect(door.calls.at(-1)?.input).toEqual({
    text: 'policy: credit',
    base: samples['policy/show'].digest,
  })
  const starred = { ...proposal, headers: { ...proposal.headers, 'if-match': '*' } }
  const malformed = await app.request('/v1/policies', starred)
  expect(await malformed.json()).toMatchObject({ code: 'submission/malformed', status: 400 })
})

test.for([
  ['source/base-changed', 412],
  ['source/base-missing', 428],
  ['source/same-text', 409],
  ['access/own-proposal', 403],
] as const)('%s is answered with status %i', async ([code, status]) => {
  const door = fakeDoor({ 'policy/propose': () => refused(refuse(code)) })
  const { app } = testApp({ door })
  const response = await app.request('/v1/policies', {
    method: 'POST',
    headers: { authorization: `Bearer ${keyOf('operator')}`, 'content-type': 'application/yaml' },
    body: 'policy: credit',
  })
  expect(response.status).toBe(status)
  expect(problemSchema.parse(await response.json())).toMatchObject({ code, status })
})
