import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requirements } from './requirements.ts'

const id = /S\d-\d+[a-z]?/g
const named = /['`]([^'`\n]*\(S\d-\d+[a-z]?(?:, S\d-\d+[a-z]?)*\)[^'`\n]*)['`]/g

/** Names of tests with the requirements that they say they show, and their files. */
const shown = readdirSync('tests', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .sort()
  .flatMap((file) =>
    [...readFileSync(join('tests', file), 'utf8').matchAll(named)].flatMap(([, name = '']) =>
      [...name.matchAll(id)].map(([requirement]) => ({ requirement, file, name })),
    ),
  )

test('a requirement in the name of a test is one that is known, and each that is known is shown', () => {
  const met = new Set(shown.map(({ requirement }) => requirement))
  expect([...met].sort()).toEqual(Object.keys(requirements).sort())
})

test('docs/requirements.md is generated from the names of the tests', async () => {
  const lines = Object.entries(requirements).map(([requirement, what]) => {
    const tests = shown
      .filter((one) => one.requirement === requirement)
      .map(({ file, name }) => `${name.replace(/ \(S[^)]*\)/, '')} (\`${file}\`)`)
    return `| ${requirement} | ${what} | ${tests.join('; ')} |`
  })
  const page = [
    '# Requirements and the tests that show them',
    '',
    'Generated from the names of tests; `npx vitest run tests/house/requirements.test.ts -u` writes it anew. What is not',
    'here is not built, or no single test shows it.',
    '',
    '| requirement | what is asked for | shown by |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ]
  await expect(page.join('\n')).toMatchFileSnapshot('../../docs/requirements.md')
})
