import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cliAs } from '../../support/cli.ts'
import { fakeDoor } from '../../support/door.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Without a key and without a server. */
const offline = cliAs('analyst', fakeDoor(), { SLUICE_KEY: '' })
const written = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const city = readdirSync('connectors/city/documents')
  .filter((name) => /^[^.]+\.yaml$/.test(name))
  .map((name) => join('connectors/city/documents', name))

test('documents are checked here, with every problem at its place and what would be taken', async () => {
  const path = written(
    'policy.yaml',
    'policy: Credit\ntitle: { zh: 信贷, en: credit }\ndoors: [nois]\nkind: {}\n',
  )
  const ran = await offline('policy', 'validate', path)
  expect(ran.exit).toBe(3)
  expect(ran.out).toBe('')
  expect(ran.err).toMatch(
    /source\/invalid-document: .*`policy`.*\n {2}1 \| policy: Credit\n {4}\| \^/,
  )
  expect(ran.err).toMatch(
    /`doors\.0`.*\n {2}3 \| doors: \[nois\]\n {4}\| {9}\^\n {2}fix: use one of: noise, people/,
  )
  expect(ran.err).toMatch(/no key `kind`\n {2}4 \| kind: {}\n.*\n {2}fix: .*policy, title, doors/)
  expect(ran.err).toMatch(/`kinds` is missing/)
  const chinese = await offline('policy', 'validate', path, '--lang', 'zh')
  expect(chinese.err).toMatch(/没有 `kind` 这一项[^]*可用的项：policy, title/)
})

test('a folder of documents is checked as one', async () => {
  const ran = await offline('policy', 'validate', ...city)
  expect(ran).toMatchObject({ exit: 0, err: '' })
  expect(ran.out.match(/ {2}valid$/gm)).toHaveLength(9)
  const alone = await offline('policy', 'validate', 'docs/example/agreement.yaml')
  expect(alone.out).toMatch(/valid in itself/)
  const wrong = written('wrong.yaml', 'rows: 1\n')
  const both = await offline('policy', 'validate', ...city, wrong, '--json')
  expect(both.exit).toBe(3)
  expect(JSON.parse(both.out)).toMatchObject({
    valid: false,
    files: [
      ...city.map((path) => ({ path, valid: true, whole: true })),
      { path: wrong, valid: false, refusals: [{ code: 'source/unknown-document' }] },
    ],
  })
  expect((await offline('policy', 'validate', join(folder, 'none.yaml'))).exit).toBe(2)
})
