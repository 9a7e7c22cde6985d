import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { initialiseHome, openDoor } from '../../api/keeper-client.ts'

/** Homes whose domain key somebody else keeps, from their making by the command line's own way in. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-custody-'))
afterAll(() => {
  delete process.env['SLUICE_DOMAIN_KEY']
  rmSync(folder, { recursive: true })
})
const keeperPath = resolve('dist/sandbox/keeper.js')

const made = async (name: string, domainKey: object) => {
  const settingsFile = join(folder, `${name}.json`)
  writeFileSync(
    settingsFile,
    JSON.stringify({ domainKey, checker: { size: 1 }, runner: { size: 1 } }),
  )
  const home = join(folder, name)
  return { home, made: await initialiseHome({ home, keeperPath, settingsFile }) }
}
const opens = async (home: string): Promise<string> => {
  const door = await openDoor({ home, keeperPath, nowMs: () => 0 })
  if (!door.ok) return door.refusals[0]?.code ?? ''
  await door.value.stop()
  return 'opened'
}

test('a home whose key the environment keeps opens with it alone', async () => {
  const domainKey = { source: 'environment' }
  expect((await made('none', domainKey)).made).toMatchObject({
    ok: false,
    refusals: [{ code: 'domain/key-environment' }],
  })
  process.env['SLUICE_DOMAIN_KEY'] = Buffer.alloc(32, 5).toString('base64')
  const { home, made: first } = await made('environment', domainKey)
  expect(first.ok).toBe(true)
  expect(JSON.parse(readFileSync(join(home, 'settings.json'), 'utf8'))).toMatchObject({ domainKey })
  expect(await opens(home)).toBe('opened')
  process.env['SLUICE_DOMAIN_KEY'] = Buffer.alloc(32, 6).toString('base64')
  expect(await opens(home)).toBe('domain/key-other')
})

test('a home whose key a command keeps opens while the command answers', async () => {
  const program = join(folder, 'keep')
  writeFileSync(program, '#!/bin/sh\nread -r line; echo "$line" | /usr/bin/rev\n', { mode: 0o700 })
  const { home, made: first } = await made('command', { source: 'command', command: [program] })
  expect(first.ok).toBe(true)
  expect(await opens(home)).toBe('opened')
  writeFileSync(program, '#!/bin/sh\nexit 3\n')
  expect(await opens(home)).toBe('domain/key-command')
})

test('a key file at another place is not in the home', async () => {
  mkdirSync(join(folder, 'elsewhere'), { mode: 0o700 })
  const path = join(folder, 'elsewhere', 'domain.key')
  const { home, made: first } = await made('file', { source: 'file', path })
  expect(first.ok).toBe(true)
  expect(readFileSync(path)).toHaveLength(32)
  expect(await opens(home)).toBe('opened')
  rmSync(path)
  expect(await opens(home)).toBe('domain/key-file-missing')
})

test('settings that are not sound make no home', async () => {
  const { made: first } = await made('wrong', { source: 'argument' })
  expect(first).toMatchObject({ ok: false, refusals: [{ code: 'domain/settings-malformed' }] })
})
