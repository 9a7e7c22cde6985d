import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { datasetSchema, type Dataset } from '../../../policies/dataset.ts'
import { EngineFailure } from '../../../sandbox/run/engine.ts'
import type { Published } from '../../../sandbox/run/publisher-protocol.ts'
import { testFolder } from '../../support/folder.ts'
import { usccOf } from '../../support/identifiers.ts'
import {
  badRows,
  csvOf,
  refusalsOf,
  taxDataset,
  taxPolicy,
  testHome,
  valueOf,
  type TestHome,
} from '../../support/publishing.ts'

const folder = testFolder()
const title = { zh: '登记', en: 'registry' }
/** Where each enterprise is: what answers for the region in the tax bureau's file. */
const registry = datasetSchema.parse({
  dataset: 'registry',
  title,
  department: title,
  entities: [{ kind: 'enterprise', column: 'code' }],
  grain: ['code'],
  columns: [
    { name: 'code', type: 'text', class: 'identifier', level: 3, standard: 'uscc' },
    { name: 'place', type: 'text', class: 'code', level: 2, nullable: true },
  ],
})
const registryPolicy = taxPolicy(
  {},
  {
    datasets: {
      registry: {
        contribution: { rowsMax: 1, groupsMax: 1 },
        columns: { place: { use: 'dimension' } },
      },
    },
  },
)

const taxed = (otherwise: 'set-aside' | 'replaced', badRowsMax = 0.9): Dataset =>
  taxDataset({
    ingest: { badRowsMax },
    columns: taxDataset().columns.map((column) =>
      column.name === 'region'
        ? { ...column, authority: { dataset: 'registry', column: 'place', otherwise } }
        : column,
    ),
  })

let home: TestHome
let known: Published
beforeAll(async () => {
  home = testHome(join(folder, 'home'))
  const rows = [`${usccOf(1)},350100`, `${usccOf(2)},110105`, `${usccOf(3)},`]
  const file = `code,place\n${rows.join('\n')}\n`
  known = valueOf(await home.fromCsv(file, { dataset: registry, policy: registryPolicy }))
})

const month = '2026-01-01'
/** Enterprise 2 says otherwise in a row of its two; of 3 nothing is known, and 4 is unknown. */
const file = csvOf(
  [1, 1, month, '350100,1,1,true,'],
  [2, 2, month, '110105,1,1,true,'],
  [2, 2, '2026-02-01', '350200,1,1,true,'],
  [3, 3, month, '350200,1,1,true,'],
  [4, 4, month, '350200,1,1,true,'],
)
const publish = async (dataset: Dataset, raw = known.raw) =>
  home.fromCsv(file, { dataset, authorities: [{ dataset: 'registry', unit: 'code', raw }] })

test('a row that says otherwise is set aside, and what is not known contradicts nobody', async () => {
  const value = valueOf(await publish(taxed('set-aside')))
  expect(value).toMatchObject({
    rows: 4,
    quarantine: { rows: 1, reasons: [{ reason: 'contradicts', column: 'region', rows: 1 }] },
    delivery: { wrongRows: 1 },
  })
})

test('where nothing may be set aside the file is refused, with lines and without a value', async () => {
  const refusals = refusalsOf(await publish(taxed('set-aside', 0)))
  expect(refusals).toEqual([
    {
      code: 'source/cell-contradicts',
      params: { column: 'region', dataset: 'registry', count: 1, lines: '4' },
    },
  ])
})

test('or the value of the dataset that answers takes its place, and what stood there is kept beside the version', async () => {
  for (const badRowsMax of [0.9, 0]) {
    const dataset = taxed('replaced', badRowsMax)
    const value = valueOf(await publish(dataset))
    expect(value.rows).toBe(5)
    expect(value.quarantine).toMatchObject({
      rows: 0,
      reasons: [{ reason: 'replaced', column: 'region', rows: 1 }],
    })
    expect(await badRows(home, value)).toMatchObject([
      { line: 4, faults: [{ reason: 'replaced', column: 'region' }] },
    ])
    expect(await cellsOf(value, 'region')).toEqual(['350200'])
    const { columns, wrongRows } = value.delivery!
    expect(wrongRows).toBe(1)
    expect(columns.find(({ column }) => column === 'region')).toMatchObject({ replaced: 1 })
    expect(columns.filter(({ replaced }) => replaced !== undefined)).toHaveLength(1)
    const regions = await home.read(
      value,
      'SELECT region, count(*) FROM published.main.tax GROUP BY 1 ORDER BY 1',
    )
    expect(regions).toEqual([
      ['11', 2n],
      ['35', 3n],
    ])
    // A policy may be published later from the rows that are stored.
    expect(valueOf(await home.fromRaw(value.raw, { dataset })).rows).toBe(5)
  }
})

const cellsOf = async (value: Published, name: string): Promise<(string | null | undefined)[]> =>
  (await badRows(home, value)).map(({ cells }) => cells.find(({ column }) => column === name)?.text)

test('rows that are left out and rows that were corrected stand together, each for what it is', async () => {
  const file = csvOf(
    [1, 1, month, '350100,1,1,true,'],
    [2, 2, month, '350200,many,1,true,'],
    [2, 2, '2026-02-01', '350200,1,1,true,'],
    [2, 2, '2026-03-01', ',1,1,true,'],
  )
  const dataset = taxed('replaced')
  const columns = dataset.columns.map((column) =>
    column.name === 'region' ? { ...column, nullable: true } : column,
  )
  const authorities = [{ dataset: 'registry', unit: 'code', raw: known.raw }]
  const value = valueOf(await home.fromCsv(file, { dataset: { ...dataset, columns }, authorities }))
  expect(value).toMatchObject({
    rows: 3,
    quarantine: {
      rows: 1,
      reasons: [
        { reason: 'replaced', column: 'region', rows: 1 },
        { reason: 'type', column: 'paid', rows: 1 },
      ],
    },
    delivery: { wrongRows: 2 },
  })
  // What was in a row that is left out was not replaced, and an empty cell contradicts nobody.
  expect(value.delivery?.columns.find(({ column }) => column === 'region')).toMatchObject({
    replaced: 1,
    filled: 1,
  })
  expect(await badRows(home, value)).toMatchObject([
    { line: 3, faults: [{ reason: 'type', column: 'paid' }] },
    { line: 4, faults: [{ reason: 'replaced', column: 'region' }] },
  ])
  const regions = await home.read(
    value,
    'SELECT region, count(*) FROM published.main.tax GROUP BY 1 ORDER BY 1',
  )
  expect(regions).toEqual([
    ['11', 2n],
    ['35', 1n],
  ])
})

test('a file of which nothing is left out or replaced has no file beside it', async () => {
  const file = csvOf([1, 1, month, '350100,1,1,true,'])
  const authorities = [{ dataset: 'registry', unit: 'code', raw: known.raw }]
  const value = valueOf(await home.fromCsv(file, { dataset: taxed('replaced'), authorities }))
  expect(value.quarantine).toBeUndefined()
})

test('what is no value of its standard is right once the dataset that answers took its place, whatever may be left out', async () => {
  const file = csvOf([2, 2, month, '999999,1,1,true,'])
  const authorities = [{ dataset: 'registry', unit: 'code', raw: known.raw }]
  for (const badRowsMax of [0.9, 0]) {
    const dataset = taxed('replaced', badRowsMax)
    const columns = dataset.columns.map((column) =>
      column.name === 'region' ? { ...column, codes: ['350100', '110105'] } : column,
    )
    const attempt = { dataset: { ...dataset, columns }, authorities }
    expect(valueOf(await home.fromCsv(file, attempt)).quarantine).toMatchObject({ rows: 0 })
  }
})

test('a stored version without the column that answers is refused, and a changed one is not read', async () => {
  const renamed = taxed('set-aside')
  const columns = renamed.columns.map((column) =>
    column.authority ? { ...column, authority: { ...column.authority, column: 'area' } } : column,
  )
  expect(refusalsOf(await publish({ ...renamed, columns }))).toMatchObject([
    { code: 'source/authority-unfit', params: { column: 'region', dataset: 'registry' } },
  ])
  await expect(
    publish(taxed('set-aside'), { ...known.raw, sha256: '0'.repeat(64) }),
  ).rejects.toThrow(EngineFailure)
})
