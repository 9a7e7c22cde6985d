import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Outcome } from '../../policies/outcome.ts'
import { roles, type Action, type Role } from '../../policies/roles.ts'
import { answer } from '../../sandbox/answer.ts'
import type { Domain } from '../../sandbox/domain.ts'
import type { Input, Output } from '../../sandbox/door.ts'
import { exportLines } from '../../sandbox/export.ts'
import { closeDomain, initDomain, openDomain } from '../../sandbox/open.ts'
import { systemWorld } from '../../sandbox/world.ts'
import { need } from '../support/domain.ts'

const [hourMs, dayMs] = [3_600_000, 86_400_000]
const startMs = Date.UTC(2026, 0, 1)
let nowMs = startMs
const world = { ...systemWorld, nowMs: () => nowMs }

let folder = ''
let domain: Domain
let administrator = ''
beforeEach(() => {
  nowMs = startMs
  folder = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
  administrator = need(initDomain(join(folder, 'home'), world)).key
  domain = need(openDomain(join(folder, 'home'), { world }))
})
afterEach(() => {
  closeDomain(domain)
  rmSync(folder, { recursive: true })
})

const call = async <A extends Action>(
  key: string,
  action: A,
  input: Input<A>,
): Promise<Outcome<Output<A>>> => {
  const keyDigest = createHash('sha256').update(key).digest('hex')
  return (await answer(domain, { id: 1, keyDigest, action, input })) as Outcome<Output<A>>
}
const codesOf = (outcome: Outcome<unknown>): readonly string[] =>
  outcome.ok ? [] : outcome.refusals.map(({ code }) => code)

/** An account of 90 days, and its first key. */
const personOf = async (account: string, role: Role = 'operator'): Promise<string> => {
  const person = { account, organisation: 'city', role, days: 90 }
  return need(await call(administrator, 'account/create', person)).key
}
const rotated = async (key: string, input: Input<'key/issue'> = {}): Promise<Output<'key/issue'>> =>
  need(await call(key, 'key/issue', input))
const isGood = async (key: string): Promise<boolean> => (await call(key, 'account/show', {})).ok
const nameOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16)
const entriesOf = (account: string): readonly string[] =>
  domain.state.reader
    .all('SELECT body FROM entries WHERE subject_id = ? ORDER BY seq', account)
    .map(({ body }) => String(body))

test('a second key is good beside the first for a day, then it is the only one', async () => {
  const first = await personOf('wu')
  nowMs += 60 * dayMs
  const second = await rotated(first)
  expect(second).toEqual({
    key: expect.stringMatching(/^sk_[\w-]{43}$/) as unknown,
    name: nameOf(second.key),
    expiresMs: startMs + 90 * dayMs,
    earlierExpiresMs: nowMs + dayMs,
  })
  expect([await isGood(first), await isGood(second.key)]).toEqual([true, true])
  nowMs += dayMs
  expect([await isGood(first), await isGood(second.key)]).toEqual([false, true])
  const third = await rotated(second.key, { overlapHours: 0 })
  expect([await isGood(second.key), await isGood(third.key)]).toEqual([false, true])
})

test('no account has three keys in force', async () => {
  const first = await personOf('wu')
  const second = await rotated(first)
  for (const key of [first, second.key])
    expect(codesOf(await call(key, 'key/issue', {}))).toEqual(['access/keys-many'])
  need(await call(second.key, 'key/revoke', { account: 'wu', name: nameOf(first) }))
  expect((await rotated(second.key)).key).not.toBe(second.key)
})

test('a key that its holder made ends with the account, whatever is asked for', async () => {
  const first = await personOf('wu')
  nowMs += 80 * dayMs
  const second = await rotated(first, { days: 1096 })
  expect(second.expiresMs).toBe(startMs + 90 * dayMs)
  nowMs = second.expiresMs
  expect([await isGood(first), await isGood(second.key)]).toEqual([false, false])
  const other = await personOf('he')
  expect((await rotated(other, { days: 7 })).expiresMs).toBe(nowMs + 7 * dayMs)
})

test('the longest overlap is a week, and a first key that ends before it ends then', async () => {
  const first = await personOf('wu')
  expect(codesOf(await call(first, 'key/issue', { overlapHours: 169 }))).toEqual([
    'submission/malformed',
  ])
  nowMs += 90 * dayMs - hourMs
  expect((await rotated(first, { overlapHours: 168 })).earlierExpiresMs).toBe(nowMs + hourMs)
})

test('the administrator sets how long an account lasts, and makes no key of it (I10)', async () => {
  const first = await personOf('wu')
  const second = await rotated(first, { overlapHours: 168 })
  nowMs += dayMs
  expect(need(await call(administrator, 'account/term', { account: 'wu', days: 365 }))).toEqual({
    account: 'wu',
    expiresMs: nowMs + 365 * dayMs,
  })
  const { keys } = need(await call(administrator, 'key/list', { account: 'wu' }))
  expect(keys).toEqual([
    { name: second.name, expiresMs: nowMs + 365 * dayMs },
    { name: nameOf(first), expiresMs: startMs + 7 * dayMs },
  ])
  need(await call(administrator, 'account/term', { account: 'wu', days: 1 }))
  nowMs += dayMs
  expect([await isGood(first), await isGood(second.key)]).toEqual([false, false])
  for (const account of ['wu', 'nobody'])
    expect(codesOf(await call(administrator, 'account/term', { account, days: 30 }))).toEqual([
      'access/not-found',
    ])
  const forAnother = { account: 'he' } as Input<'key/issue'>
  await personOf('he')
  expect(codesOf(await call(administrator, 'key/issue', forAnother))).toEqual([
    'submission/malformed',
  ])
})

test.each(roles.filter((role) => role !== 'administrator'))(
  'to a %s another’s keys are as if there were none (I10)',
  async (role) => {
    const own = await personOf('li', role)
    const other = await personOf('wu')
    for (const account of ['wu', 'nobody']) {
      expect(await call(own, 'key/list', { account })).toMatchObject({
        refusals: [{ code: 'access/not-found', params: { thing: 'account' } }],
      })
      expect(await call(own, 'key/revoke', { account, name: nameOf(other) })).toMatchObject({
        refusals: [{ code: 'access/not-found', params: { thing: 'account' } }],
      })
    }
    const theirs = { account: 'li', name: nameOf(other) }
    expect(codesOf(await call(own, 'key/revoke', theirs))).toEqual(['access/not-found'])
    expect(codesOf(await call(own, 'account/term', { account: 'li', days: 900 }))).toEqual([
      'access/not-allowed',
    ])
    expect(await isGood(other)).toBe(true)
    expect(need(await call(own, 'key/list', { account: 'li' })).keys).toHaveLength(1)
  },
)

test('a key that others have is revoked by its holder with the other one, or by the administrator', async () => {
  const stolen = await personOf('wu')
  expect(
    codesOf(await call(stolen, 'key/revoke', { account: 'wu', name: nameOf(stolen) })),
  ).toEqual(['access/last-key'])
  const { key } = await rotated(stolen)
  need(await call(key, 'key/revoke', { account: 'wu', name: nameOf(stolen) }))
  expect([await isGood(stolen), await isGood(key)]).toEqual([false, true])
  expect(codesOf(await call(key, 'key/revoke', { account: 'wu', name: nameOf(stolen) }))).toEqual([
    'access/not-found',
  ])
  need(await call(administrator, 'key/revoke', { account: 'wu', name: nameOf(key) }))
  expect(await isGood(key)).toBe(false)
  const own = { account: 'administrator', name: nameOf(administrator) }
  expect(codesOf(await call(administrator, 'key/revoke', own))).toEqual(['access/last-key'])
  const { keys } = need(await call(administrator, 'key/list', { account: 'wu' }))
  expect(keys.map(({ revokedMs }) => revokedMs)).toEqual([nowMs, nowMs])
})

test('each step is an entry of the log, which has the names of keys and no key', async () => {
  const first = await personOf('wu')
  const { key } = await rotated(first)
  need(await call(key, 'key/revoke', { account: 'wu', name: nameOf(first) }))
  need(await call(administrator, 'account/term', { account: 'wu', days: 30 }))
  const entries = entriesOf('wu').map(
    (body) => JSON.parse(body) as { event: string; actor: object; detail: object },
  )
  expect(entries.map(({ event, actor }) => [event, actor])).toMatchObject([
    ['account/created', { account: 'administrator' }],
    ['key/issued', { account: 'administrator' }],
    ['key/issued', { account: 'wu' }],
    ['key/limited', { account: 'wu' }],
    ['key/revoked', { account: 'wu' }],
    ['key/limited', { account: 'administrator' }],
  ])
  expect(entries.slice(2).map(({ detail }) => detail)).toEqual([
    { key: nameOf(key), expiresMs: startMs + 90 * dayMs },
    { key: nameOf(first), expiresMs: startMs + dayMs },
    { key: nameOf(first) },
    { key: nameOf(key), expiresMs: startMs + 30 * dayMs },
  ])
  const { lines } = exportLines(domain.state, domain.signer, { from: 0, linesMax: 5000 })
  const text = lines.join('\n')
  for (const each of [first, key]) {
    expect(text).not.toContain(each)
    expect(text).not.toContain(createHash('sha256').update(each).digest('hex'))
  }
})

test('keys and their ends are what they were after the domain was opened again', async () => {
  const first = await personOf('wu')
  const { key } = await rotated(first)
  closeDomain(domain)
  domain = need(openDomain(join(folder, 'home'), { world }))
  expect([await isGood(first), await isGood(key)]).toEqual([true, true])
  nowMs += dayMs
  expect([await isGood(first), await isGood(key)]).toEqual([false, true])
})
