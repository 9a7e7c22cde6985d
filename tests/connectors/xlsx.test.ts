import { readFileSync, writeFileSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openCsv } from '../../connectors/csv.ts'
import { makePlain } from '../../connectors/plain.ts'
import { dateText } from '../../connectors/xlsx/cell.ts'
import { isDateFormat } from '../../connectors/xlsx/styles.ts'
import { readDirectory } from '../../connectors/xlsx/zip-directory.ts'
import { openZip, ZipFault } from '../../connectors/xlsx/zip.ts'
import { wordsOf } from '../../policies/refusal.ts'
import { testFolder } from '../support/folder.ts'
import { taxDataset } from '../support/publishing.ts'
import { partsOf, rowsOf, workbookOf, zipOf, type Book } from '../support/workbook.ts'

const folder = testFolder()
let count = 0

/** The CSV that a workbook becomes, or the refusals. */
const plainOf = async (content: Buffer, sheet?: string) => {
  const name = `in-${(count += 1)}.xlsx`
  writeFileSync(join(folder, name), content)
  const opened = await openCsv(folder, name, 1 << 30)
  if (!opened.ok) throw new Error('no file')
  const plain = await open(join(folder, `${name}.csv`), 'wx+')
  const dataset = taxDataset({ ingest: { format: 'xlsx', ...(sheet !== undefined && { sheet }) } })
  const form = { format: 'xlsx', encoding: 'utf-8' } as const
  const made = await makePlain(opened.value, plain, { form, dataset, bytesMax: 1 << 30 })
  await opened.value.close()
  await plain.close()
  return made.ok ? readFileSync(join(folder, `${name}.csv`), 'utf8') : made.refusals
}

/** What one cell becomes under the header `a`. */
const cellOf = async (cell: string, book: Book = {}) => {
  const text = await plainOf(workbookOf({ ...book, rows: rowsOf(['a'], [cell], ['end']) }))
  return typeof text === 'string'
    ? text.slice('"a"\n'.length, -'\n"end"\n'.length)
    : text.map(({ code }) => code).join()
}

describe('a cell becomes', () => {
  test.each<[what: string, cell: string, expected: string, Book?]>([
    ['a text', 'x, "y"\n z', '"x, ""y""\n z"'],
    ['an escaped sign', 'a_x000D_b_x005F_x0041_', '"a\rb_x0041_"'],
    [
      'the runs of a text without their readings',
      '<x:c t="s"><x:v>0</x:v></x:c>',
      '"东京都"',
      {
        strings:
          '<si><r><rPr/><t>东京</t></r><r><t>都</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si>',
      },
    ],
    ['a text between marks', '<x:c t="str"><x:v><![CDATA[<b>]]></x:v></x:c>', '"<b>"'],
    ['a number as it was typed', '<x:c><x:v>1.1000000000000001</x:v></x:c>', '1.1'],
    ['a small number', '<x:c><x:v>-5.0000000000000002E-7</x:v></x:c>', '-5e-7'],
    ['a whole number', '<x:c><x:v>330106.0</x:v></x:c>', '330106'],
    ['a number of 15 digits', '<x:c><x:v>999999999999999</x:v></x:c>', '999999999999999'],
    ['a boolean', '<x:c t="b"><x:v>1</x:v></x:c>', 'true'],
    ['a date', '<x:c s="1"><x:v>46053</x:v></x:c>', '2026-01-31'],
    ['a date from 1904', '<x:c s="1"><x:v>44591</x:v></x:c>', '2026-01-31', { from1904: true }],
    ['a date with its time', '<x:c s="1"><x:v>46053.75</x:v></x:c>', '2026-01-31T18:00:00'],
    ['a time of day as a number', '<x:c s="2"><x:v>0.75</x:v></x:c>', '0.75'],
    ['a number that is no date', '<x:c s="1"><x:v>60</x:v></x:c>', '60'],
    [
      'a date by a format of its own',
      '<x:c s="3"><x:v>46053</x:v></x:c>',
      '2026-01-31',
      { formats: '<numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>' },
    ],
    ['an ISO date', '<x:c t="d"><x:v>2026-01-31T00:00:00</x:v></x:c>', '2026-01-31'],
    ['an ISO moment', '<x:c t="d"><x:v>2026-01-31T09:30:00</x:v></x:c>', '2026-01-31T09:30:00'],
    ['no cell of CSV by a trick', '<x:c t="d"><x:v>1,2\n3</x:v></x:c>', 'no-date'],
  ])('%s', async (_, cell, expected, book) => {
    expect(await cellOf(cell, book)).toBe(expected)
  })

  test('nothing where it holds nothing, or what stands for it', async () => {
    const rows = rowsOf(['a', 'b'], ['<x:c s="1"/>', 'x'], ['', 'y'])
    expect(await plainOf(workbookOf({ rows }))).toBe('"a","b"\n,"x"\n,"y"\n')
  })

  test.each<[string, string, string, Book?]>([
    ['a formula with its result', '<x:c><x:f>1+1</x:f><x:v>2</x:v></x:c>', 'xlsx-formula'],
    ['a formula without one', '<x:c><x:f/></x:c>', 'xlsx-formula'],
    ['an error', '<x:c t="e"><x:v>#N/A</x:v></x:c>', 'xlsx-error'],
    ['digits that are lost', '<x:c><x:v>350100199001011230</x:v></x:c>', 'xlsx-digits'],
    ['no number', '<x:c><x:v>0x10</x:v></x:c>', 'not-xlsx'],
    ['a number beyond numbers', '<x:c><x:v>1e999</x:v></x:c>', 'not-xlsx'],
    ['a text that is not there', '<x:c t="s"><x:v>7</x:v></x:c>', 'not-xlsx'],
    ['a style that is not there', '<x:c s="9"><x:v>7</x:v></x:c>', 'not-xlsx'],
    ['an unknown kind', '<x:c t="?"><x:v>7</x:v></x:c>', 'not-xlsx'],
    ['an unknown element', '<x:c><x:w/></x:c>', 'not-xlsx'],
    ['half a character', 'a_xD83D_', 'not-xlsx'],
    ['more than a cell can hold', 'a'.repeat(32_768), 'not-xlsx'],
    ['a NUL', 'a_x0000_', 'nul'],
  ])('and is refused: %s', async (_, cell, code, book) => {
    expect(await cellOf(cell, book)).toBe(`source/${code}`)
  })
})

test('days count as Excel counts them, its 29 February 1900 included', () => {
  const [y1900, y1904] = [{ from1904: false }, { from1904: true }]
  const days = [0, 1, 59, 60, 61, 2_958_465, 2_958_466, -1]
  expect(days.map((day) => dateText(day, y1900))).toEqual([
    undefined,
    '1900-01-01',
    '1900-02-28',
    undefined,
    '1900-03-01',
    '9999-12-31',
    undefined,
    undefined,
  ])
  expect([0, 2_957_003, 2_957_004].map((day) => dateText(day, y1904))).toEqual([
    '1904-01-01',
    '9999-12-31',
    undefined,
  ])
  expect(dateText(46_053 + 1e-9, y1900)).toBe('2026-01-31')
})

test('a format shows a date where a year, a day or a month is in it, and no time or text', () => {
  const shown = (formats: readonly string[]): boolean[] => formats.map(isDateFormat)
  expect(
    shown(['yyyy-mm-dd', 'd/m/yy h:mm', 'mmm', '[$-804]e"年"', '[Red]dd', 'm\\-yy;@']),
  ).toEqual(Array(6).fill(true))
  expect(
    shown([
      '0.00',
      'h:mm:ss',
      '[h]:mm',
      '0.0E+00',
      '"day" 0',
      'General',
      '0;yyyy',
      '[Red]0',
      '\\d0',
    ]),
  ).toEqual(Array(9).fill(false))
})

describe('a sheet', () => {
  const two = { first: rowsOf(['a'], ['1']), 二月: rowsOf(['a'], ['2']) }
  test('is the first, or the one that the dataset names', async () => {
    expect(await plainOf(workbookOf({ sheets: two }))).toBe('"a"\n"1"\n')
    expect(await plainOf(workbookOf({ sheets: two }), '二月')).toBe('"a"\n"2"\n')
    expect(await plainOf(workbookOf({ sheets: two }), 'third')).toEqual([
      { code: 'source/sheet-missing', params: { sheet: 'third', count: 2 } },
    ])
  })

  test('may end in empty rows, and may not have one between others, or above', async () => {
    const cell = (row: number) => `<x:row r="${row}"><x:c r="A${row}"><x:v>1</x:v></x:c></x:row>`
    const blank = '<x:row r="8"><x:c r="A8" s="1"/></x:row>'
    expect(await plainOf(workbookOf({ rows: cell(1) + cell(2) + blank }))).toBe('1\n1\n')
    expect(await plainOf(workbookOf({ rows: cell(1) + cell(3) }))).toEqual([
      { code: 'source/empty-line', params: { line: 2 } },
    ])
    expect(await plainOf(workbookOf({ rows: cell(2) }))).toEqual([
      { code: 'source/empty-line', params: { line: 1 } },
    ])
  })

  test('is refused with all that is wrong in it, by places and without values', async () => {
    const formula = '<x:c><x:f>HYPERLINK("PLANTED")</x:f><x:v>PLANTED</x:v></x:c>'
    const rows = rowsOf(['a', 'b'], [formula, '<x:c><x:v>1e15</x:v></x:c>'], [formula, 'x'])
    const after =
      '<x:mergeCells><x:mergeCell ref="A1:B1"/><x:mergeCell ref="PLANTED"/></x:mergeCells>'
    const refusals = await plainOf(workbookOf({ rows, after }))
    expect(refusals).toEqual([
      { code: 'source/xlsx-formula', params: { count: 2, cells: 'A2, A3' } },
      { code: 'source/xlsx-digits', params: { count: 1, cells: 'B2' } },
      { code: 'source/xlsx-merged', params: { count: 2, cells: 'A1:B1' } },
    ])
    if (typeof refusals === 'string') return
    for (const each of refusals)
      expect(wordsOf(each, 'en').message + wordsOf(each, 'zh').message).not.toContain('PLANTED')
  })

  test.each([
    ['a row wider than the header', rowsOf(['a'], ['1', '2']), 'width'],
    ['a row before the last', '<x:row r="2"/><x:row r="1"/>', 'not-xlsx'],
    ['a row that no sheet has', '<x:row r="1048577"/>', 'not-xlsx'],
    ['a cell of another row', '<x:row r="1"><x:c r="A2"/></x:row>', 'not-xlsx'],
    ['a cell twice', '<x:row r="1"><x:c r="A1"/><x:c r="A1"/></x:row>', 'not-xlsx'],
    ['a cell that no sheet has', '<x:row r="1"><x:c r="XFE1"/></x:row>', 'not-xlsx'],
    ['something else than rows', '<x:table/>', 'not-xlsx'],
    ['something else than cells', '<x:row><x:d/></x:row>', 'not-xlsx'],
    ['a foreign cell', '<x:row><c><v>1</v></c></x:row>', 'not-xlsx'],
    [
      'a record without end',
      rowsOf(Array.from({ length: 40 }, () => 'a'.repeat(30_000))),
      'line-too-long',
    ],
  ])('is refused for %s', async (_, rows, code) => {
    expect(await plainOf(workbookOf({ rows }))).toMatchObject([{ code: `source/${code}` }])
  })
})

describe('a workbook is refused', () => {
  const rows = rowsOf(['a'], ['1'])
  const replaced = (name: string, content: string | Buffer) =>
    zipOf(partsOf({ rows }).map((part) => (part.name === name ? { name, content } : part)))
  const said = (fields: object) =>
    zipOf(partsOf({ rows }).map((part) => ({ ...part, said: fields })))
  const bomb =
    '<!DOCTYPE x [<!ENTITY a "PLANTED"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
  const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')

  test.each<[string, Buffer, string]>([
    ['that is none', Buffer.from('a,b\n1,2\n'), 'not-xlsx'],
    ['that is nothing', Buffer.alloc(0), 'not-xlsx'],
    ['of old Excel, or under a password', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), 'xls'],
    [
      'with macros by its type',
      workbookOf({ rows, type: 'ms-excel.sheet.macroEnabled.main' }),
      'xlsx-macros',
    ],
    [
      'with macros by a part',
      workbookOf({ rows, more: [{ name: 'xl/vbaProject.bin', content: 'x' }] }),
      'xlsx-macros',
    ],
    ['that is binary', workbookOf({ rows, type: 'ms-excel.sheet.binary.main' }), 'not-xlsx'],
    ['with a document type', workbookOf({ rows, doctype: bomb }), 'xml-doctype'],
    [
      'that uses an entity',
      workbookOf({ rows: '<x:row><x:c><x:v>&a;</x:v></x:c></x:row>' }),
      'not-xlsx',
    ],
    ['not in UTF-8', replaced('xl/worksheets/sheet0.xml', utf16('<a/>')), 'not-xlsx'],
    [
      'that says another encoding',
      replaced('xl/sharedStrings.xml', '<?xml version="1.0" encoding="GB18030"?><sst/>'),
      'not-xlsx',
    ],
    ['cut in a part', replaced('xl/worksheets/sheet0.xml', '<worksheet><sheetData>'), 'not-xlsx'],
    [
      'with a part too deep',
      replaced('xl/sharedStrings.xml', '<a>'.repeat(99) + '</a>'.repeat(99)),
      'not-xlsx',
    ],
    [
      'with an element without end',
      replaced('xl/sharedStrings.xml', `<sst a="${'x'.repeat(2 << 20)}"/>`),
      'not-xlsx',
    ],
    [
      'whose sheet is elsewhere',
      workbookOf({ rows, sheetMode: ' TargetMode="External"' }),
      'not-xlsx',
    ],
    [
      'without a part',
      zipOf(partsOf({ rows }).filter(({ name }) => name !== '_rels/.rels')),
      'not-xlsx',
    ],
    ['with a part twice', zipOf([...partsOf({ rows }), partsOf({ rows })[2]!]), 'not-xlsx'],
    [
      'with a part twice but for case',
      zipOf([...partsOf({ rows }), { ...partsOf({ rows })[2]!, name: 'XL/workbook.xml' }]),
      'not-xlsx',
    ],
    ['whose parts are longer than said', said({ bytes: 10 }), 'not-xlsx'],
    ['whose parts are shorter than said', said({ bytes: 100_000 }), 'not-xlsx'],
    ['whose checksums are wrong', said({ crc: 7 }), 'not-xlsx'],
    [
      'whose parts have another name at their place',
      zipOf(
        partsOf({ rows }).map((part) => ({
          ...part,
          said: { localName: `${part.name.slice(0, -1)}_` },
        })),
      ),
      'not-xlsx',
    ],
    ['whose parts are encrypted', said({ flags: 1 }), 'not-xlsx'],
    ['with bytes after its end', workbookOf({ rows, shape: { trailing: 'x' } }), 'not-xlsx'],
    ['with a gap after its directory', workbookOf({ rows, shape: { gap: 9 } }), 'not-xlsx'],
    ['cut at its beginning', workbookOf({ rows }).subarray(100), 'not-xlsx'],
    ['cut at its end', workbookOf({ rows }).subarray(0, -5), 'not-xlsx'],
    [
      'with too many parts',
      workbookOf({
        rows,
        more: Array.from({ length: 4090 }, (_, at) => ({ name: `p${at}`, content: '' })),
      }),
      'not-xlsx',
    ],
    [
      'that unpacks too far, before anything is unpacked',
      zipOf([...partsOf({ rows }), { name: 'x', content: Buffer.alloc(70 << 20) }]),
      'unpacks-too-far',
    ],
    [
      'whose short cells refer to a long text',
      workbookOf({
        strings: `<si><t>${'x'.repeat(32_000)}</t></si>`,
        rows: '<x:row><x:c t="s"><x:v>0</x:v></x:c></x:row>'.repeat(3000),
      }),
      'unpacks-too-far',
    ],
  ])('%s', async (_, content, code) => {
    const refusals = await plainOf(content)
    expect(refusals).toMatchObject([{ code: `source/${code}` }])
    expect(JSON.stringify(refusals)).not.toContain('PLANTED')
  })

  const zipFile = async <T>(content: Buffer, use: (file: FileHandle) => Promise<T>): Promise<T> => {
    const path = join(folder, `zip-${(count += 1)}`)
    writeFileSync(path, content)
    const file = await open(path)
    try {
      return await use(file)
    } finally {
      await file.close()
    }
  }
  test('whose parts lie over each other', async () => {
    const content = workbookOf({ rows })
    const first = content.indexOf(Buffer.from('504b0102', 'hex'))
    expect((await zipFile(content, readDirectory))?.size).toBe(7)
    content.writeUInt32LE(content.readUInt32LE(first + 20) + 1, first + 20)
    expect(await zipFile(content, readDirectory)).toBeUndefined()
  })

  test('whose part does not end where it should, before more of it is handed on', async () => {
    const content = zipOf([{ name: 'x', content: Buffer.alloc(9 << 20), said: { bytes: 1 << 20 } }])
    let read = 0
    const reading = zipFile(content, async (file) => {
      const zip = await openZip(file)
      for await (const block of zip!.read(zip!.entry('x')!)) read += block.length
    })
    await expect(reading).rejects.toThrow(ZipFault)
    expect(read).toBeLessThanOrEqual(1 << 20)
  })
})

test('an archive with a comment, or with fields for more than 4 GB, is read like any other', async () => {
  const rows = rowsOf(['a'], ['1'])
  for (const shape of [{ comment: 'made by hand' }, { large: true }])
    expect(await plainOf(workbookOf({ rows, shape }))).toBe('"a"\n"1"\n')
})
