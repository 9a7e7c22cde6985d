import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cellOf, csvRecords, type CsvRecord } from '../../connectors/csv-record.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-records-'))
afterAll(() => rmSync(folder, { recursive: true }))

const recordsOf = async (text: string): Promise<readonly CsvRecord[]> => {
  const path = join(folder, 'file.csv')
  writeFileSync(path, text)
  const file = await open(path, 'r')
  const records: CsvRecord[] = []
  for await (const some of csvRecords(file, ',')) records.push(...some)
  await file.close()
  return records
}
const joined = (records: readonly CsvRecord[]): string =>
  records.map(({ fields, end }) => fields.join(',') + end).join('')

test.each([
  ['a,b\n1,2\n', ['1', '2'], 2],
  ['\ufeffa,b\r\n,\r\n"x ""y"", z",中', ['x "y", z', '中'], 3],
  ['a,b\n"1\n2\n3",4\n"",5', ['', '5'], 5],
  ['a\n""""', ['"'], 2],
])(
  'the records of %j are the file, and its last holds %j, in line %i',
  async (text, cells, line) => {
    const records = await recordsOf(text)
    expect(joined(records)).toBe(text)
    expect(records.at(-1)?.fields.map(cellOf)).toEqual(cells)
    expect(records.at(-1)?.line).toBe(line)
  },
)

test('records are whole wherever a block of the file ends', async () => {
  const text = Array.from({ length: 9000 }, (_, at) => `"${'中'.repeat(at % 50)}\n,",${at}\n`).join(
    '',
  )
  const records = await recordsOf(text)
  expect(joined(records)).toBe(text)
  expect(records.every(({ fields }, at) => fields.length === 2 && fields[1] === String(at))).toBe(
    true,
  )
  expect(records.at(-1)?.line).toBe(2 * 8999 + 1)
})
