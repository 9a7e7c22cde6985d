import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { attachFile, closeFile, openWorkshop } from '../../../sandbox/domain/workshop.ts'
import type { Engine, EngineFailure } from '../../../sandbox/run/engine.ts'
import { testFolder } from '../../support/folder.ts'
import { filesUnder } from '../../support/publishing.ts'

const folder = testFolder()
const staging = join(folder, 'staging')
const key = new Uint8Array(32).fill(3)

const open = (memoryMb = 256): Promise<Engine> =>
  openWorkshop({
    folder: staging,
    readable: [join(folder, 'given.csv')],
    threads: 1,
    memoryMb,
  })
const resultOf = (engine: Engine, sql: string): Promise<string> =>
  engine.query(sql).then(
    () => 'worked',
    ({ fault }: EngineFailure) => fault,
  )

beforeAll(() => {
  mkdirSync(staging)
  for (const name of ['given.csv', 'other.csv']) writeFileSync(join(folder, name), 'a\n1\n')
  symlinkSync(join(folder, 'other.csv'), join(staging, 'link.csv'))
  symlinkSync(folder, join(staging, 'up'))
})

describe('the publisher’s engine', () => {
  test('reads what it was given and writes in its own folder', async () => {
    const engine = await open()
    expect(await resultOf(engine, `FROM read_csv('${folder}/given.csv')`)).toBe('worked')
    const path = join(staging, 'a.duckdb')
    await attachFile(engine, { path, alias: 'a', key }, 'write')
    await engine.query("CREATE TABLE a.main.t AS SELECT 'PLANTED' AS x")
    await closeFile(engine, 'a')
    engine.close()
    expect(readFileSync(path).includes('PLANTED')).toBe(false)
    expect(existsSync(`${path}.wal`)).toBe(false)
  })

  test.each([
    `FROM read_csv('${folder}/other.csv')`,
    `FROM read_csv('${staging}/link.csv')`,
    `FROM read_csv('${staging}/../other.csv')`,
    `FROM read_csv('${staging}/up/other.csv')`,
    `FROM read_csv('${folder}/*.csv')`,
    `FROM read_text('/proc/self/environ')`,
    `ATTACH '${folder}/new.duckdb' AS b`,
    `ATTACH '${staging}/up/new.duckdb' AS b`,
    `COPY (SELECT 1) TO '${folder}/new.duckdb'`,
    `INSTALL httpfs`,
    `SET allowed_directories = ['/']`,
    `SET enable_external_access = true`,
    `SET temp_file_encryption = false`,
    `SET temp_directory = '${folder}'`,
    `SET memory_limit = '8GB'`,
  ])('refuses %s', async (sql) => {
    const engine = await open()
    expect(await resultOf(engine, sql)).toBe('engine')
    engine.close()
    expect(existsSync(join(folder, 'new.duckdb'))).toBe(false)
  })

  test('what does not fit into memory lies encrypted in its folder, and goes with it', async () => {
    const engine = await open(64)
    await engine.query(
      "CREATE TEMP TABLE t AS SELECT 'PLANTED' || sha256(i::VARCHAR) AS x FROM range(1500000) r(i)",
    )
    const spilled = filesUnder(join(staging, 'spill'))
    expect(spilled.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(10 << 20)
    expect(spilled.some(({ bytes }) => bytes.includes('PLANTED'))).toBe(false)
    engine.close()
  })
})
