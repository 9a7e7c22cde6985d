import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { wordsOf } from '../../../policies/refusal.ts'
import { filePath } from '../../../sandbox/domain/home.ts'
import { EngineFailure } from '../../../sandbox/run/engine.ts'
import type { Published } from '../../../sandbox/run/publisher-protocol.ts'
import { residentIdOf, usccOf } from '../../support/identifiers.ts'
import {
  csvOf,
  filesUnder,
  homeOfEachTest,
  refusalsOf,
  taxDataset,
  taxHeader,
  taxPolicy,
  valueOf,
} from '../../support/publishing.ts'

const home = homeOfEachTest()
let first: Published
const [january, february] = ['2026-01-01', '2026-02-01']
beforeEach(async () => {
  first = valueOf(
    await home().fromCsv(
      csvOf([1, 1, january, '350100,10,1,true,'], [2, 2, january, '110105,20,,false,old']),
    ),
  )
})

/** Units, months and amounts as they are published, in order. */
const shown = (value: Published) =>
  home().read(value, 'SELECT uscc, month, paid, late FROM published.main.tax ORDER BY month, paid')
const more = (mode: 'append' | 'upsert', csv: string, attempt = {}) =>
  home().fromCsv(csv, { to: { mode, raw: first.raw }, ...attempt })

describe('a file that is appended', () => {
  const csv = csvOf([1, 1, february, '350100,30,1,true,'], [3, null, february, '110105,40,1,,'])

  test('comes to the stored rows as a new version, and the version before stays as it was', async () => {
    const before = readFileSync(filePath(home().home, 'vault', first.raw.id))
    const second = valueOf(await more('append', csv))
    expect(second).toMatchObject({ rows: 4, delivery: { rows: 2 } })
    expect(second.raw.id).not.toBe(first.raw.id)
    const [one, two] = (await shown(first)).map(([unit]) => unit)
    expect(await shown(second)).toEqual([
      [one, january, '10.00', true],
      [two, january, '20.00', false],
      [one, february, '30.00', true],
      [3n, february, '40.00', null],
    ])
    expect(readFileSync(filePath(home().home, 'vault', first.raw.id)).equals(before)).toBe(true)
    expect(valueOf(await home().fromRaw(second.raw)).rows).toBe(4)
    expect(valueOf(await home().fromRaw(first.raw)).rows).toBe(2)
  })

  test('is refused where it brings what is there, with its lines and without a value', async () => {
    const again = csvOf([1, 1, february, '350100,30,1,true,'], [2, 2, january, '110105,21,,,new'])
    const refusals = refusalsOf(await more('append', again))
    expect(refusals).toEqual([
      { code: 'source/already-there', params: { columns: 'uscc, month', count: 1, lines: '3' } },
    ])
    expect(JSON.stringify(refusals.map((one) => wordsOf(one, 'zh')))).not.toContain(usccOf(2))
    expect(filesUnder(join(home().home, 'staging'))).toEqual([])
  })

  test('or has those rows set aside: the same again as repeated, others as in conflict', async () => {
    const dataset = taxDataset({ ingest: { badRowsMax: 3 } })
    const again = csvOf(
      [1, 1, february, '350100,30,1,true,'],
      [1, 1, january, '350100,10.00,1,true,'],
      [2, 2, january, '110105,21,,false,new'],
      [4, 4, 'never', '110105,21,,false,new'],
    )
    const second = valueOf(await more('append', again, { dataset }))
    expect(second).toMatchObject({
      rows: 3,
      delivery: { rows: 4, wrongRows: 3 },
      quarantine: {
        rows: 3,
        reasons: [
          { reason: 'conflict', rows: 1 },
          { reason: 'repeats', rows: 1 },
          { reason: 'type', column: 'month', rows: 1 },
        ],
      },
    })
  })
})

describe('a file that is upserted', () => {
  test('takes the place of stored rows of its grain, empty cells of the grain alike', async () => {
    const dataset = taxDataset({ grain: ['uscc', 'legal_id'] })
    const base = csvOf([1, null, january, '350100,10,1,true,'], [2, 2, january, '110105,20,,,'])
    const stored = valueOf(await home().fromCsv(base, { dataset }))
    const csv = csvOf([1, null, february, '350100,50,1,true,'], [3, 3, january, '110105,60,,,'])
    const value = valueOf(
      await home().fromCsv(csv, { dataset, to: { mode: 'upsert', raw: stored.raw } }),
    )
    expect(value.rows).toBe(3)
    expect((await shown(value)).map((row) => row.slice(1))).toEqual([
      [january, '20.00', null],
      [january, '60.00', null],
      [february, '50.00', true],
    ])
  })

  test('is itself checked for repeated grains', async () => {
    const csv = csvOf([1, 1, january, '350100,1,1,true,'], [1, 1, january, '350100,2,1,true,'])
    expect(refusalsOf(await more('upsert', csv))).toMatchObject([{ code: 'source/grain-repeats' }])
  })

  test('and the whole is checked as the policy wants it: what contradicts a stored row is refused', async () => {
    const csv = csvOf([1, 1, february, '110105,1,1,true,'])
    expect(refusalsOf(await more('upsert', csv))).toEqual([
      { code: 'source/not-of-entity', params: { column: 'region', count: 1 } },
    ])
  })
})

describe('drift of the schema is refused with the difference', () => {
  const changed = taxDataset({
    columns: [
      ...taxDataset()
        .columns.filter(({ name }) => name !== 'late')
        .map((column) => (column.name === 'staff' ? { ...column, type: 'text' } : column)),
      { name: 'added', type: 'date', class: 'code', level: 1, nullable: true },
    ],
  })
  const policy = taxPolicy(
    {},
    { datasets: { tax: { contribution: { rowsMax: 9, groupsMax: 9 }, columns: {} } } },
  )

  test('between the catalogue and the stored rows', async () => {
    const header = taxHeader.replace('late', 'added')
    const csv = `${header}\n${usccOf(5)},${residentIdOf(5)},${january},350100,1,x,,\n`
    for (const outcome of [
      await home().fromRaw(first.raw, { dataset: changed, policy }),
      await more('append', csv, { dataset: changed, policy }),
      await more('upsert', csv, { dataset: changed, policy }),
    ])
      expect(refusalsOf(outcome)).toEqual([
        {
          code: 'source/raw-differs',
          params: { dataset: 'tax', difference: 'staff: BIGINT → VARCHAR, +added, -late' },
        },
      ])
    valueOf(await home().fromCsv(csv, { dataset: changed, policy }))
  })

  test('but columns in another order are the same columns', async () => {
    const dataset = taxDataset({ columns: taxDataset().columns.toReversed() })
    const second = valueOf(
      await more('append', csvOf([9, 9, february, '350100,90,1,,']), { dataset }),
    )
    expect((await shown(second)).map((row) => row[2])).toEqual(['10.00', '20.00', '90.00'])
  })
})

test('stored rows that were exchanged come to nothing', async () => {
  const other = valueOf(await home().fromCsv(csvOf([7, 7, january, '350100,1,1,,'])))
  copyFileSync(
    filePath(home().home, 'vault', other.raw.id),
    filePath(home().home, 'vault', first.raw.id),
  )
  await expect(more('append', csvOf([8, 8, january, '350100,1,1,,']))).rejects.toThrow(
    EngineFailure,
  )
})
