import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { datasetSchema, type Dataset } from '../../../policies/dataset.ts'
import { EngineFailure } from '../../../sandbox/run/engine.ts'
import type { Published } from '../../../sandbox/run/publisher-protocol.ts'
import { testFolder } from '../../support/folder.ts'
import { usccOf } from '../../support/identifiers.ts'
import {
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

test('or the value of the dataset that answers takes its place, and is counted', async () => {
  for (const badRowsMax of [0.9, 0]) {
    const value = valueOf(await publish(taxed('replaced', badRowsMax)))
    expect(value.rows).toBe(5)
    expect(value.quarantine).toBeUndefined()
    const columns = value.delivery!.columns
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
    expect(valueOf(await home.fromRaw(value.raw, { dataset: taxed('replaced') })).rows).toBe(5)
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
