import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codes } from '../../policies/codes.ts'

const entries = Object.entries(codes)

const textOf = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(tsx?|sql|http|yaml)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')

test('messages are lower case, without a full stop, and name in the fix what would pass', () => {
  const wrong = entries.filter(
    ([, { message, fix }]) =>
      /^[A-Z][a-z]/.test(message.en) ||
      /[.。]$/.test(message.en + fix.en) ||
      fix.en.length === 0 ||
      fix.zh.length === 0,
  )
  expect(wrong.map(([code]) => code)).toEqual([])
})

test('both languages of a message take the same parameters', () => {
  const params = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort()
  const wrong = entries.filter(
    ([, { message }]) => params(message.en).join() !== params(message.zh).join(),
  )
  expect(wrong.map(([code]) => code)).toEqual([])
})

test('every code is given by the product and met in a test', () => {
  const product = ['policies', 'connectors', 'sandbox', 'api']
    .map((room) => textOf(room))
    .join('\n')
  const tests = textOf('tests')
  const quoted = (text: string, code: string): number => text.split(code).length - 1
  expect(
    entries.filter(([code]) => quoted(product, `'${code}'`) < 2).map(([code]) => code),
  ).toEqual([])
  // Tables of cases often leave the room out: `empty-line 2`.
  const met = (code: string): boolean => new RegExp(`\\b${code.split('/')[1]}\\b`).test(tests)
  expect(entries.filter(([code]) => !met(code)).map(([code]) => code)).toEqual([])
})

test('docs/refusals.md is generated from the catalogue', async () => {
  const groups = Map.groupBy(entries, ([code]) => code.split('/')[0] ?? '')
  const lines = [
    '# Refusals',
    '',
    'Generated from `policies/codes`; `npx vitest run tests/house/refusals.test.ts -u` writes it anew.',
    'A refusal has a stable code, a place where there is one, and a fix. The HTTP interface sends it as RFC 9457.',
  ]
  for (const [group, members] of groups) {
    lines.push('', `## ${group}`)
    for (const [code, { status, message, fix }] of members.sort(([a], [b]) => (a < b ? -1 : 1)))
      lines.push(
        '',
        `### ${code}`,
        '',
        `${status} · ${message.en} · ${message.zh}`,
        '',
        `${fix.en} · ${fix.zh}`,
      )
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../docs/refusals.md')
})
