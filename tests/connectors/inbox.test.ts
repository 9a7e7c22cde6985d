import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { listFiles, openFolder } from '../../connectors/inbox.ts'
import { testFolder } from '../support/folder.ts'

const folder = testFolder()
const inbox = join(folder, 'inbox')

beforeAll(() => {
  mkdirSync(join(inbox, 'tax', 'monthly'), { recursive: true })
  mkdirSync(join(folder, 'secret'))
  writeFileSync(join(folder, 'secret', 'a.csv'), 'x')
  for (const name of ['b.csv', 'a.csv', '.hidden.csv', 'c.txt'])
    writeFileSync(join(inbox, 'tax', 'monthly', name), 'x')
  mkdirSync(join(inbox, 'tax', 'monthly', 'd.csv'))
  symlinkSync(join(folder, 'secret', 'a.csv'), join(inbox, 'tax', 'monthly', 'e.csv'))
  execFileSync('mkfifo', [join(inbox, 'tax', 'monthly', 'f.csv')])
  symlinkSync(join(folder, 'secret'), join(inbox, 'linked'))
  symlinkSync(join(folder, 'secret'), join(folder, 'door'))
})

const namesIn = async (root: string, steps: readonly string[], entriesMax = 100) => {
  const opened = await openFolder(root, steps)
  try {
    const found = await listFiles(opened, (name) => name.endsWith('.csv'), entriesMax)
    return found?.map(({ name }) => name)
  } finally {
    await opened.close()
  }
}

test('files themselves are listed by name: no link, folder or pipe, nothing hidden', async () => {
  expect(await namesIn(inbox, ['tax', 'monthly'])).toEqual(['a.csv', 'b.csv'])
})

test('a folder with too many entries is not listed, whatever they are', async () => {
  expect(await namesIn(inbox, ['tax', 'monthly'], 6)).toBeUndefined()
})

test.each([
  ['up', ['..', 'secret']],
  ['up from within', ['tax', '..', '..', 'secret']],
  ['through a link', ['linked']],
  ['by a path', ['tax/monthly']],
  ['into a file', ['tax', 'monthly', 'a.csv']],
  ['nowhere', ['none']],
])('no step leads %s', async (_, steps) => {
  await expect(namesIn(inbox, steps)).rejects.toThrow()
})

test('the folder itself is no link', async () => {
  expect(await namesIn(join(folder, 'secret'), [])).toEqual(['a.csv'])
  await expect(namesIn(join(folder, 'door'), [])).rejects.toThrow()
})
