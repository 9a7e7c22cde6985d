import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { filePath, sweepHome } from '../../../sandbox/domain/home.ts'
import { EngineFailure } from '../../../sandbox/run/engine.ts'
import { residentIdOf, usccOf } from '../../support/identifiers.ts'
import {
  csvOf,
  filesUnder,
  homeOfEachTest,
  refusalsOf,
  taxDataset,
  three,
  valueOf,
} from '../../support/publishing.ts'

const home = homeOfEachTest()

describe('what rests', () => {
  test('no identifier and no value stands in any file under the home, nor in a name (S1-48d)', async () => {
    const marker = 'PLANTEDMARKER'
    const rows = Array.from(
      { length: 3000 },
      (_, i) => [i, i % 500, '2026-01-01', `350100,${i},1,true,${marker}${i}`] as const,
    )
    const value = valueOf(await home().fromCsv(csvOf(...rows)))
    await home().fromRaw(value.raw)
    const files = filesUnder(home().home)
    expect(files).toHaveLength(5)
    for (const { path, bytes } of files)
      for (const needle of [marker, usccOf(1), usccOf(2999), residentIdOf(1), 'uscc', 'region'])
        expect(bytes.includes(needle), `${needle} in ${path}`).toBe(false)
    expect(files.map(({ path }) => path).join(' ')).not.toMatch(/PLANTED|9135/)
    expect(readdirSync(join(home().home, 'staging'))).toEqual([])
  })

  test('a file that was changed, exchanged or set back is not opened, nor one with a log of writes beside it', async () => {
    const first = valueOf(await home().fromCsv(three))
    const second = valueOf(await home().fromCsv(three.replace('12.50', '13.50')))
    const path = filePath(home().home, 'published', second.published.id)
    const right = readFileSync(path)
    await home().read(second)
    copyFileSync(filePath(home().home, 'published', first.published.id), path)
    await expect(home().read(second)).rejects.toThrow(EngineFailure)
    const flipped = Buffer.from(right)
    flipped[flipped.length - 5000]! ^= 1
    writeFileSync(path, flipped)
    await expect(home().read(second)).rejects.toThrow(EngineFailure)
    writeFileSync(path, right)
    await home().read(second)
    writeFileSync(`${path}.wal`, '')
    await expect(home().read(second)).rejects.toThrow(EngineFailure)

    const raw = filePath(home().home, 'vault', second.raw.id)
    copyFileSync(filePath(home().home, 'vault', first.raw.id), raw)
    await expect(home().fromRaw(second.raw)).rejects.toThrow(EngineFailure)
  })

  test('a register that was set back is noticed, before it can give a surrogate twice', async () => {
    const first = valueOf(await home().fromCsv(three))
    const old = filePath(home().home, 'register', first.registers[0]!.file.id)
    const second = valueOf(await home().fromCsv(csvOf([5, 5, '2026-01-01', '350100,1,1,true,'])))
    copyFileSync(old, filePath(home().home, 'register', second.registers[0]!.file.id))
    await expect(home().fromCsv(three)).rejects.toThrow(EngineFailure)
  })

  test('another key opens neither a raw version, nor a register, nor a published file', async () => {
    const value = valueOf(await home().fromCsv(three))
    for (const identity of [value.raw.id, 'register enterprise', value.published.id]) {
      const key = home().keyOf(identity)
      const kept = key.slice()
      key.fill(1)
      await expect(
        identity === value.published.id ? home().read(value) : home().fromRaw(value.raw),
      ).rejects.toThrow(EngineFailure)
      key.set(kept)
    }
    valueOf(await home().fromRaw(value.raw))
  })

  test('a raw version with other columns than the catalogue says is not published again', async () => {
    const { raw } = valueOf(await home().fromCsv(three))
    const columns = taxDataset().columns.map((column) =>
      column.name === 'staff' ? { ...column, type: 'text' } : column,
    )
    const outcome = await home().fromRaw(raw, { dataset: taxDataset({ columns }) })
    expect(refusalsOf(outcome)).toEqual([
      {
        code: 'source/raw-differs',
        params: { dataset: 'tax', difference: 'staff: BIGINT → VARCHAR' },
      },
    ])
  })

  test('a sweep removes what no committed version names, and keeps the rest', async () => {
    const kept = valueOf(await home().fromCsv(three))
    const lost = valueOf(await home().fromCsv(csvOf([8, 8, '2026-01-01', '350100,1,1,true,'])))
    writeFileSync(join(home().home, 'staging', 'left'), 'x')
    const known = {
      vault: new Set([kept.raw.id]),
      quarantine: new Set<string>(),
      published: new Set([kept.published.id]),
      register: new Set(kept.registers.map(({ file }) => file.id)),
    }
    writeFileSync(`${filePath(home().home, 'vault', kept.raw.id)}.wal`, '')
    expect(sweepHome(home().home, known)).toBe(4 + lost.registers.length)
    expect(filesUnder(home().home)).toHaveLength(4)
    expect(sweepHome(home().home, known)).toBe(0)
    await home().read(kept)
  })
})
