import { describe, expect, test } from 'vitest'
import { countRequests } from '../../api/rate.ts'
import { refused } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { testApp } from '../support/app.ts'
import { fakeDoor, keyOf } from '../support/door.ts'

const as = (role: 'analyst' | 'operator' | 'administrator' | 'supervisor' | 'reviewer') => ({
  authorization: `Bearer ${keyOf(role)}`,
})

describe('over plain HTTP a request names this machine (DNS rebinding)', () => {
  const statusOf = async (host: string, more: object = {}): Promise<number> =>
    (await testApp(more).app.request(`http://${host}/healthz`)).status

  test.each(['localhost', 'localhost:8787', '127.0.0.1:8787', '127.9.9.9', '[::1]:8787'])(
    '%s is answered',
    async (host) => expect(await statusOf(host)).toBe(200),
  )
  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.5'])(
    '%s is not, whatever it points to',
    async (host) => {
      const response = await testApp().app.request(`http://${host}/v1/account`, {
        headers: as('analyst'),
      })
      expect(response.status).toBe(421)
      expect(await response.json()).toMatchObject({ code: 'access/host' })
    },
  )
  test('the name of a proxy is answered when the operator gave it; over TLS the certificate answers', async () => {
    expect(await statusOf('sluice.city.example', { names: ['sluice.city.example'] })).toBe(200)
    expect(await statusOf('evil.example', { names: ['sluice.city.example'] })).toBe(421)
    expect(await statusOf('sluice.city.example', { tls: true })).toBe(200)
  })
})

describe('a key has a number of requests a minute', () => {
  const get = async (app: ReturnType<typeof testApp>['app'], role: 'analyst' | 'operator') =>
    app.request('/v1/account', { headers: as(role) })

  test('tells how many are left, refuses the rest, and begins anew', async () => {
    const { app, setMs } = testApp({ requestsPerMinute: 2 })
    await get(app, 'analyst')
    const first = await get(app, 'analyst')
    expect(first.headers.get('ratelimit-policy')).toBe('"key";q=2;w=60')
    expect(first.headers.get('ratelimit')).toBe('"key";r=1;t=60')
    setMs(1_700_000_000_000 + 20_000)
    expect((await get(app, 'analyst')).headers.get('ratelimit')).toBe('"key";r=0;t=40')
    const over = await get(app, 'analyst')
    expect(over.status).toBe(429)
    expect(over.headers.get('retry-after')).toBe('40')
    expect(await over.json()).toMatchObject({ code: 'access/too-many-requests' })
    // Another key is not kept waiting.
    expect((await get(app, 'operator')).status).toBe(200)
    setMs(1_700_000_000_000 + 60_000)
    expect((await get(app, 'analyst')).status).toBe(200)
  })

  test('a clock that is set back locks nobody out', () => {
    let ms = 1_000_000
    const rate = countRequests(() => ms, 1)
    expect(rate.take('a').isOver).toBe(false)
    expect(rate.take('a').isOver).toBe(true)
    ms = 0
    expect(rate.take('a')).toEqual({ isOver: false, left: 0, seconds: 60 })
  })
})

describe('metrics', () => {
  test.each(['operator', 'administrator', 'supervisor'] as const)(
    'are for the %s',
    async (role) => {
      const { app } = testApp()
      await app.request('/v1/account', { headers: as('analyst') })
      await app.request('/v1/policies', { headers: as('analyst') })
      const response = await app.request('/metrics', { headers: as(role) })
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
      const text = await response.text()
      expect(text).toContain('sluice_http_answers_total{action="account/show",status="200"} 1\n')
      expect(text).toContain('sluice_http_answers_total{action="policy/list",status="403"} 1\n')
      expect(text).toContain('\nsluice_datasets_overdue 1\n')
      for (const line of text.trim().split('\n'))
        expect(line).toMatch(
          /^# (HELP|TYPE) [a-z_]+ .+$|^[a-z_]+(\{[a-z]+="[a-z0-9/-]+"(,[a-z]+="[a-z0-9/-]+")*\})? \d+$/i,
        )
    },
  )

  test.each(['analyst', 'reviewer'] as const)('are not for the %s', async (role) => {
    const response = await testApp().app.request('/metrics', { headers: as(role) })
    expect(response.status).toBe(403)
  })

  test('are for nobody without a key, and unknown keys are counted here too', async () => {
    const door = fakeDoor({ 'domain/status': () => refused(refuse('access/unauthenticated')) })
    const { app } = testApp({ door })
    expect((await app.request('/metrics')).status).toBe(401)
    for (let guess = 0; guess < 20; guess += 1)
      await app.request('/metrics', { headers: as('operator') })
    expect((await app.request('/metrics', { headers: as('operator') })).status).toBe(429)
  })

  test('tell no durations, rows or names', async () => {
    const response = await testApp().app.request('/metrics', { headers: as('operator') })
    expect(await response.text()).not.toMatch(/second|duration|bucket|rows|enterprise|bank|li-na/i)
  })
})
