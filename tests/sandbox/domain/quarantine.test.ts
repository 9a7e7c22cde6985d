import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { wordsOf } from '../../../policies/refusal.ts'
import { filePath } from '../../../sandbox/domain/home.ts'
import { readQuarantine } from '../../../sandbox/domain/quarantine.ts'
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
  valueOf,
} from '../../support/publishing.ts'

const home = homeOfEachTest()

const lenient = (badRowsMax: number) =>
  taxDataset({
    ingest: { badRowsMax },
    columns: taxDataset().columns.map((column) =>
      column.name === 'month' ? { ...column, past: true } : column,
    ),
  })
const month = '2026-01-01'
const good = '350100,1,1,true,'
const wrong = (code: string): string => `${code.slice(0, 17)}${code.endsWith('0') ? '1' : '0'}`

const read = (value: Published, from = 0, limit = 200) => {
  const { id, sha256 } = value.quarantine!.file
  const path = filePath(home().home, 'quarantine', id)
  return readQuarantine({ path, sha256, key: home().keyOf(`quarantine ${id}`) }, { from, limit })
}
const publishedUnits = async (value: Published) =>
  Number((await home().read(value, 'SELECT count(*) FROM published.main.tax'))[0]?.[0])

describe('bad rows of a file are left out and set aside', () => {
  const rows = [
    `${usccOf(1)},${residentIdOf(1)},${month},${good}`,
    `${usccOf(2)},,2026-13-01,350100,1 000,1,true,"a\n""b"""`,
    `${wrong(usccOf(3))},${wrong(residentIdOf(3))},${month},${good}`,
    `,,${month},${good}`,
    `${usccOf(4)},,2999-01-01,${good}`,
    `${usccOf(5)},,${month},${good}`,
    `${usccOf(5)},,${month},${good}`,
    `${usccOf(5)},,${month},${good}`,
    `${usccOf(6)},,${month},${good}`,
    `${usccOf(6)},${residentIdOf(6)},${month},${good}`,
    `${usccOf(7)},,${month},${good}`,
  ]
  const csv = `${taxHeader}\n${rows.join('\n')}\n`

  test('with every reason, column and line, as the file has them (S1-02)', async () => {
    const value = valueOf(await home().fromCsv(csv, { dataset: lenient(8) }))
    expect(value.rows).toBe(3)
    expect(await publishedUnits(value)).toBe(3)
    expect(value.quarantine).toMatchObject({
      rows: 8,
      reasons: [
        { reason: 'conflict', rows: 2 },
        { reason: 'repeats', rows: 2 },
        { reason: 'future', column: 'month', rows: 1 },
        { reason: 'missing', column: 'uscc', rows: 1 },
        { reason: 'standard', column: 'legal_id', rows: 1 },
        { reason: 'standard', column: 'uscc', rows: 1 },
        { reason: 'type', column: 'month', rows: 1 },
        { reason: 'type', column: 'paid', rows: 1 },
      ],
    })
    const { rows: bad, next } = await read(value)
    expect(next).toBeUndefined()
    expect(bad.map(({ line, faults }) => [line, ...faults])).toEqual([
      [3, { reason: 'type', column: 'month' }, { reason: 'type', column: 'paid' }],
      [5, { reason: 'standard', column: 'uscc' }, { reason: 'standard', column: 'legal_id' }],
      [6, { reason: 'missing', column: 'uscc' }],
      [7, { reason: 'future', column: 'month' }],
      [9, { reason: 'repeats' }],
      [10, { reason: 'repeats' }],
      [11, { reason: 'conflict' }],
      [12, { reason: 'conflict' }],
    ])
    expect(bad[0]!.cells).toEqual([
      { column: 'uscc', text: usccOf(2) },
      { column: 'legal_id', text: null },
      { column: 'month', text: '2026-13-01' },
      { column: 'region', text: '350100' },
      { column: 'paid', text: '1 000' },
      { column: 'staff', text: '1' },
      { column: 'late', text: 'true' },
      { column: 'remark', text: 'a\n"b"' },
    ])
  })

  test('and the raw version holds nothing of them: what is published of it again has the same rows', async () => {
    const value = valueOf(await home().fromCsv(csv, { dataset: lenient(0.8) }))
    const again = valueOf(await home().fromRaw(value.raw, { dataset: lenient(0.8) }))
    expect(again).toMatchObject({ rows: 3 })
    expect(again.quarantine).toBeUndefined()
  })

  test('up to a number or a share; of more, all is refused with what is wrong and without a value', async () => {
    for (const badRowsMax of [7, 0.7]) {
      const outcome = await home().fromCsv(csv, { dataset: lenient(badRowsMax) })
      const refusals = refusalsOf(outcome)
      expect(refusals[0]).toEqual({ code: 'source/bad-rows', params: { max: 7, rows: 11 } })
      expect(refusals.map(({ code, params }) => [code, params['column']])).toEqual([
        ['source/bad-rows', undefined],
        ['source/cell-standard', 'uscc'],
        ['source/cell-standard', 'legal_id'],
        ['source/cell-type', 'month'],
        ['source/cell-type', 'paid'],
      ])
      for (const refusal of refusals)
        for (const language of ['zh', 'en'] as const)
          expect(JSON.stringify([refusal, wordsOf(refusal, language)])).not.toMatch(/1 000|-13-|91/)
    }
    expect(refusalsOf(await home().fromCsv(csv, { dataset: lenient(0) }))[0]).toMatchObject({
      code: 'source/cell-standard',
    })
    expect(filesUnder(home().home)).toEqual([])
  })

  test('a file of bad rows alone is refused, whatever is allowed', async () => {
    const outcome = await home().fromCsv(csvOf([1, 1, 'never', good], [2, 2, 'never', good]), {
      dataset: lenient(100),
    })
    expect(refusalsOf(outcome)[0]).toMatchObject({ code: 'source/bad-rows', params: { max: 1 } })
  })

  test('a date to come is refused where none may be, and the latest day anywhere is not to come', async () => {
    const bound = (day: string) => home().fromCsv(csvOf([1, 1, day, good]), { dataset: lenient(0) })
    expect(refusalsOf(await bound('2026-12-31'))).toEqual([
      { code: 'source/cell-future', params: { column: 'month', count: 1, lines: '2' } },
    ])
    valueOf(await bound(month))
  })
})

describe('what was set aside', () => {
  const many = Array.from(
    { length: 60 },
    (_, i) =>
      [
        i,
        i,
        i % 2 === 0 ? month : `PLANTED${i}`,
        `350100,1,1,true,${'税'.repeat(i * 20)}`,
      ] as const,
  )

  test('rests encrypted under a key of its own, and is not read when it was changed', async () => {
    const value = valueOf(await home().fromCsv(csvOf(...many), { dataset: lenient(0.6) }))
    for (const { path, bytes } of filesUnder(home().home))
      for (const needle of ['PLANTED', usccOf(1), residentIdOf(1), 'standard', 'month'])
        expect(bytes.includes(needle), `${needle} in ${path}`).toBe(false)
    const { id, sha256 } = value.quarantine!.file
    const path = filePath(home().home, 'quarantine', id)
    const page = { from: 0, limit: 1 }
    for (const key of [home().keyOf(value.raw.id), home().keyOf(value.published.id)])
      await expect(readQuarantine({ path, sha256, key }, page)).rejects.toThrow(EngineFailure)
    const key = home().keyOf(`quarantine ${id}`)
    const other = '0'.repeat(64)
    await expect(readQuarantine({ path, sha256: other, key }, page)).rejects.toThrow(EngineFailure)
    expect(readFileSync(path).length).toBe(value.quarantine!.file.bytes)
  })

  test('is read in pages, its long texts cut', async () => {
    const value = valueOf(await home().fromCsv(csvOf(...many), { dataset: lenient(0.6) }))
    const lines: number[] = []
    let next: number | undefined = 0
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof read>> = await read(value, next, 7)
      expect(page.rows.length).toBeLessThanOrEqual(7)
      lines.push(...page.rows.map(({ line }) => line))
      next = page.next
    }
    expect(lines).toEqual(Array.from({ length: 30 }, (_, i) => 2 * i + 3))
    const last = (await read(value, 29)).rows[0]!.cells.at(-1)
    expect(last).toEqual({ column: 'remark', text: '税'.repeat(1000), isCut: true })
    expect(await read(value, 30)).toEqual({ rows: [] })
  })
})
