import { DuckDBInstance } from '@duckdb/node-api'
import * as fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkCsv, linesOfRows, openCsv } from '../../connectors/csv.ts'
import { loadRows, rawTable } from '../../sandbox/domain/load.ts'
import { csvReader } from '../../sandbox/domain/open-source.ts'
import { engineOf, type Engine, type Row } from '../../sandbox/run/engine.ts'
import { datasetOf } from '../support/dataset.ts'
import { testFolder } from '../support/folder.ts'

const folder = testFolder()
const dataset = datasetOf({ a: 'text?', b: 'text?' })
let engine: Engine
beforeAll(async () => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  engine = engineOf(instance, await instance.connect())
  await engine.query("ATTACH ':memory:' AS raw")
})
afterAll(() => engine.close())

type Read = { readonly rows: readonly Row[]; readonly lines: readonly number[] }

/** What the scan and the engine together make of a file: its rows and the lines they begin in, or that it is refused. */
const read = async (content: string): Promise<Read | 'refused'> => {
  writeFileSync(join(folder, 'in.csv'), content)
  const opened = await openCsv(folder, 'in.csv', 1 << 20)
  if (!opened.ok) return 'refused'
  const file = opened.value
  try {
    const csv = await checkCsv(file, dataset)
    if (!csv.ok) return 'refused'
    const reader = csvReader({ file, csv: csv.value, dataset })
    const { isRead } = await loadRows(engine, { dataset, rows: csv.value.rows, reader })
    expect(isRead).toBe(true)
    const { rows } = await engine.query(`SELECT a, b FROM ${rawTable} ORDER BY rowid`)
    await engine.query(`DROP TABLE ${rawTable}`)
    const numbers = rows.map((_, position) => position + 1)
    const lines = await linesOfRows(file, numbers, ',')
    return { rows, lines: numbers.map((number) => lines.get(number) ?? 0) }
  } finally {
    await file.close()
  }
}

/** A second reader of RFC 4180, plain and slow, that only ever sees files in sound form. */
const readPlainly = (content: string): Read => {
  const rows: (string | null)[][] = [[]]
  const lines = [1]
  let [line, cell, quoted] = [1, '', false]
  const endCell = (): void => {
    rows.at(-1)?.push(cell === '' ? null : cell)
    cell = ''
  }
  const text = content.replace(/^\uFEFF/, '')
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at)
    if (sign === '\n') line += 1
    if (quoted && sign === '"' && text.charAt(at + 1) === '"') {
      cell += '"'
      at += 1
    } else if (sign === '"') quoted = !quoted
    else if (quoted) cell += sign
    else if (sign === ',') endCell()
    else if (sign === '\n') {
      endCell()
      rows.push([])
      lines.push(line)
    } else if (sign !== '\r') cell += sign
  }
  if (rows.at(-1)?.length === 0 && cell === '')
    return { rows: rows.slice(1, -1), lines: lines.slice(1, -1) }
  endCell()
  return { rows: rows.slice(1), lines: lines.slice(1) }
}

const cell = fc.oneof(
  fc.constantFrom(
    '',
    'x',
    ' ',
    '"',
    '""',
    ',',
    '\n',
    '\r',
    '\r\n',
    'a,b',
    '=1+1',
    '税',
    '#',
    '\\',
    'NULL',
    '\t',
  ),
  fc.string({
    unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '税', '\\', "'"),
    maxLength: 6,
  }),
)

test('every table of text, written by RFC 4180, is read back as it was', async () => {
  const written = (value: string, force: boolean): string =>
    force || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell, fc.boolean()), { minLength: 1, maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      async (table, end, last) => {
        const rows = table.map(([a, b, force]) => `${written(a, force)},${written(b, force)}`)
        const content = `a,b${end}${rows.join(end)}${last ? end : ''}`
        const found = await read(content)
        expect(found).toMatchObject({ rows: table.map(([a, b]) => [a || null, b || null]) })
        expect(found).toEqual(readPlainly(content))
      },
    ),
    { numRuns: 100, seed: 1 },
  )
})

test('whatever is accepted of random text has one reading', async () => {
  let accepted = 0
  await fc.assert(
    fc.asyncProperty(
      fc.string({
        unit: fc.constantFrom(',', ',', ',', '\n', '\n', 'a', '"a"', '"\n"', '""', '"', '\r', '税'),
        minLength: 1,
        maxLength: 9,
      }),
      async (text) => {
        const content = `a,b\n${text}`
        const found = await read(content)
        if (found === 'refused') return
        accepted += 1
        expect(found).toEqual(readPlainly(content))
      },
    ),
    { numRuns: 800, seed: 2 },
  )
  expect(accepted).toBeGreaterThan(50)
})
