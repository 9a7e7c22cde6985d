import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { blocksOf, runCommands, start, withoutNpm } from './support/commands.ts'

const page = 'docs/operators-guide.md'
const block = blocksOf(page)

test('every file the guide links to is there', () => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
  expect(links.length).toBeGreaterThan(8)
  expect(links.filter(([, path = '']) => !existsSync(join(dirname(page), path)))).toEqual([])
})

test(
  'the guide leads from a folder of files to a home that was put back',
  { timeout: 480_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-guide-'))
    const environment = { HOME: folder }
    const DIR = `${folder}/city`
    const [shell = '', variables = ''] = withoutNpm(block('guide init')).split('\n')
    const serve = (name: string) =>
      start(
        block(name).trim().replace('sluice', 'node dist/api/cli/main.js').replace('8789', '0'),
        { ...environment, DIR },
      )
    await runCommands(block('guide init'), environment)
    let served = await serve('guide serve')
    const run = (...names: readonly string[]): Promise<string> => {
      const begin = `${shell}\n${variables.replace('http://127.0.0.1:8789', served.url)}\nexport SLUICE_KEY_FILE=$DIR/ops.key\n`
      return runCommands(begin + names.map(block).join('\n'), environment)
    }
    try {
      await run('guide people')
      expect(await run('guide policy')).toMatch(/^shops-open {2}[0-9a-f]{64}$/m)
      // The row whose staff is a word.
      expect(await run('guide files')).toMatch(/^ *2 {2}type staff {2}three$/m)
      const shown = await run('guide pull')
      // 400 shops, four more in June, three new and one again in July, two in August.
      expect(shown).toMatch(/^[0-9a-f]{12} \* +shops-open .* 409 /m)
      expect(shown).toMatch(/^[0-9a-f]{12} +shops-open .* 404 +1 /m)
      const asked = /^district +shops\nharbour +-?[\d.]+ ± \d+/m
      expect(await run('guide agreement')).toMatch(asked)
      expect(await run('guide change')).toMatch(/rhoMax|0\.1/)
      const watched = await run('guide watch')
      expect(watched).toMatch(/^sluice_log_entries \d+$/m)
      expect(watched).toMatch(/agreement my-bank-2026 +shop /)
      expect(await run('guide destroy')).toMatch(/version\/destroyed/)
      await served.stop()
      await run('guide backup', 'guide restore')
      served = await serve('guide serve again')
      // What was spent is spent there too.
      expect(await run('guide watch')).toMatch(/agreement my-bank-2026 +shop +0.05 /)
      const rotated = await run('guide rotate')
      expect(rotated).toMatch(/^(?:[0-9a-f]{16} .*\n){2}/m)
      expect(rotated).toMatch(/^ops  \d{4}-/m)
    } finally {
      await served.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
