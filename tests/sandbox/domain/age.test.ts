import { join } from 'node:path'
import { expect, test } from 'vitest'
import { measureAge } from '../../../sandbox/domain/delivery.ts'
import { rawTable } from '../../../sandbox/domain/load.ts'
import { attachFile, openWorkshop } from '../../../sandbox/domain/workshop.ts'
import { datasetOf } from '../../support/dataset.ts'
import { testFolder } from '../../support/folder.ts'

const folder = testFolder()

test('a version of more rows than a statement may answer has the age of its newest date, or none where no cycle is declared', async () => {
  const engine = await openWorkshop({ folder, readable: [], threads: 1, memoryMb: 256 })
  try {
    const key = new Uint8Array(32).fill(7)
    await attachFile(engine, { path: join(folder, 'raw.duckdb'), alias: 'raw', key }, 'write')
    await engine.query(
      `CREATE TABLE ${rawTable} AS SELECT i AS id, DATE '2026-01-01' - CAST(i % 9 AS INTEGER) AS day FROM range(1000001) r(i)`,
    )
    const dataset = datasetOf({ id: 'integer', day: 'date' }, { grain: ['id'], entities: [] })
    expect(await measureAge(engine, dataset, '2026-01-08')).toEqual({})
    const daily = { ...dataset, update: { cycle: 'daily' as const, column: 'day' } }
    expect(await measureAge(engine, daily, '2026-01-08')).toEqual({ ageDays: 7 })
  } finally {
    engine.close()
  }
})
