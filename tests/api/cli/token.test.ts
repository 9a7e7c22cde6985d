import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import type { Door } from '../../../api/keeper-client.ts'
import { accepted, refused } from '../../../policies/outcome.ts'
import { refuse } from '../../../policies/refusal.ts'
import { cliAs } from '../../support/cli.ts'
import { fakeDoor } from '../../support/door.ts'

/** `sluice tokens`: a bank's own file, with tokens in one of its columns. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-tokens-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [source, output] = [join(folder, 'loans.csv'), join(folder, 'out.csv')]
beforeEach(() => rmSync(output, { force: true }))

const asked: (readonly string[])[] = []
/** Gives `TK` and the identifier, and refuses those that begin with `?`, each with its place. */
const tokensDoor = (): Door => {
  asked.length = 0
  const door = fakeDoor()
  const call = async (key: string, action: string, input: { identifiers?: string[] }) => {
    if (action !== 'token/make') return door.call(key, action as 'account/show', {})
    const { identifiers = [] } = input
    asked.push(identifiers)
    const bad = identifiers.flatMap((text, at) => (text.startsWith('?') ? [at + 1] : []))
    const params = { kind: 'enterprise', standards: 'uscc' }
    return bad.length > 0
      ? refused(
          ...bad.map((line) =>
            refuse('submission/identifier-malformed', params, { line, column: 1 }),
          ),
        )
      : accepted({ tokens: identifiers.map((text) => `TK${text}`), left: 7, logIndex: 3 })
  }
  return { ...door, call: call as unknown as Door['call'] }
}
const run = async (text: string, ...more: readonly string[]) => {
  writeFileSync(source, text)
  const cli = cliAs('analyst', tokensDoor() as ReturnType<typeof fakeDoor>)
  const options = ['--column', 'code', '-o', output]
  return cli('tokens', 'loans', 'enterprise', source, ...options, ...more)
}

test('one column is replaced and every other byte stays, each identifier sent once', async () => {
  const ran = await run('\ufeffname,code,"note"\r\n=1+1,A,"x, ""y""\n"\r\n海,"B",\r\n,,A\r\n-2,A,')
  expect(ran).toMatchObject({ exit: 0, out: '' })
  expect(readFileSync(output, 'utf8')).toBe(
    '\ufeffname,code,"note"\r\n=1+1,TKA,"x, ""y""\n"\r\n海,TKB,\r\n,,A\r\n-2,TKA,',
  )
  expect(asked).toEqual([['A', 'B']])
  expect(ran.err).toMatch(/4 rows with 2 tokens in .*; 7 more are left/)
  expect(statSync(output).mode & 0o777).toBe(0o600)
})

test('a large file travels in requests of ten thousand identifiers', async () => {
  const rows = Array.from({ length: 25_000 }, (_, at) => `C${at % 21_000},${at}`)
  const ran = await run(`code,n\n${rows.join('\n')}\n`, '--json')
  expect(JSON.parse(ran.out)).toEqual({ output, rows: 25_000, tokens: 21_000, left: 7 })
  expect(asked.map(({ length }) => length)).toEqual([10_000, 10_000, 1000])
  const lines = readFileSync(output, 'utf8').split('\n')
  expect(lines[24_999]).toBe('TKC3998,24998')
})

test('what is no identifier is told by the lines of the file, and nothing is left behind', async () => {
  const ran = await run('n,code\n1,A\n"2\n",?b\n3,A\n4,?c\n', '--lang', 'zh')
  expect(ran.exit).toBe(3)
  expect(ran.err).toMatch(/submission\/identifier-malformed/)
  expect(ran.err).toMatch(/行 3, 6\n/)
  expect(existsSync(output)).toBe(false)
})

test.each([
  ['code,n\n1\n', 'source/width'],
  ['code,n\n"1,2\n', 'source/open-quote'],
  ['code,n\n1,a"b\n', 'source/quote'],
  ['code\n', 'source/empty'],
])('a file of the form %j sends nothing: %s', async (text, code) => {
  const ran = await run(text)
  expect(ran).toMatchObject({ exit: 3 })
  expect(ran.err).toContain(code)
  expect(asked).toEqual([])
  expect(existsSync(output)).toBe(false)
})

test('the column must be there once, and the copy must be new', async () => {
  for (const text of ['a,b\n1,2\n', 'code,code\n1,2\n'])
    expect(await run(text)).toMatchObject({ exit: 2, err: 'the file has not one column code\n' })
  writeFileSync(output, 'mine')
  expect(await run('code\n1\n')).toMatchObject({ exit: 2 })
  expect(readFileSync(output, 'utf8')).toBe('mine')
  const cli = cliAs('analyst')
  const missing = await cli('tokens', 'a', 'b', join(folder, 'none'), '--column', 'c', '-o', 'x')
  expect(missing).toMatchObject({ exit: 2 })
})
