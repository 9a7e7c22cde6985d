import { expect, test } from 'vitest'
import { openApi } from '../../api/openapi.ts'
import { pathFields, routes } from '../../api/operations.ts'
import { actions, allowedRoles, mayDo, roles, type Action } from '../../policies/roles.ts'
import { operations } from '../../sandbox/door.ts'
import { testApp } from '../support/app.ts'
import { fakeDoor, keyOf, samples, submissionId } from '../support/door.ts'

const bodies: Partial<Record<Action, { type: string; text: string }>> = {
  'account/term': json({ days: 30 }),
  'key/issue': json({}),
  'key/revoke': json({}),
  'account/create': json({ account: 'wu', organisation: 'city', role: 'reviewer', days: 30 }),
  'dataset/register': { type: 'application/yaml', text: 'dataset: enterprise' },
  'dataset/ingest': json({ policy: 'credit', file: 'enterprise.csv' }),
  'pull/set': { type: 'application/yaml', text: 'pull: enterprise' },
  'pull/switch': json({ isPaused: true }),
  'pull/look': json({}),
  'destruction/propose': json({ reason: 'sent by mistake' }),
  'destruction/approve': json({}),
  'policy/propose': { type: 'application/yaml', text: 'policy: credit' },
  'policy/approve': json({ digest: 'ab'.repeat(32) }),
  'policy/diff': json({ text: 'policy: credit', replay: 10 }),
  'agreement/sign': { type: 'application/yaml', text: 'agreement: credit-2026' },
  'token/make': json({ kind: 'enterprise', identifiers: ['a'] }),
  'submission/withdraw': json({}),
  'submission/check': json({ kind: 'query', agreement: 'credit-2026', sql: 'select 1' }),
  'submission/create': json({ kind: 'query', agreement: 'credit-2026', sql: 'select 1' }),
}

function json(value: unknown): { type: string; text: string } {
  return { type: 'application/json', text: JSON.stringify(value) }
}

const urlOf = (action: Action): string =>
  routes[action].path
    .replace('{id}', submissionId)
    .replace('{index}', '7')
    .replace('{version}', 'ab'.repeat(32))
    .replace('{policy}', 'credit')
    .replace('{agreement}', 'credit-2026')
    .replace('{level}', '0')
    .replace('{account}', 'wu')
    .replace('{name}', 'ab'.repeat(8))
    .replace('{tile+}', 'x001/234.p/7')
    .replace('{dataset}', encodeURIComponent('企业'))
const queryOf = (action: Action): string =>
  action === 'log/export' || action === 'log/consistency' ? '?from=0' : ''

const requestOf = (action: Action, key: string): Request => {
  const body = bodies[action]
  return new Request(`http://localhost${urlOf(action)}${queryOf(action)}`, {
    method: routes[action].method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': body.type }) },
    ...(body && { body: body.text }),
  })
}

test('every operation has a route of its own and its summary in two languages', () => {
  expect(Object.keys(routes).sort()).toEqual([...actions].sort())
  const places = actions.map((action) => `${routes[action].method} ${routes[action].path}`)
  expect(new Set(places).size).toBe(actions.length)
  for (const action of actions) {
    expect(routes[action].summary.en).not.toBe('')
    expect(routes[action].summary.zh).toMatch(/\p{Script=Han}/u)
    expect(Object.keys(operations[action].input.shape)).toEqual(
      expect.arrayContaining([...pathFields(routes[action])]),
    )
  }
})

test.for(actions.flatMap((action) => roles.map((role) => [role, action] as const)))(
  'as %s, %s is answered only where the table of roles says so (S1-12b)',
  async ([role, action]) => {
    const door = fakeDoor()
    const { app, incidents } = testApp({ door })
    const response = await app.request(requestOf(action, keyOf(role)))
    expect(incidents).toEqual([])
    if (mayDo(role, action)) {
      const expected = action === 'submission/create' ? 201 : routes[action].status
      expect(response.status).toBe(expected)
      expect(door.calls.map((call) => call.action)).toEqual([action])
    } else {
      expect(response.status).toBe(403)
      expect(door.calls).toEqual([])
    }
  },
)

test.for(actions)('%s without a key, or with an unknown one, is answered 401', async (action) => {
  const { app } = testApp()
  for (const key of ['', 'sk_short', keyOf('analyst').replace('analyst', 'nobody_')])
    expect((await app.request(requestOf(action, key))).status).toBe(401)
})

test('names in a path may be Chinese, and a body never overrides the path', async () => {
  const door = fakeDoor()
  const { app } = testApp({ door })
  await app.request(requestOf('dataset/ingest', keyOf('operator')))
  expect(door.calls[0]?.input).toMatchObject({ dataset: '企业', file: 'enterprise.csv' })
  const response = await app.request('/v1/datasets/a/versions', {
    method: 'POST',
    headers: { authorization: `Bearer ${keyOf('operator')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ dataset: 'b', policy: 'credit', file: 'x.csv' }),
  })
  expect(response.status).toBe(400)
})

test('the samples of this test are what the door may answer', () => {
  for (const action of actions)
    expect(operations[action].output.safeParse(samples[action]).error).toBeUndefined()
})

test('the OpenAPI document has every operation with its roles, and resolves', async () => {
  const document = openApi() as {
    openapi: string
    paths: Record<string, Record<string, { operationId: string; 'x-roles': unknown }>>
  }
  const listed = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  expect(document.openapi).toBe('3.1.0')
  expect(listed.map(({ operationId }) => operationId).sort()).toEqual([...actions].sort())
  for (const operation of listed)
    expect(operation['x-roles']).toEqual(allowedRoles[operation.operationId as Action])
  for (const reference of JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const path = (reference[1] ?? '').split('/')
    const found = path.reduce<unknown>(
      (at, name) => (at as Record<string, unknown> | undefined)?.[name],
      document,
    )
    expect(found).toBeDefined()
  }
  const { app } = testApp()
  const served: unknown = await (await app.request('/openapi.json')).json()
  expect(served).toEqual(JSON.parse(JSON.stringify(document)))
})
