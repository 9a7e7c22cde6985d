import type { Classes } from '../../policies/grade.ts'
import type { Delivery } from '../../policies/quality.ts'
import { openEngine, quoteName } from '../run/engine.ts'
import type { Published, PublishJob, StoredFile } from '../run/publisher-protocol.ts'
import { countClasses } from './classes.ts'
import { moveDurably } from './durable.ts'
import { sealNew, sealOf } from './files.ts'
import { filePath, stagedPath, type Shelf } from './home.ts'
import { registerOf, type Registered } from './register.ts'
import type { Nulls } from './verify.ts'

/** What a job has made in its staging folder, closed and not yet sealed. */
export type Made = {
  readonly rows: number
  readonly nulls: Nulls
  readonly delivery?: Delivery
  readonly ageDays?: number
  readonly quarantine?: Omit<NonNullable<Published['quarantine']>, 'file'>
  /** In the order of the dataset's entities. */
  readonly registered: readonly Registered[]
  readonly source?: { readonly sha256: string; readonly bytes: number }
}

/**
 * Seals the new files, reads the published one back as a runner would, and puts all in place: first the registers, so
 * that even between two renames no file in place has surrogates that no register in place knows.
 */
export const settle = async (job: PublishJob, made: Made): Promise<Published> => {
  const published = await sealStaged(job, 'published', job.published.id)
  const classes = await readBack(job, published, made.rows)
  const registers = await settleRegisters(job, made)
  const { id } = job.source.raw
  const raw =
    job.source.from === 'raw'
      ? await sealedInPlace(job, 'vault', id)
      : await sealStaged(job, 'vault', id)
  if (job.source.from === 'file') place(job, 'vault', id)
  const quarantine = made.quarantine && {
    ...made.quarantine,
    file: await sealStaged(job, 'quarantine', id),
  }
  if (quarantine !== undefined) place(job, 'quarantine', id)
  place(job, 'published', published.id)
  return {
    rows: made.rows,
    published,
    raw,
    ...(made.source && { source: made.source }),
    ...(quarantine && { quarantine }),
    registers,
    columns: job.dataset.columns.map(({ name }) => ({
      column: name,
      nulls: made.nulls.get(name) ?? 0,
    })),
    ...(made.delivery && { delivery: made.delivery }),
    ...(made.ageDays !== undefined && { ageDays: made.ageDays }),
    ...(classes && { classes }),
  }
}

const settleRegisters = async (
  job: PublishJob,
  { registered }: Made,
): Promise<Published['registers']> => {
  const registers: Published['registers'] = []
  for (const [position, { kind }] of job.dataset.entities.entries()) {
    const { current, next } = registerOf(job, kind)
    const { grown = false, entities = 0 } = registered[position] ?? {}
    if (grown) {
      registers.push({ kind, file: await sealStaged(job, 'register', next), entities })
      place(job, 'register', next)
    } else if (current !== undefined)
      registers.push({ kind, file: await sealedInPlace(job, 'register', current.id), entities })
  }
  return registers
}

const readBack = async (
  job: PublishJob,
  file: StoredFile,
  rows: number,
): Promise<Classes | undefined> => {
  const path = stagedPath(job, 'published', file.id)
  const engine = await openEngine({
    threads: job.threads,
    memoryMb: job.memoryMb,
    attach: [{ path, alias: 'out', key: job.published.key, sha256: file.sha256 }],
  })
  const table = `out.main.${quoteName(job.dataset.dataset)}`
  try {
    const { rows: counted } = await engine.query(`SELECT count(*) FROM ${table}`)
    if (counted[0]?.[0] !== BigInt(rows)) throw new Error('a published table of other rows')
    return await countClasses(engine, table, job)
  } finally {
    engine.close()
  }
}

const sealStaged = async (job: PublishJob, shelf: Shelf, id: string): Promise<StoredFile> => {
  const { sha256, bytes } = await sealNew(stagedPath(job, shelf, id))
  return { id, sha256, bytes }
}

const sealedInPlace = async (job: PublishJob, shelf: Shelf, id: string): Promise<StoredFile> => {
  const { sha256, bytes } = await sealOf(filePath(job.home, shelf, id))
  return { id, sha256, bytes }
}

const place = (job: PublishJob, shelf: Shelf, id: string): void =>
  moveDurably(stagedPath(job, shelf, id), filePath(job.home, shelf, id))
