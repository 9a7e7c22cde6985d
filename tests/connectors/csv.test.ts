import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkCsv, linesOfRows, openCsv, type CsvFile } from '../../connectors/csv.ts'
import type { Outcome } from '../../policies/outcome.ts'
import type { Refusal } from '../../policies/refusal.ts'
import { wordsOf } from '../../policies/refusal.ts'
import { datasetOf } from '../support/dataset.ts'
import { testFolder } from '../support/folder.ts'

const folder = testFolder()
const dataset = datasetOf({ a: 'integer', b: 'text?' })
const bytesMax = 64 << 20

const check = async (content: string | Uint8Array, of = dataset): Promise<Outcome<CsvFile>> => {
  writeFileSync(join(folder, 'in.csv'), content)
  const file = await openCsv(folder, 'in.csv', bytesMax)
  if (!file.ok) return file
  try {
    return await checkCsv(file.value, of)
  } finally {
    await file.value.close()
  }
}

/** The refusals of a file in short: `source/width 3`. */
const refusalsOf = async (content: string | Uint8Array, of = dataset): Promise<string[]> => {
  const outcome = await check(content, of)
  return outcome.ok ? ['accepted'] : outcome.refusals.map(inShort)
}
const inShort = ({ code, params }: Refusal): string =>
  [code.replace('source/', ''), params['line'] ?? params['list']]
    .filter((word) => word !== undefined)
    .join(' ')

describe('a file is accepted when its form is sound', () => {
  test.each([
    ['plain', 'a,b\n1,x\n2,y\n', 2],
    ['without an end to its last line', 'a,b\n1,x\n2,y', 2],
    ['with an empty last field and no end', 'a,b\n1,x\n2,', 2],
    ['with CRLF', 'a,b\r\n1,x\r\n2,y\r\n', 2],
    ['with CRLF and no end', 'a,b\r\n1,x', 1],
    ['with a byte order mark', '\uFEFFa,b\n1,x\n', 1],
    ['with its columns in another order', 'b,a\nx,1\n', 1],
    ['with a header in quotation marks', '"a","b"\n1,x\n', 1],
    ['with separators, quotes and line ends in quotes', 'a,b\n1,"x,""y""\nz"\n2,""\n', 2],
    ['with Chinese and four-byte characters', 'a,b\n1,税务局\n2,𠮷😀\n', 2],
    ['with empty fields', 'a,b\n,\n', 1],
    ['with cells that are formulas to a spreadsheet', 'a,b\n1,=cmd|1\n2,+1\n3,@x\n4,-1\n', 4],
    ['with a very large number, which is a matter of types', `a,b\n${'9'.repeat(5000)},x\n`, 1],
    ['with a record of a megabyte', `a,b\n1,${'x'.repeat((1 << 20) - 2)}\n`, 1],
  ])('%s', async (_, content, rows) => {
    const outcome = await check(content)
    expect(outcome).toMatchObject({
      ok: true,
      value: {
        rows,
        bytes: Buffer.byteLength(content),
        sha256: createHash('sha256').update(content).digest('hex'),
      },
    })
  })

  test('says the order of its columns and whether records span lines', async () => {
    expect(await check('b,a\nx,1\n')).toMatchObject({
      value: { columns: ['b', 'a'], spans: false },
    })
    expect(await check('a,b\n1,"x\ny"\n')).toMatchObject({ value: { spans: true } })
  })

  test('of one column, and with another separator', async () => {
    expect(await refusalsOf('a\n1\n""\n', datasetOf({ a: 'integer?' }))).toEqual(['accepted'])
    const tabs = datasetOf({ a: 'integer', b: 'text' }, { csv: { delimiter: '\t' } })
    expect(await refusalsOf('a\tb\n1\tx,y\n', tabs)).toEqual(['accepted'])
  })
})

describe('a file is refused with its place', () => {
  const long = 'x'.repeat((1 << 20) + 1)
  test.each<[string, string | Uint8Array, string[]]>([
    ['empty', '', ['empty']],
    ['only a byte order mark', '\uFEFF', ['empty']],
    ['only a header', 'a,b\n', ['empty']],
    ['only a header without an end', 'a,b', ['empty']],
    ['too few fields', 'a,b\n1,x\n2\n', ['width 3']],
    ['too many fields', 'a,b\n1,x,\n', ['width 2']],
    ['several bad records', 'a,b\n1\n2,x\n3\n', ['width 2', 'width 4']],
    ['an empty line', 'a,b\n\n1,x\n', ['empty-line 2']],
    ['an empty line with CRLF', 'a,b\r\n1,x\r\n\r\n', ['empty-line 3']],
    ['a quote within a field', 'a,b\n1,x"y\n', ['quote 2']],
    ['text after a closing quote', 'a,b\n1,"x"y\n', ['quote 2']],
    ['a backslash as escape', 'a,b\n1,"x\\"y"\n', ['quote 2']],
    ['a quote that nothing closes', 'a,b\n1,x\n2,"y\n3,z\n', ['open-quote 3']],
    ['mixed line ends', 'a,b\n1,x\r\n', ['line-end 2']],
    ['mixed line ends the other way', 'a,b\r\n1,x\n', ['line-end 2']],
    ['a carriage return alone', 'a,b\n1,x\ry\n', ['line-end 2']],
    ['carriage returns for line ends', 'a,b\r1,x\r', ['line-end 1']],
    ['a carriage return at its very end', 'a,b\n1,x\r', ['line-end 2']],
    ['a NUL', 'a,b\n1,x\n2,y\0\n', ['nul 3']],
    ['GB18030', Buffer.from([0x61, 0x2c, 0x62, 10, 0x31, 0x2c, 0xce, 0xf1, 10]), ['not-utf8 2']],
    ['UTF-16', Buffer.from('\uFEFFa,b\n1,x\n', 'utf16le'), ['not-utf8 1']],
    [
      'half a character at its end',
      Buffer.from([0x61, 0x2c, 0x62, 10, 0xe7, 0xa8]),
      ['not-utf8 2'],
    ],
    ['an overlong form', Buffer.from('a,b\n1,\xc0\xaf\n', 'latin1'), ['not-utf8 2']],
    ['a surrogate', Buffer.from('a,b\n1,\xed\xa0\x80\n', 'latin1'), ['not-utf8 2']],
    ['a record over a megabyte', `a,b\n1,x\n2,${long}\n3,y\n`, ['line-too-long 3']],
    [
      'a line over a megabyte that ends nowhere',
      `a,b\n2,${long}${long}${long}`,
      ['line-too-long 2'],
    ],
    ['a line cut within a character', `a,b\n2,${'税'.repeat(1 << 20)}\n`, ['line-too-long 2']],
    ['a quoted record over a megabyte', `a,b\n2,"${'x\n'.repeat(1 << 20)}"\n`, ['line-too-long 2']],
    ['a missing column', 'a\n1\n', ['columns-missing b']],
    ['an unknown column', 'a,b,c\n1,x,2\n', ['columns-unknown 3']],
    ['a repeated column', 'a,b,a\n1,x,2\n', ['columns-repeated a']],
    ['a column in capitals', 'A,b\n1,x\n', ['columns-missing a', 'columns-unknown 1']],
    ['another separator', 'a;b\n1;x\n', ['columns-missing a, b', 'columns-unknown 1']],
  ])('%s', async (_, content, refusals) => {
    expect(await refusalsOf(content)).toEqual(refusals)
  })

  test('and no more than ten of them', async () => {
    expect(await refusalsOf(`a,b\n${'1\n'.repeat(100)}`)).toHaveLength(10)
  })

  test('and in words that quote nothing of it (I4)', async () => {
    for (const content of ['SECRET,91350100M000100Y43\n1,x\n', 'a,b\nSECRET\n', 'a,b\n1,"SECRET']) {
      const outcome = await check(content)
      if (outcome.ok) throw new Error('accepted')
      for (const refusal of outcome.refusals)
        for (const language of ['zh', 'en'] as const)
          expect(JSON.stringify([refusal, wordsOf(refusal, language)])).not.toMatch(/SECRET|9135/)
    }
  })
})

test('lines are right across blocks of a large file', async () => {
  const rows = Array.from({ length: 60_000 }, (_, i) => `${i},${'税'.repeat(i % 40)}`)
  expect(await refusalsOf(`a,b\n${rows.join('\n')}\n`)).toEqual(['accepted'])
  rows[54_321] = 'only one'
  expect(await refusalsOf(`a,b\n${rows.join('\n')}\n`)).toEqual(['width 54323'])
  rows[54_321] = '1,\0'
  expect(await refusalsOf(`a,b\n${rows.join('\n')}\n`)).toEqual(['nul 54323'])
})

test('the line of a row is found where records span lines', async () => {
  writeFileSync(join(folder, 'spans.csv'), 'a,b\n1,"x\n\ny"\n2,z\n3,"\n"\n4,w\n')
  const file = await openCsv(folder, 'spans.csv', bytesMax)
  if (!file.ok) throw new Error('refused')
  const lines = await linesOfRows(file.value, [1, 2, 4], ',')
  await file.value.close()
  expect([...lines]).toEqual([
    [1, 2],
    [2, 5],
    [4, 8],
  ])
})

test('only a regular file directly in the folder is opened', async () => {
  writeFileSync(join(folder, 'real.csv'), 'a,b\n1,x\n')
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'sub', 'in.csv'), 'a,b\n1,x\n')
  symlinkSync(join(folder, 'real.csv'), join(folder, 'link.csv'))
  execFileSync('mkfifo', [join(folder, 'pipe.csv')])
  const codeOf = async (name: string): Promise<string> => {
    const outcome = await openCsv(folder, name, bytesMax)
    if (!outcome.ok) return outcome.refusals[0]!.code
    await outcome.value.close()
    return 'opened'
  }
  expect(await codeOf('real.csv')).toBe('opened')
  for (const name of ['link.csv', 'pipe.csv', 'sub', 'absent.csv'])
    expect(await codeOf(name)).toBe('source/no-file')
  for (const name of [
    '../x',
    'sub/in.csv',
    '/etc/passwd',
    '.',
    '..',
    '.hidden',
    '',
    'a\\b',
    'a\nb',
  ])
    expect(await codeOf(name)).toBe('source/file-name')
})

test('a file over the limit of size, or changed while it is read, is refused', async () => {
  writeFileSync(join(folder, 'big.csv'), 'a,b\n1,x\n')
  expect(await openCsv(folder, 'big.csv', 4)).toMatchObject({
    refusals: [{ code: 'source/too-large', params: { max: 4 } }],
  })
  const file = await openCsv(folder, 'big.csv', bytesMax)
  if (!file.ok) throw new Error('refused')
  const grow = (): void => appendFileSync(join(folder, 'big.csv'), '2,y\n')
  const outcome = await checkCsv(file.value, dataset, grow)
  await file.value.close()
  expect(outcome).toMatchObject({ refusals: [{ code: 'source/changed' }] })
})
