import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { Dataset } from '../../policies/dataset.ts'
import type { Policy } from '../../policies/policy.ts'
import { publishedColumns, rankColumn } from '../../policies/published.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import { sealOf } from '../../sandbox/domain/files.ts'
import type { RunnerRequest } from '../../sandbox/run/runner-protocol.ts'
import { quoted } from './duck.ts'
import { town, townPolicy } from './town.ts'

const key = new Uint8Array(32).fill(9)

/** One dataset of the town as a published file. */
export const sealTown = (
  folder: string,
  dataset: string,
  rows: readonly (readonly (string | null)[])[],
): Promise<RunnerRequest['files'][number]> => {
  const one = town[dataset]
  if (one === undefined) throw new Error('no such dataset in the town')
  return sealPublished(folder, { dataset: one, policy: townPolicy }, rows)
}

/** The hidden ranks of further kinds: here the first units of an entity have the first places. */
const rank = async (
  connection: DuckDBConnection,
  { dataset, entities }: Dataset,
  policy: Policy,
): Promise<void> => {
  const table = `x.main.${quoteName(dataset)}`
  const unit = quoteName(entities[0]?.column ?? '')
  for (const { kind, column } of entities.slice(1)) {
    if (policy.kinds[kind]?.unitsMax === undefined) continue
    await connection.run(
      `CREATE OR REPLACE TABLE ${table} AS SELECT *,
         row_number() OVER (PARTITION BY ${quoteName(column)} ORDER BY ${unit}) AS ${quoteName(rankColumn(kind))}
       FROM ${table}`,
    )
  }
}

/** A dataset as a published file, encrypted as the publisher does it. Cells in the order of `publishedColumns`. */
export const sealPublished = async (
  folder: string,
  { dataset, policy }: { readonly dataset: Dataset; readonly policy: Policy },
  rows: readonly (readonly (string | null)[])[],
): Promise<RunnerRequest['files'][number]> => {
  const name = dataset.dataset
  const path = `${folder}/${name}.duckdb`
  const instance = await DuckDBInstance.create(':memory:', { force_mbedtls_unsafe: 'true' })
  const connection = await instance.connect()
  await connection.run(`ATTACH '${path}' AS x (ENCRYPTION_CIPHER 'GCM', ENCRYPTION_KEY $1)`, [
    Buffer.from(key).toString('base64'),
  ])
  const columns = publishedColumns(dataset, policy)
  const list = columns.map(({ name, type }) => `${quoteName(name)} ${typeSql(type)}`)
  await connection.run(`CREATE TABLE x.main.${quoteName(name)} (${list.join(', ')})`)
  const cells = rows.map((row) => `(${row.map(quoted).join(', ')})`)
  if (cells.length > 0)
    await connection.run(`INSERT INTO x.main.${quoteName(name)} VALUES ${cells.join(', ')}`)
  await rank(connection, dataset, policy)
  await connection.run('CHECKPOINT x')
  connection.closeSync()
  instance.closeSync()
  return { dataset: name, path, key, sha256: (await sealOf(path)).sha256 }
}
