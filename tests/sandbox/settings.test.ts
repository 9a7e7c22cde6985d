import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings, settingsPage } from '../../sandbox/settings.ts'
import { testFolder } from '../support/folder.ts'

const folder = testFolder()
let count = 0

/** The outcome of reading a file with this content. */
const read = (content: unknown) => {
  const file = join(folder, `settings-${(count += 1)}.json`)
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return readSettings(file)
}

test('without a file the usual settings hold', () => {
  expect(readSettings(join(folder, 'none.json'))).toMatchObject({
    ok: true,
    value: { failureMs: 16_000, runner: { size: 2, timeoutMs: 10_000 }, checker: { size: 2 } },
  })
})

test('a file changes what it names and nothing else', () => {
  expect(read({ runner: { size: 4 } })).toMatchObject({
    ok: true,
    value: { runner: { size: 4, memoryMb: 4096 }, checker: { timeoutMs: 2000 } },
  })
})

test.each([
  ['an unknown name', { retries: 3 }, 'file'],
  ['an unknown name inside', { runner: { cores: 3 } }, 'runner'],
  ['a number below its bounds', { checker: { timeoutMs: 1 } }, 'checker.timeoutMs'],
  ['a number above its bounds', { checker: { size: 65 } }, 'checker.size'],
  ['a fraction', { failureMs: 20_000.5 }, 'failureMs'],
  ['a text', { stopMs: '25000' }, 'stopMs'],
  ['a failure told while a run may still last', { failureMs: 13_999 }, 'failureMs'],
  ['a run longer than a failure waits', { runner: { timeoutMs: 12_001 } }, 'failureMs'],
  ['a list', [], 'file'],
  ['half a file', '{"failureMs": ', 'file'],
  ['more than 64 KB', `{"failureMs": 16000${' '.repeat(65_536)}}`, 'file'],
])('%s is refused with its place', (_, content, where) => {
  expect(read(content)).toMatchObject({
    ok: false,
    refusals: [{ code: 'domain/settings-malformed', params: { where } }],
  })
})

test('a link or a folder in place of the file is refused', () => {
  writeFileSync(join(folder, 'real.json'), '{}')
  symlinkSync(join(folder, 'real.json'), join(folder, 'link.json'))
  mkdirSync(join(folder, 'folder.json'))
  for (const name of ['link.json', 'folder.json'])
    expect(readSettings(join(folder, name)).ok, name).toBe(false)
})

test('docs/settings.md is the page generated from the settings', async () => {
  await expect(settingsPage()).toMatchFileSnapshot('../../docs/settings.md')
})
