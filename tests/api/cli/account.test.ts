import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refused } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import { cliAs } from '../../support/cli.ts'
import { fakeDoor, samples } from '../../support/door.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-account-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const { key } = samples['key/issue']

test('a second key goes into a file of its owner alone, and it is said how long both are good', async () => {
  const path = join(folder, 'second.key')
  const door = fakeDoor()
  const rotate = ['account', 'rotate', '--key-out', path] as const
  const ran = await cliAs('analyst', door)(...rotate, '--overlap', '2', '--days', '30')
  expect(ran).toEqual({
    exit: 0,
    out: '',
    err: `key written to ${path}\nkey ${'ab'.repeat(8)} is good until 2023-11-14 22:13:20, the present one until 2023-07-22 04:26:40 (UTC)\n`,
  })
  expect(readFileSync(path, 'utf8').trim()).toBe(key)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(door.calls.map(({ input }) => input)).toEqual([{ days: 30, overlapHours: 2 }])
  // The file is there: a key that could not be written would be lost, so none is made.
  expect((await cliAs('analyst', door)(...rotate)).exit).toBe(2)
  expect(door.calls).toHaveLength(1)
})

test('without a file the key is shown once, and in JSON it stands beside its name', async () => {
  expect(await cliAs('analyst')('account', 'rotate')).toMatchObject({ exit: 0, out: `${key}\n` })
  const ran = await cliAs('analyst')('account', 'rotate', '--json')
  expect(JSON.parse(ran.out)).toEqual(samples['key/issue'])
})

test('keys are listed by name, one’s own unless an account is named', async () => {
  const door = fakeDoor()
  const ran = await cliAs('administrator', door)('account', 'keys', 'wu')
  expect(ran.out).toMatch(/^(ab){8} +2023-11-14 22:13:20 *$/m)
  expect(ran.out).toMatch(/^(cd){8} +2023-07-22 04:26:40 +2023-03-28 10:40:00$/m)
  await cliAs('administrator', door)('account', 'keys')
  expect(door.calls.map(({ action, input }) => [action, input])).toEqual([
    ['key/list', { account: 'wu' }],
    ['account/show', {}],
    ['key/list', { account: samples['account/show'].account }],
  ])
})

test('a key is revoked by its name, and an account’s end is set', async () => {
  const door = fakeDoor()
  const run = cliAs('administrator', door)
  const ran = await run('account', 'revoke', 'cd'.repeat(8), '--account', 'wu')
  expect(ran).toEqual({ exit: 0, out: '', err: `key ${'cd'.repeat(8)} of wu is revoked\n` })
  expect((await run('account', 'term', 'wu', '--days', '365')).out).toBe(
    'wu  2023-11-14 22:13:20\n',
  )
  expect(door.calls.map(({ input }) => input)).toEqual([
    { account: 'wu', name: 'cd'.repeat(8) },
    { account: 'wu', days: 365 },
  ])
})

test.for([
  ['account', 'rotate', '--days', 'many'],
  ['account', 'rotate', '--overlap', '-1'],
  ['account', 'term', 'wu', '--days', '1.5'],
  ['account', 'term', 'wu'],
])('%j is a wrong use', async (words) => {
  const door = fakeDoor()
  expect((await cliAs('administrator', door)(...words)).exit).toBe(2)
  expect(door.calls).toEqual([])
})

test.for(['access/keys-many', 'access/last-key'] as const)(
  '%s is told with what to do',
  async (code) => {
    const answers = { 'key/issue': () => refused(refuse(code, { max: 2 })) }
    const ran = await cliAs('analyst', fakeDoor(answers))('account', 'rotate')
    expect(ran).toMatchObject({ exit: 7, err: expect.stringMatching(/fix: /) as unknown })
  },
)
