import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPrinter } from '../api/demo/printer.ts'
import { openStage, type Stage } from '../api/demo/stage.ts'
import { blocksOf, runCommands, start, withoutNpm } from './support/commands.ts'

const readme = readFileSync('README.md', 'utf8')

const block = blocksOf('README.md')

test('every file the README links to is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path)
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter((path) => !existsSync(path))).toEqual([])
})

test('the story in curl goes as the README tells it', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-readme-'))
  let stage: Stage | undefined
  try {
    const options = {
      folder,
      profile: 'ci',
      seed: 7,
      port: 0,
      language: 'en',
      tell: () => undefined,
    } as const
    stage = await openStage(
      options,
      createPrinter(
        'en',
        () => undefined,
        () => 0,
      ),
    )
    const out = await runCommands(withoutNpm(block('story')), {
      URL: stage.url,
      KEYS: stage.keysFolder,
    })
    expect(out).toMatch(/"dataset":"tax_rating"/)
    expect(out).toMatch(/"code":"query\/rows-released"/)
    expect(out).toMatch(/"accepted":true/)
    expect(out).toMatch(
      /^grade,firms,firms_sd,firms_low,firms_high\r\n(?:[ABCDM],-?\d+,.*\r\n){5}/m,
    )
    expect(out).toMatch(/^repr-digest: sha-256=:/m)
    expect(out).toMatch(/^\d+ {2}[0-9a-f]{64}$/m)
  } finally {
    await stage?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('your own data takes the commands the README lists', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-own-'))
  const environment = { HOME: folder }
  const [shell = '', variables = ''] = withoutNpm(block('init')).split('\n')
  const DIR = `${folder}/my-domain`
  await runCommands(block('init'), environment)
  const command = block('serve')
    .trim()
    .replace('sluice', 'node dist/api/cli/main.js')
    .replace('8788', '0')
  const served = await start(command, { ...environment, DIR })
  try {
    const begin = `${shell}\n${variables.replace('http://127.0.0.1:8788', served.url)}\n`
    const out = await runCommands(begin + block('own data'), environment)
    expect(out).toMatch(/^dataset {2}shops {2}[0-9a-f]{64}$/m)
    expect(out).toMatch(/^district +shops +revenue\nharbour +-?\d+ ± \d+/m)
    expect(out).toMatch(/^exit 3$/m)
    expect(out).toMatch(/agreement my-bank-2026 +shop +0.05 +0.5 /)
  } finally {
    await served.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
