import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Dataset } from '../../../policies/dataset.ts'
import type { Policy } from '../../../policies/policy.ts'
import { publishSample, type SampleRow } from '../../../sandbox/domain/sample.ts'
import { openEngine, type Engine } from '../../../sandbox/run/engine.ts'
import { residentIdOf, usccOf } from '../../support/identifiers.ts'
import { taxDataset, taxHeader, taxPolicy, testHome, valueOf } from '../../support/publishing.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1, memoryMb: 256 })
})
afterAll(() => engine.close())

const sample = async (
  rows: readonly SampleRow[],
  documents: { dataset?: Dataset; policy?: Policy } = {},
) => publishSample(engine, { dataset: taxDataset(), policy: taxPolicy(), ...documents }, rows)
const codesOf = async (...args: Parameters<typeof sample>): Promise<readonly string[]> => {
  const outcome = await sample(...args)
  return outcome.ok ? [] : outcome.refusals.map(({ code }) => code)
}

test('a sample looks as the publisher would publish it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-sample-'))
  try {
    const cells = [
      [usccOf(1), residentIdOf(1), '2026-01-01', '350100', '12.50', '3', 'true', 'x'],
      [usccOf(2), residentIdOf(1), '2026-01-01', '110105', '999.99', '', 'false', ''],
      [usccOf(1), '', '2026-02-01', '350200', '', '4', '', 'a'],
    ]
    const home = testHome(join(folder, 'home'))
    const published = valueOf(
      await home.fromCsv(`${taxHeader}\n${cells.map((row) => `${row.join(',')}\n`).join('')}`),
    )
    const real = await home.read(
      published,
      'SELECT month::VARCHAR, region, paid::VARCHAR, late::VARCHAR FROM published.main.tax ORDER BY month, region DESC',
    )
    const names = taxHeader.split(',')
    const rows = cells.map((row) =>
      Object.fromEntries(row.map((cell, at) => [names[at] ?? '', cell === '' ? null : cell])),
    )
    const outcome = await sample(rows)
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
    const { columns, rows: shown } = outcome.value
    expect(columns.map(({ name }) => name)).toEqual([
      'uscc',
      'legal_id',
      'month',
      'region',
      'paid',
      'late',
    ])
    expect(shown.map((row) => row.slice(2))).toEqual(real)
    expect(shown.map((row) => row.slice(0, 2))).toEqual([
      ['1', '1'],
      ['2', '1'],
      ['1', null],
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what a row leaves out is not looked at, and such rows are entities of their own', async () => {
  const outcome = await sample([{ paid: '14.99' }, { paid: '15' }, { region: '11' }])
  expect(outcome).toMatchObject({
    value: {
      rows: [
        ['1', null, null, null, '10.00', null],
        ['2', null, null, null, '20.00', null],
        ['3', null, null, '11', null, null],
      ],
    },
  })
})

test.for<[string, readonly SampleRow[], string]>([
  ['a text that is no number', [{ paid: '12' }, { paid: '1x' }], 'source/cell-type'],
  ['a wrong check digit', [{ uscc: usccOf(1).slice(0, 17).concat('?') }], 'source/cell-standard'],
  ['a region outside the list', [{ region: '990000' }], 'source/outside-domain'],
  [
    'an enterprise in two regions',
    [
      { uscc: usccOf(1), region: '11' },
      { uscc: usccOf(1), region: '35' },
    ],
    'source/not-of-entity',
  ],
])('%s is refused as at the publisher', async ([, rows, code]) => {
  expect(await codesOf(rows)).toEqual([code])
})

test('a policy that lists what is never published makes no sample', async () => {
  const policy = taxPolicy({ remark: { use: 'dimension' } })
  expect(await codesOf([{ paid: '1' }], { policy })).toEqual(['source/column-not-usable'])
})

test('the grain of a public table is looked at where the rows name it', async () => {
  const region = taxDataset({
    dataset: 'tax',
    entities: [],
    grain: ['region'],
    columns: [
      { name: 'region', type: 'text', class: 'code', level: 1, nullable: false },
      { name: 'late', type: 'boolean', class: 'code', level: 1, nullable: false },
    ],
  })
  const policy = taxPolicy(
    {},
    {
      kinds: {},
      datasets: {
        tax: {
          contribution: { rowsMax: 1, groupsMax: 1 },
          columns: {
            region: { use: 'dimension', desensitize: [{ method: 'prefix', length: 2 }] },
            late: { use: 'dimension' },
          },
        },
      },
    },
  )
  const documents = { dataset: region, policy }
  expect(await codesOf([{ region: '1101' }, { region: '1102' }], documents)).toEqual([
    'source/grain-repeats',
  ])
  expect(await codesOf([{ late: 'true' }, { late: 'true' }], documents)).toEqual([])
})

test('nothing of a sample is left in the engine', async () => {
  await sample([{ paid: '14.99' }])
  const left = await engine.query(`SELECT table_name FROM duckdb_tables() WHERE NOT temporary`)
  expect(left.rows).toEqual([])
})
