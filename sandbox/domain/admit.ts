import { renameSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { linesOfRows, type CsvFile } from '../../connectors/csv.ts'
import { identityOf } from '../../connectors/regular-file.ts'
import type { Dataset } from '../../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { Delivery } from '../../policies/quality.ts'
import { badRowsAllowed } from '../../policies/quarantine.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import type { Engine } from '../run/engine.ts'
import type { Phase, PublishJob } from '../run/publisher-protocol.ts'
import type { World } from '../world.ts'
import { countDelivery } from './delivery.ts'
import { filePath, stagedPath } from './home.ts'
import { csvReader, explainCells, loadRows, rawTable, type LinesOf } from './load.ts'
import type { Source } from './values.ts'
import { writeQuarantine, type Aside } from './quarantine.ts'
import { faultTable, findFaults } from './set-aside.ts'
import type { Made } from './settle.ts'
import { verifyRaw, type Nulls, type Verified } from './verify.ts'
import { attachFile, closeFile } from './workshop.ts'

/** Told how far a phase is, from 0 to 1. */
export type OnProgress = (phase: Phase, fraction: number) => void
export type Context = {
  readonly job: PublishJob
  readonly world: World
  readonly onProgress: OnProgress
}
export type CsvSource = { readonly file: FileHandle; readonly csv: CsvFile }

export type Admitted = Verified & Pick<Made, 'delivery' | 'quarantine'>

/**
 * Attaches the raw rows to be published as `rawTable`, every one of them as the catalogue says: the stored version, or a
 * new one from a file. Bad rows of a file are set aside as far as the dataset allows; otherwise, and where the file was
 * changed meanwhile, all is refused.
 */
export const admit = async (
  engine: Engine,
  context: Context,
  file: CsvSource | undefined,
): Promise<Outcome<Admitted>> => {
  const { job, onProgress } = context
  const { id, key } = job.source.raw
  const today = latestDay(context.world)
  onProgress('load', 0)
  if (file === undefined) {
    await attachFile(engine, { path: filePath(job.home, 'vault', id), alias: 'raw', key }, 'read')
    onProgress('verify', 0)
    const verified = await verifyRaw(engine, job.dataset, today, noLines)
    return verified.ok ? accepted(verified.value) : verified
  }
  await attachFile(engine, { path: stagedPath(job, 'vault', id), alias: 'raw', key }, 'write')
  const admitted = await admitFile(engine, context, { file, today })
  const isUnchanged = (await identityOf(file.file)) === file.csv.identity
  return isUnchanged ? admitted : refused(refuse('source/changed'))
}

const noLines: LinesOf = () => Promise.resolve([])

/** The day it is where the day is latest (UTC+14): a later date is in the future everywhere. */
const latestDay = (world: World): string =>
  new Date(world.nowMs() + 14 * 3_600_000).toISOString().slice(0, 10)

type Incoming = { readonly file: CsvSource; readonly today: string }

const admitFile = async (
  engine: Engine,
  context: Context,
  { file, today }: Incoming,
): Promise<Outcome<Admitted>> => {
  const { dataset } = context.job
  const linesOf = linesIn(file, dataset)
  const reader = csvReader(file.file, file.csv, dataset)
  const source: Source = { dataset, rows: file.csv.rows, reader }
  const { repairs, isSound } = await loadRows(engine, source)
  context.onProgress('verify', 0)
  const verified = isSound ? await verifyRaw(engine, dataset, today, linesOf) : undefined
  const deliver = (nulls: Nulls, aside?: Aside): Promise<Delivery> =>
    countDelivery(engine, { dataset, rows: source.rows, today }, { nulls, repairs, aside })
  if (verified?.ok === true)
    return accepted({ ...verified.value, delivery: await deliver(verified.value.nulls) })
  const explain = (): Promise<readonly Refusal[]> =>
    verified === undefined
      ? explainCells(engine, source, linesOf)
      : Promise.resolve(verified.refusals)
  const max = badRowsAllowed(dataset, source.rows)
  const { quarantine: spare } = context.job.source.from === 'csv' ? context.job.source : {}
  if (max === 0 || spare === undefined) return refused(...(await explain()))
  if (!(await findFaults(engine, { ...source, isSound }, today)))
    return refused(refuse('source/bad-rows', { max, rows: source.rows }), ...(await explain()))
  const path = stagedPath(context.job, 'quarantine', spare.id)
  const aside = await writeQuarantine(engine, { path, key: spare.key }, source, linesOf)
  await leaveOut(engine, context.job)
  const rest = await verifyRaw(engine, dataset, today, noLines)
  if (!rest.ok) return rest
  const { rows, reasons } = aside
  const delivery = await deliver(rest.value.nulls, aside)
  return accepted({ ...rest.value, delivery, quarantine: { rows, reasons } })
}

/** Makes the raw version anew without the rows that were set aside, so that its file holds nothing of them. */
const leaveOut = async (engine: Engine, job: PublishJob): Promise<void> => {
  const { id, key } = job.source.raw
  const path = stagedPath(job, 'vault', id)
  await closeFile(engine, 'raw')
  renameSync(path, `${path}.loaded`)
  await attachFile(engine, { path: `${path}.loaded`, alias: 'loaded', key }, 'read')
  await attachFile(engine, { path, alias: 'raw', key }, 'write')
  await engine.query(
    `CREATE TABLE ${rawTable} AS FROM loaded.main.raw WHERE rowid + 1 NOT IN (SELECT row FROM ${faultTable})`,
  )
  await engine.query('DETACH loaded')
}

const linesIn = ({ file, csv }: CsvSource, { csv: { delimiter } }: Dataset): LinesOf => {
  if (!csv.spans) return (rows) => Promise.resolve(rows.map((row) => row + 1))
  return async (rows) => {
    const lines = await linesOfRows(file, rows, delimiter)
    return rows.flatMap((row) => lines.get(row) ?? [])
  }
}
