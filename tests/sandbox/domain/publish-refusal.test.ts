import { appendFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { wordsOf, type Refusal } from '../../../policies/refusal.ts'
import { EngineFailure } from '../../../sandbox/run/engine.ts'
import { publish } from '../../../sandbox/domain/publish.ts'
import { residentIdOf, usccOf } from '../../support/identifiers.ts'
import {
  csvOf,
  filesUnder,
  homeOfEachTest,
  refusalsOf,
  taxDataset,
  taxHeader,
  taxPolicy,
  three,
  valueOf,
} from '../../support/publishing.ts'
import { testWorld } from '../../support/world.ts'

const home = homeOfEachTest()

describe('a file is refused, with its place and without its values', () => {
  const good = '350100,1,1,true,'
  const shared = { lines: '3', count: 1 }
  test.each<[string, readonly [number, number | null, string, string], Refusal]>([
    [
      'a text for an amount',
      [2, 1, '2026-01-01', '350100,SECRET,1,true,'],
      { code: 'source/cell-type', params: { column: 'paid', type: 'decimal(18,2)', ...shared } },
    ],
    [
      'a formula for an amount',
      [2, 1, '2026-01-01', '350100,=1+1,1,true,'],
      { code: 'source/cell-type', params: { column: 'paid', type: 'decimal(18,2)', ...shared } },
    ],
    [
      'a plus sign',
      [2, 1, '2026-01-01', '350100,+1,1,true,'],
      { code: 'source/cell-type', params: { column: 'paid', type: 'decimal(18,2)', ...shared } },
    ],
    [
      'a number that its type does not hold',
      [2, 1, '2026-01-01', `350100,${'9'.repeat(17)},1,true,`],
      { code: 'source/cell-type', params: { column: 'paid', type: 'decimal(18,2)', ...shared } },
    ],
    [
      'a number of a thousand digits',
      [2, 1, '2026-01-01', `350100,1,${'9'.repeat(1000)},true,`],
      { code: 'source/cell-type', params: { column: 'staff', type: 'integer', ...shared } },
    ],
    [
      'a fraction for a whole number',
      [2, 1, '2026-01-01', '350100,1,1.5,true,'],
      { code: 'source/cell-type', params: { column: 'staff', type: 'integer', ...shared } },
    ],
    [
      'a blank around a number',
      [2, 1, '2026-01-01', '350100,1, 1,true,'],
      { code: 'source/cell-type', params: { column: 'staff', type: 'integer', ...shared } },
    ],
    [
      'infinity',
      [2, 1, '2026-01-01', '350100,inf,1,true,'],
      { code: 'source/cell-type', params: { column: 'paid', type: 'decimal(18,2)', ...shared } },
    ],
    [
      'a day that there is not',
      [2, 1, '2026-02-30', good],
      { code: 'source/cell-type', params: { column: 'month', type: 'date', ...shared } },
    ],
    [
      'another form of date',
      [2, 1, '2026/01/01', good],
      { code: 'source/cell-type', params: { column: 'month', type: 'date', ...shared } },
    ],
    [
      'the word epoch for a date',
      [2, 1, 'epoch', good],
      { code: 'source/cell-type', params: { column: 'month', type: 'date', ...shared } },
    ],
    [
      'a year before the first',
      [2, 1, '0000-01-01', good],
      { code: 'source/cell-type', params: { column: 'month', type: 'date', ...shared } },
    ],
    [
      'a word for true',
      [2, 1, '2026-01-01', '350100,1,1,yes,'],
      { code: 'source/cell-type', params: { column: 'late', type: 'boolean', ...shared } },
    ],
    [
      'an empty cell where none may be',
      [2, 1, '2026-01-01', ',1,1,true,'],
      { code: 'source/cell-missing', params: { column: 'region', ...shared } },
    ],
    [
      'a repeated grain',
      [1, 1, '2026-01-01', good],
      { code: 'source/grain-repeats', params: { columns: 'uscc, month', ...shared } },
    ],
    [
      'a value outside its domain',
      [2, 1, '2026-01-01', '440100,1,1,true,'],
      { code: 'source/outside-domain', params: { column: 'region', count: 1 } },
    ],
    [
      'a date outside its domain',
      [2, 1, '2024-12-01', good],
      { code: 'source/outside-domain', params: { column: 'month', count: 1 } },
    ],
    [
      'a column of the entity that differs',
      [1, 1, '2026-02-01', '110105,1,1,true,'],
      { code: 'source/not-of-entity', params: { column: 'region', count: 1 } },
    ],
  ])('%s', async (_, row, refusal) => {
    const outcome = await home().fromCsv(csvOf([1, 1, '2026-01-01', good], row))
    expect(refusalsOf(outcome)).toEqual([refusal])
    expect(filesUnder(home().home)).toEqual([])
    expect(readdirSync(join(home().home, 'staging'))).toEqual([])
  })

  test('a wrong check character, and a row of nobody', async () => {
    const wrong = `${usccOf(1).slice(0, 17)}${usccOf(1).endsWith('0') ? '1' : '0'}`
    const rows = [
      `${usccOf(1)},,2026-01-01,${good}`,
      `${wrong},${residentIdOf(1).slice(0, 17)},2026-01-01,${good}`,
      `\u3000,,2026-01-01,${good}`,
    ]
    const csv = (...which: number[]): string =>
      `${taxHeader}\n${which.map((row) => rows[row]).join('\n')}\n`
    expect(refusalsOf(await home().fromCsv(csv(0, 1)))).toEqual([
      {
        code: 'source/cell-standard',
        params: { column: 'uscc', standard: 'uscc', count: 1, lines: '3' },
      },
      {
        code: 'source/cell-standard',
        params: { column: 'legal_id', standard: 'resident-id', count: 1, lines: '3' },
      },
    ])
    expect(refusalsOf(await home().fromCsv(csv(0, 2)))).toEqual([
      { code: 'source/unit-missing', params: { column: 'uscc', count: 1, lines: '3' } },
    ])
    const columns = taxDataset().columns.map((column) => ({ ...column, nullable: true }))
    expect(
      refusalsOf(await home().fromCsv(csv(0, 2), { dataset: taxDataset({ columns }) })),
    ).toMatchObject([{ code: 'source/unit-missing' }])
  })

  test('all its columns at once, the first five lines of each, counted where records span lines', async () => {
    const bad = Array.from(
      { length: 9 },
      (_, i) => [i, 1, 'SECRET', `350100,SECRET,1,true,"x\n\ny"`] as const,
    )
    const outcome = await home().fromCsv(csvOf(...bad))
    expect(refusalsOf(outcome)).toEqual([
      {
        code: 'source/cell-type',
        params: { column: 'month', type: 'date', count: 9, lines: '2, 5, 8, 11, 14' },
      },
      {
        code: 'source/cell-type',
        params: { column: 'paid', type: 'decimal(18,2)', count: 9, lines: '2, 5, 8, 11, 14' },
      },
    ])
    for (const refusal of refusalsOf(outcome))
      for (const language of ['zh', 'en'] as const)
        expect(JSON.stringify([refusal, wordsOf(refusal, language)])).not.toContain('SECRET')
  })

  test('lines are those of a file read by several threads', async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, i) => `${i},${i === 28_765 ? 'x' : '1'},${'y'.repeat(100)}`,
    )
    const dataset = taxDataset({
      dataset: 'codes',
      entities: [],
      grain: ['region'],
      columns: taxDataset().columns.filter(({ name }) =>
        ['region', 'staff', 'remark'].includes(name),
      ),
    })
    const policy = taxPolicy(
      {},
      { datasets: { codes: { contribution: { rowsMax: 1, groupsMax: 1 }, columns: {} } } },
    )
    const csv = (order: readonly string[]): string => `region,staff,remark\n${order.join('\n')}\n`
    expect(refusalsOf(await home().fromCsv(csv(rows), { dataset, policy }))).toMatchObject([
      { params: { lines: '28767', count: 1 } },
    ])
    rows[28_765] = rows[3]!
    expect(refusalsOf(await home().fromCsv(csv(rows), { dataset, policy }))).toMatchObject([
      { code: 'source/grain-repeats', params: { lines: '28767', count: 1 } },
    ])
  })

  test('when it changes while it is read', async () => {
    const job = home().csvJob(three)
    if (job.source.from !== 'file') throw new Error('no file')
    const path = join(job.source.inbox, job.source.file)
    const outcome = await publish(job, testWorld(), (phase) => {
      if (phase === 'load') appendFileSync(path, '')
      if (phase === 'load') writeFileSync(path, three.replace('12.50', '99.50'))
    })
    expect(refusalsOf(outcome)).toEqual([{ code: 'source/changed', params: {} }])
  })

  test('a public table whose rows become alike, since protected rows are joined to it', async () => {
    const dataset = taxDataset({
      dataset: 'codes',
      entities: [],
      grain: ['region'],
      columns: taxDataset().columns.filter(({ name }) => name === 'region'),
    })
    const columns = { region: { use: 'dimension', desensitize: [{ method: 'prefix', length: 2 }] } }
    const contribution = { rowsMax: 1, groupsMax: 1 }
    const policy = taxPolicy({}, { datasets: { codes: { contribution, columns } } })
    const outcome = await home().fromCsv('region\n350100\n350200\n110105\n', { dataset, policy })
    expect(refusalsOf(outcome)).toEqual([
      { code: 'source/grain-repeats', params: { columns: 'region', count: 1, lines: '-' } },
    ])
    valueOf(await home().fromCsv('region\n350100\n110105\n', { dataset, policy }))
  })

  test('when what was written does not read back', async () => {
    const job = home().csvJob(three)
    const spoil = (phase: string): void => {
      if (phase === 'seal')
        for (const { path } of filesUnder(join(home().home, 'staging')))
          writeFileSync(path, 'spoilt')
    }
    await expect(publish(job, testWorld(), spoil)).rejects.toThrow(EngineFailure)
    expect(filesUnder(home().home)).toEqual([])
  })

  test('when the policy lists an identifier, a free text or a column that there is not', async () => {
    for (const name of ['uscc', 'remark', 'nothing'])
      expect(
        refusalsOf(
          await home().fromCsv(three, { policy: taxPolicy({ [name]: { use: 'dimension' } }) }),
        ),
      ).toHaveLength(1)
  })
})
