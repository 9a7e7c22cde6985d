import { renameSync } from 'node:fs'
import type { Dataset } from '../../policies/dataset.ts'
import type { Refusal } from '../../policies/refusal.ts'
import { quoteName, type Engine } from '../run/engine.ts'
import type { PublishJob } from '../run/publisher-protocol.ts'
import { filePath, stagedPath } from './home.ts'
import { rawTable } from './load.ts'
import { faultTable } from './set-aside.ts'
import { sameSql, verifyColumns } from './verify.ts'
import { attachFile, closeFile } from './workshop.ts'

/** The stored raw rows that a file comes to. */
export const beforeTable = 'before.main.raw'
/** What was loaded of the file, once the raw version is made anew. */
const loadedTable = 'loaded.main.raw'

/** Attaches the raw version that the file comes to, if there is one; refuses where the catalogue says other columns now. */
export const openBefore = async (
  engine: Engine,
  { source, home, dataset }: PublishJob,
): Promise<readonly Refusal[]> => {
  if (source.from === 'raw' || source.before === undefined) return []
  const { id, key } = source.before.raw
  await attachFile(engine, { path: filePath(home, 'vault', id), alias: 'before', key }, 'read')
  return verifyColumns(engine, beforeTable, dataset)
}

/** Attaches the file of the new raw version, empty. */
export const openNewRaw = async (engine: Engine, job: PublishJob): Promise<void> => {
  const { id, key } = job.source.raw
  await attachFile(engine, { path: stagedPath(job, 'vault', id), alias: 'raw', key }, 'write')
}

/**
 * Makes the raw version anew, from the stored rows and those of the file that stay: its file holds nothing of rows that
 * were set aside. With `upsert` a row of the file takes the place of the stored row of its grain. `isPart`: faults are
 * noted in `faultTable`.
 */
export const compose = async (
  engine: Engine,
  job: PublishJob,
  { mode, isPart }: { readonly mode: 'replace' | 'append' | 'upsert'; readonly isPart: boolean },
): Promise<void> => {
  const path = stagedPath(job, 'vault', job.source.raw.id)
  const { key } = job.source.raw
  await closeFile(engine, 'raw')
  renameSync(path, `${path}.loaded`)
  await attachFile(engine, { path: `${path}.loaded`, alias: 'loaded', key }, 'read')
  await openNewRaw(engine, job)
  const names = job.dataset.columns.map(({ name }) => quoteName(name)).join(', ')
  const stays = isPart ? ` WHERE rowid + 1 NOT IN (SELECT row FROM ${faultTable})` : ''
  const incoming = `SELECT ${names} FROM ${loadedTable}${stays}`
  const stored =
    mode === 'replace' ? [] : [`SELECT ${names} FROM ${storedSql(job.dataset, mode, incoming)}`]
  await engine.query(`CREATE TABLE ${rawTable} AS ${[...stored, incoming].join(' UNION ALL ')}`)
  await engine.query('DETACH loaded')
}

const storedSql = ({ grain }: Dataset, mode: 'append' | 'upsert', incoming: string): string =>
  mode === 'append'
    ? beforeTable
    : `${beforeTable} AS b WHERE NOT EXISTS (FROM (${incoming}) AS i WHERE ${sameSql(grain, 'b', 'i')})`
