import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { badRowsAllowed } from '../../policies/quarantine.ts'
import { refuse } from '../../policies/refusal.ts'
import type { Engine } from '../run/engine.ts'
import type { Phase, PublishJob } from '../run/publisher-protocol.ts'
import type { World } from '../world.ts'
import {
  countReplaced,
  openAuthorities,
  replaceContradictions,
  verifyAuthorities,
  type Authority,
} from './authority.ts'
import { beforeTable, compose, openBefore, openNewRaw } from './compose.ts'
import { countDelivery } from './delivery.ts'
import { filePath, stagedPath } from './home.ts'
import { explainCells, loadRows, meetsStandards, rawTable, type Loaded } from './load.ts'
import { writeQuarantine, type Aside } from './quarantine.ts'
import { faultTable, findFaults, keptSql, openFaults } from './set-aside.ts'
import type { Made } from './settle.ts'
import type { LinesOf, Source, SourceFile } from './source.ts'
import { verifyEntities, verifyNew, verifyRaw, type Verified } from './verify.ts'
import { attachFile } from './workshop.ts'

/** Told how far a phase is, from 0 to 1. */
export type OnProgress = (phase: Phase, fraction: number) => void
export type Context = {
  readonly job: PublishJob
  readonly world: World
  readonly onProgress: OnProgress
}
export type Admitted = Verified & Pick<Made, 'delivery' | 'quarantine'>

/**
 * Attaches the raw rows to be published as `rawTable`, every one of them as the catalogue says: the stored version, or a
 * new one from a file, alone or together with the rows that are stored. Bad rows of a file are set aside as far as the
 * dataset allows; otherwise, and where the file was changed meanwhile, all is refused.
 */
export const admit = async (
  engine: Engine,
  context: Context,
  file: SourceFile | undefined,
): Promise<Outcome<Admitted>> => {
  const { job, onProgress } = context
  const { source, dataset } = job
  const today = latestDay(context.world)
  onProgress('load', 0)
  if (file === undefined || source.from === 'raw') {
    const path = filePath(job.home, 'vault', source.raw.id)
    await attachFile(engine, { path, alias: 'raw', key: source.raw.key }, 'read')
    onProgress('verify', 0)
    const wrong = await verifyEntities(engine, dataset)
    return wrong.length > 0 ? refused(...wrong) : verifyRaw(engine, dataset, today, noLines)
  }
  const drift = [
    ...(await openBefore(engine, job)),
    ...(await openAuthorities(engine, job, authoritiesOf(source))),
  ]
  if (drift.length > 0) return refused(...drift)
  await openNewRaw(engine, job)
  const admitted = await admitFile(engine, context, { ...source, opened: file, today })
  return (await file.isUnchanged()) ? admitted : refused(refuse('source/changed'))
}

/** The raw versions that answer for columns of the job's dataset. */
export const authoritiesOf = (source: PublishJob['source']): readonly Authority[] =>
  (source.from === 'file' ? source.authorities : undefined) ?? []

const noLines: LinesOf = () => Promise.resolve([])

/** The day it is where the day is latest (UTC+14): a later date is in the future everywhere. */
export const latestDay = (world: World): string =>
  new Date(world.nowMs() + 14 * 3_600_000).toISOString().slice(0, 10)

/** A file on its way in: as it was checked, and what the job says of it. */
type Incoming = { readonly opened: SourceFile; readonly today: string } & Pick<
  Extract<PublishJob['source'], { from: 'file' }>,
  'before' | 'quarantine' | 'authorities'
>

const admitFile = async (
  engine: Engine,
  { job, onProgress }: Context,
  incoming: Incoming,
): Promise<Outcome<Admitted>> => {
  const { dataset } = job
  const { opened, today, before } = incoming
  const read = await opened.read(engine)
  if (!read.ok) return read
  const source = read.value
  const loaded = await load(engine, source, incoming.authorities ?? [])
  onProgress('verify', 0)
  const examined = await examine(engine, { ...incoming, source, loaded })
  if (!examined.ok) return examined
  const { verified, isPart } = examined.value
  const aside = await keepAside(engine, job, { ...incoming, source })
  const delivery = await countDelivery(
    engine,
    { dataset, rows: source.rows, today, kept: isPart ? keptSql : rawTable },
    { repairs: loaded.repairs, replaced: await countReplaced(engine, dataset, faultTable), aside },
  )
  const quarantine = aside && { quarantine: { rows: aside.rows, reasons: aside.reasons } }
  if (verified !== undefined && before === undefined)
    return accepted({ ...verified, delivery, ...quarantine })
  await compose(engine, job, { mode: before?.mode ?? 'replace', isPart })
  const whole = await verifyRaw(engine, dataset, today, noLines)
  return whole.ok ? accepted({ ...whole.value, delivery, ...quarantine }) : whole
}

/** What another dataset answers for is as that says it; a value of no standard whose place was taken is none any more. */
const load = async (
  engine: Engine,
  source: Source,
  authorities: readonly Authority[],
): Promise<Loaded> => {
  const loaded = await loadRows(engine, source)
  await openFaults(engine)
  await replaceContradictions(engine, source.dataset, authorities)
  return { ...loaded, isSound: loaded.isRead && (await meetsStandards(engine, source.dataset)) }
}

type Examination = Incoming & { readonly source: Source; readonly loaded: Loaded }

/** Says that all loaded rows are right, or notes which are not and may be left out (`isPart`), or refuses. */
const examine = async (
  engine: Engine,
  examination: Examination,
): Promise<Outcome<{ readonly verified?: Verified; readonly isPart: boolean }>> => {
  const { source, loaded, today, quarantine: spare } = examination
  const max = badRowsAllowed(source.dataset, source.rows)
  const mayLeaveOut = max > 0 && spare !== undefined
  // Where something is known to be wrong and may be left out, nobody needs it said in words.
  const verified =
    loaded.isSound || !mayLeaveOut ? await verifyLoaded(engine, examination) : undefined
  if (verified?.ok === true) return accepted({ verified: verified.value, isPart: false })
  if (verified !== undefined && !mayLeaveOut) return verified
  const before = storedSql(examination)
  const beside = { today, before, authorities: examination.authorities ?? [] }
  if (mayLeaveOut && (await findFaults(engine, source, { ...loaded, ...beside })))
    return accepted({ isPart: true })
  const why = verified ?? (await verifyLoaded(engine, examination))
  return refused(
    refuse('source/bad-rows', { max, rows: source.rows }),
    ...(why.ok ? [] : why.refusals),
  )
}

/** Keeps beside the version what does not come into it as it came. */
const keepAside = async (
  engine: Engine,
  job: PublishJob,
  { source, opened, quarantine: spare }: Incoming & { readonly source: Source },
): Promise<Aside | undefined> => {
  if (spare === undefined) return undefined
  const file = { path: stagedPath(job, 'quarantine', spare.id), key: spare.key }
  return writeQuarantine(engine, file, source, opened.linesOf)
}

/** Where the rows are that the file's must not repeat. */
const storedSql = ({ before }: Incoming): string | undefined =>
  before?.mode === 'append' ? beforeTable : undefined

const verifyLoaded = async (
  engine: Engine,
  examination: Examination,
): Promise<Outcome<Verified>> => {
  const { source, loaded, today } = examination
  const { linesOf } = examination.opened
  if (!loaded.isSound) return refused(...(await explainCells(engine, source, linesOf)))
  const { dataset } = source
  const verified = await verifyRaw(engine, dataset, today, linesOf)
  const before = storedSql(examination)
  const beside = [
    ...(before === undefined ? [] : await verifyNew(engine, dataset, before, linesOf)),
    ...(await verifyAuthorities(engine, dataset, examination.authorities ?? [], linesOf)),
  ]
  return beside.length === 0
    ? verified
    : refused(...(verified.ok ? [] : verified.refusals), ...beside)
}
