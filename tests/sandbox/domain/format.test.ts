import { DuckDBInstance } from '@duckdb/node-api'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../../policies/dataset.ts'
import { wordsOf } from '../../../policies/refusal.ts'
import { publish } from '../../../sandbox/domain/publish.ts'
import { readQuarantine } from '../../../sandbox/domain/quarantine.ts'
import { filePath } from '../../../sandbox/domain/home.ts'
import { testFolder } from '../../support/folder.ts'
import { residentIdOf, usccOf } from '../../support/identifiers.ts'
import {
  filesUnder,
  homeOfEachTest,
  refusalsOf,
  taxDataset,
  taxHeader,
  valueOf,
  type TestHome,
} from '../../support/publishing.ts'
import { testWorld } from '../../support/world.ts'

const folder = testFolder()
let count = 0
const home = homeOfEachTest()

type Ingest = Partial<Dataset['ingest']>
const dataset = (ingest: Ingest): Dataset => taxDataset({ ingest: { badRowsMax: 0.5, ...ingest } })

/** The same rows in every form: the third and the fifth are bad, the fourth has empty cells. */
const rows = [
  [usccOf(1), residentIdOf(1), '2026-01-01', '350100', '12.50', '3', 'true', '税，"一"\n二'],
  [usccOf(2), residentIdOf(1), '2026-01-01', '110105', '999.995', null, 'false', '䶮€'],
  [usccOf(3), null, '2026-01-01', '350100', '1', 'many', 'true', 'PLANTED'],
  [usccOf(4), null, '2026-02-01', '350200', null, '4', null, null],
  ['91350100M000100Y44', null, '2026-02-01', '350200', '1', '4', null, 'PLANTED'],
] as const

const csv = `${taxHeader}\n${rows
  .map((row) => row.map((cell) => (cell === null ? '' : `"${cell.replaceAll('"', '""')}"`)).join())
  .join('\n')}\n`

const names = taxHeader.split(',')
const bare = new Set(['paid', 'staff', 'late'])
const json = `${rows
  .map((row) => {
    const members = row.map((cell, at) => {
      const name = names[at] ?? ''
      const isBare = cell !== null && cell !== 'many' && bare.has(name)
      return `${JSON.stringify(name)}:${isBare ? cell : JSON.stringify(cell)}`
    })
    return `{${members.join()}}`
  })
  .join('\n')}\n`

/** Each character of two bytes in GB18030, by the decoder's own table turned round. */
const pairs = new Map<string, readonly number[]>()
const decoder = new TextDecoder('gb18030', { fatal: true })
for (let lead = 0x81; lead <= 0xfe; lead += 1)
  for (let trail = 0x40; trail <= 0xfe; trail += 1) {
    if (trail === 0x7f) continue
    try {
      pairs.set(decoder.decode(Uint8Array.from([lead, trail])), [lead, trail])
    } catch {
      // no character stands there
    }
  }
const gb18030 = (text: string): Buffer =>
  Buffer.from(
    Array.from(text).flatMap((sign) =>
      sign < '\x80' ? [sign.charCodeAt(0)] : (pairs.get(sign) ?? [0xff]),
    ),
  )

/** A Parquet file of a query. */
const parquet = async (sql: string, options = ''): Promise<Buffer> => {
  const path = join(folder, `made-${(count += 1)}.parquet`)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet ${options})`)
  connection.closeSync()
  instance.closeSync()
  return readFileSync(path)
}
const texts = `(VALUES ${rows
  .map(
    (row) =>
      `(${row.map((cell) => (cell === null ? 'NULL' : `'${cell.replaceAll("'", "''")}'`)).join()})`,
  )
  .join()}) t(${taxHeader})`

/** A workbook that another program wrote of these rows. */
const workbook = (by: string) => (): Buffer => readFileSync(`tests/cases/xlsx/${by}.xlsx`)

/** With the lines of the bad rows: in CSV the text of the first row goes over two, and there may be a header. */
const forms: readonly (readonly [string, Ingest, () => Buffer | Promise<Buffer>, number[]])[] = [
  ['CSV', {}, () => Buffer.from(csv), [5, 7]],
  ['CSV packed by gzip', {}, () => gzipSync(csv), [5, 7]],
  ['CSV in GB18030', { encoding: 'gb18030' }, () => gb18030(csv), [5, 7]],
  ['CSV in GB18030 packed by gzip', { encoding: 'gb18030' }, () => gzipSync(gb18030(csv)), [5, 7]],
  ['JSON lines', { format: 'json-lines' }, () => Buffer.from(json), [3, 5]],
  ['JSON lines packed by gzip', { format: 'json-lines' }, () => gzipSync(json), [3, 5]],
  ['Excel as openpyxl writes it', { format: 'xlsx' }, workbook('openpyxl'), [4, 6]],
  [
    'Excel as XlsxWriter writes it',
    { format: 'xlsx', sheet: '税' },
    workbook('xlsxwriter'),
    [4, 6],
  ],
]

const shown = (value: Parameters<TestHome['read']>[0]) =>
  home().read(value, 'SELECT month, region, paid, late FROM published.main.tax ORDER BY ALL')

describe('a file is published the same', () => {
  test.each(forms)(
    'as %s, its bad rows set aside with their lines, and nothing of it in the clear',
    async (_, ingest, make, lines) => {
      const value = valueOf(await home().fromCsv(await make(), { dataset: dataset(ingest) }))
      expect(value.rows).toBe(3)
      expect(await shown(value)).toEqual([
        ['2026-01-01', '11', '1000.00', false],
        ['2026-01-01', '35', '10.00', true],
        ['2026-02-01', '35', null, null],
      ])
      expect(value.delivery?.columns.find(({ column }) => column === 'paid')).toMatchObject({
        empty: 1,
        rounded: 1,
      })
      const { id, sha256 } = value.quarantine!.file
      const file = { path: filePath(home().home, 'quarantine', id), sha256 }
      const { rows: bad } = await readQuarantine(
        { ...file, key: home().keyOf(`quarantine ${id}`) },
        { from: 0, limit: 9 },
      )
      expect(bad.map(({ faults }) => faults)).toEqual([
        [{ reason: 'type', column: 'staff' }],
        [{ reason: 'standard', column: 'uscc' }],
      ])
      expect(bad.map(({ line }) => line)).toEqual(lines)
      expect(bad[0]!.cells.at(-1)).toEqual({ column: 'remark', text: 'PLANTED' })
      for (const { path, bytes } of filesUnder(home().home))
        for (const needle of ['PLANTED', usccOf(1), residentIdOf(1)])
          expect(bytes.includes(needle), `${needle} in ${path}`).toBe(false)
      expect(readdirSync(join(home().home, 'staging'))).toEqual([])
    },
  )

  test('as Parquet with types of its own', async () => {
    const sql = `SELECT uscc, legal_id, month::DATE AS month, region, paid::DECIMAL(9,3) AS paid, TRY_CAST(staff AS SMALLINT) AS staff, late::BOOLEAN AS late, remark FROM ${texts}`
    const value = valueOf(
      await home().fromCsv(await parquet(sql), { dataset: dataset({ format: 'parquet' }) }),
    )
    expect(value).toMatchObject({
      rows: 4,
      quarantine: { rows: 1, reasons: [{ reason: 'standard', column: 'uscc', rows: 1 }] },
    })
    expect((await shown(value)).slice(0, 2)).toEqual([
      ['2026-01-01', '11', '1000.00', false],
      ['2026-01-01', '35', '0.00', true],
    ])
    const columns = Object.fromEntries(
      value.delivery!.columns.map(({ column, empty, rounded }) => [column, [empty, rounded]]),
    )
    expect(columns).toMatchObject({ paid: [1, 1], staff: [2, 0], remark: [1, 0] })
  })
})

test('while a file is unpacked, what it holds has no name', async () => {
  const job = home().csvJob(gzipSync(csv), { dataset: dataset({}) })
  const seen: string[] = []
  await publish(job, testWorld(), () => {
    for (const { path, bytes } of filesUnder(join(home().home, 'staging')))
      if (bytes.includes('PLANTED')) seen.push(path)
  })
  expect(seen).toEqual([])
})

describe('a file is refused', () => {
  const refusal = async (content: Buffer | Promise<Buffer>, ingest: Ingest) =>
    refusalsOf(await home().fromCsv(await content, { dataset: dataset(ingest) }))

  test.each<[string, () => Buffer, Ingest, object]>([
    ['gzip cut short', () => gzipSync(csv).subarray(0, -9), {}, { code: 'source/not-gzip' }],
    [
      'gzip with something after it',
      () => Buffer.concat([gzipSync(csv), Buffer.from('x')]),
      {},
      { code: 'source/not-gzip' },
    ],
    [
      'gzip of zeros',
      () => gzipSync(Buffer.alloc(70 << 20)),
      {},
      { code: 'source/unpacks-too-far', params: { max: 64 << 20 } },
    ],
    ['UTF-8 as GB18030', () => Buffer.from(csv), { encoding: 'gb18030' }, {}],
    ['GB18030 as UTF-8', () => gb18030(csv), {}, { code: 'source/not-utf8', params: { line: 2 } }],
    ['JSON as CSV', () => Buffer.from(json), {}, { code: 'source/columns-missing' }],
    ['CSV as JSON', () => Buffer.from(csv), { format: 'json-lines' }, { code: 'source/json-line' }],
    ['nothing as JSON', () => Buffer.from(''), { format: 'json-lines' }, { code: 'source/empty' }],
    [
      'CSV as Parquet',
      () => Buffer.from(csv),
      { format: 'parquet' },
      { code: 'source/not-parquet' },
    ],
    ['CSV as Excel', () => Buffer.from(csv), { format: 'xlsx' }, { code: 'source/not-xlsx' }],
    ['Excel as CSV', workbook('openpyxl'), {}, { code: 'source/not-utf8' }],
    [
      'Parquet in marks alone',
      () => Buffer.from('PAR1PAR1'),
      { format: 'parquet' },
      { code: 'source/not-parquet' },
    ],
    [
      'Parquet with a torn footer',
      () => Buffer.from('PAR1 torn PLANTED \x09\x00\x00\x00PAR1'),
      { format: 'parquet' },
      { code: 'source/not-parquet' },
    ],
  ])('%s', async (_, make, ingest, expected) => {
    const refusals = await refusal(make(), ingest)
    expect(refusals[0]).toMatchObject(expected)
    for (const one of refusals)
      for (const language of ['en', 'zh'] as const)
        expect(JSON.stringify([one, wordsOf(one, language)])).not.toMatch(/PLANTED|9135/)
    expect(filesUnder(home().home)).toEqual([])
  })

  test('of Parquet: columns that are not the dataset’s, types that are not read, an empty table, NUL', async () => {
    const ingest = { format: 'parquet' } as const
    const sql = `SELECT uscc, legal_id, month::TIMESTAMP AS month, {'PLANTED': 1} AS region, [1.5] AS paid, 1.5::DOUBLE AS staff, late, encode(remark) AS remark FROM ${texts}`
    expect(
      (await refusal(parquet(sql), ingest)).map(({ code, params }) => [
        code,
        params['column'],
        params['found'],
      ]),
    ).toEqual(
      [
        ['month', 'TIMESTAMP'],
        ['region', 'STRUCT'],
        ['paid', 'LIST'],
        ['staff', 'DOUBLE'],
        ['late', 'VARCHAR'],
        ['remark', 'BLOB'],
      ].map((found) => ['source/parquet-type', ...found]),
    )
    const typed = `SELECT uscc, legal_id, month::DATE AS month, region, paid::DOUBLE AS paid, 1 AS staff, late::BOOLEAN AS late, remark FROM ${texts}`
    const renamed = `SELECT * EXCLUDE (late), 1 AS "PLANTED" FROM (${typed})`
    expect(await refusal(parquet(renamed), ingest)).toEqual([
      { code: 'source/columns-missing', params: { list: 'late', count: 1 } },
      { code: 'source/columns-unknown', params: { list: '8', count: 1 } },
    ])
    expect(await refusal(parquet(`${typed} LIMIT 0`), ingest)).toEqual([
      { code: 'source/empty', params: {} },
    ])
    const nul = typed.replace(
      'region',
      "CASE WHEN staff = 'many' THEN 'a' || chr(0) ELSE region END AS region",
    )
    expect(await refusal(parquet(nul), ingest)).toEqual([
      { code: 'source/nul', params: { line: 3 } },
    ])
  })

  test('of Parquet that says it unpacks to more than is taken', async () => {
    const sql = `SELECT '${usccOf(1)}' AS uscc, NULL::VARCHAR AS legal_id, DATE '2026-01-01' + i::INTEGER AS month, '35' AS region, 1 AS paid, 1 AS staff, true AS late, repeat('x', 1000) || i AS remark FROM range(3000) t(i)`
    const content = await parquet(sql, ', COMPRESSION zstd')
    const job = home().csvJob(content, { dataset: dataset({ format: 'parquet' }) })
    if (job.source.from !== 'file') throw new Error('no file')
    const source = { ...job.source, bytesMax: 1 << 20 }
    expect(content.length).toBeLessThan(source.bytesMax)
    expect(refusalsOf(await publish({ ...job, source }, testWorld()))).toEqual([
      { code: 'source/unpacks-too-far', params: { max: 1 << 20 } },
    ])
  })

  test('that was changed after it was unpacked', async () => {
    const job = home().csvJob(gzipSync(csv), { dataset: dataset({}) })
    if (job.source.from !== 'file') throw new Error('no file')
    const path = join(job.source.inbox, job.source.file)
    const outcome = await publish(job, testWorld(), (phase) => {
      if (phase === 'verify') writeFileSync(path, 'x')
    })
    expect(refusalsOf(outcome)).toEqual([{ code: 'source/changed', params: {} }])
  })

  test('that is another than a pull found, or is reached through a link', async () => {
    const job = home().csvJob(csv, { dataset: dataset({}) })
    if (job.source.from !== 'file') throw new Error('no file')
    const other = { ...job.source, sha256: 'ab'.repeat(32) }
    expect(refusalsOf(await publish({ ...job, source: other }, testWorld()))).toEqual([
      { code: 'source/changed', params: {} },
    ])
    mkdirSync(join(job.source.inbox, 'real'))
    copyFileSync(join(job.source.inbox, job.source.file), join(job.source.inbox, 'real', 'a.csv'))
    symlinkSync(join(job.source.inbox, 'real'), join(job.source.inbox, 'linked'))
    const within = (step: string) => ({ ...job.source, folder: [step], file: 'a.csv' })
    expect(refusalsOf(await publish({ ...job, source: within('linked') }, testWorld()))).toEqual([
      { code: 'source/no-folder', params: {} },
    ])
    expect((await publish({ ...job, source: within('real') }, testWorld())).ok).toBe(true)
  })
})
