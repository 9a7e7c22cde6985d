import { mkdirSync, rmSync } from 'node:fs'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { EngineFailure, quoteName, type Engine } from '../run/engine.ts'
import type { Published, PublishJob } from '../run/publisher-protocol.ts'
import type { World } from '../world.ts'
import { admit, authoritiesOf, latestDay, type Context, type OnProgress } from './admit.ts'
import { measureAge } from './delivery.ts'
import { logPath, verifyStored } from './files.ts'
import { filePath, stagedPath, stagingPath } from './home.ts'
import { withSource } from './open-source.ts'
import type { SourceFile } from './source.ts'
import { register, registerOf, type Registered } from './register.ts'
import { settle, type Made } from './settle.ts'
import { writePublished } from './table.ts'
import { verifyPolicy, verifyPublished } from './verify.ts'
import { attachFile, closeFile, openWorkshop } from './workshop.ts'

/**
 * Publishes a version of a dataset under a policy: checks the source, keeps its raw rows, gives surrogates, desensitizes,
 * verifies what the policy relies on, and puts encrypted files in place. Nothing counts before the keeper has committed
 * the answer, so a crash leaves only files that the next sweep removes. Refusals tell columns, counts and lines, never a
 * value. Throws `EngineFailure` where a stored file is not the one its SHA-256 names, or memory ran out.
 */
export const publish = async (
  job: PublishJob,
  world: World,
  onProgress: OnProgress = () => undefined,
): Promise<Outcome<Published>> => {
  const refusals = verifyPolicy(job.dataset, job.policy)
  if (refusals.length > 0) return refused(...refusals)
  const context = { job, world, onProgress }
  mkdirSync(stagingPath(job.home, job.job), { mode: 0o700 })
  try {
    if (job.source.from === 'raw') return await publishFrom(context, undefined)
    return await withSource(
      job,
      job.source,
      (fraction) => onProgress('check', fraction),
      (file) => publishFrom(context, file),
    )
  } finally {
    rmSync(stagingPath(job.home, job.job), { recursive: true, force: true })
  }
}

const publishFrom = async (
  context: Context,
  source: SourceFile | undefined,
): Promise<Outcome<Published>> => {
  const { job, onProgress } = context
  const stored = await storedFiles(job)
  const engine = await openWorkshop({
    folder: stagingPath(job.home, job.job),
    readable: [...(source ? [source.path] : []), ...stored.paths],
    threads: job.threads,
    memoryMb: job.memoryMb,
  })
  const made = await make(engine, context, source).finally(() => engine.close())
  if (!made.ok) return made
  if (!(await stored.stillSame())) throw new EngineFailure('file')
  onProgress('seal', 0)
  const value = await settle(job, made.value)
  onProgress('seal', 1)
  return accepted(value)
}

/**
 * The files in place that the job reads, each compared with its digest before anything opens it; the engine looks for a
 * log of writes beside each, of which there is none.
 */
const storedFiles = async (
  job: PublishJob,
): Promise<{
  readonly paths: readonly string[]
  readonly stillSame: () => Promise<boolean>
}> => {
  const registers = job.registers.flatMap(({ current }) => current ?? [])
  const before = job.source.from === 'file' ? job.source.before : undefined
  const files = [
    ...(before ? [{ shelf: 'vault' as const, ...before.raw }] : []),
    ...authoritiesOf(job.source).map(({ raw }) => ({ shelf: 'vault' as const, ...raw })),
    ...(job.source.from === 'raw' ? [{ shelf: 'vault' as const, ...job.source.raw }] : []),
    ...registers.map((current) => ({ shelf: 'register' as const, ...current })),
  ]
  const found = await Promise.all(
    files.map(async ({ shelf, id, sha256 }) => {
      const path = filePath(job.home, shelf, id)
      const stored = await verifyStored(path, sha256)
      if (stored === undefined) throw new EngineFailure('file')
      return { path, ...stored }
    }),
  )
  return {
    paths: found.flatMap(({ path }) => [path, logPath(path)]),
    stillSame: async () => {
      const same = await Promise.all(found.map(({ stillSame }) => stillSame()))
      return same.every((one) => one)
    },
  }
}

const make = async (
  engine: Engine,
  context: Context,
  source: SourceFile | undefined,
): Promise<Outcome<Made>> => {
  const { onProgress } = context
  const admitted = await admit(engine, context, source)
  if (!admitted.ok) return admitted
  const age = await measureAge(engine, context.job.dataset, latestDay(context.world))
  onProgress('register', 0)
  const registered = await registerAll(engine, context)
  onProgress('publish', 0)
  const refusals = await writeTable(engine, context, registered)
  if (refusals.length > 0) return refused(...refusals)
  await closeFile(engine, 'out')
  if (source) await closeFile(engine, 'raw')
  return accepted({
    ...admitted.value,
    ...age,
    registered,
    ...(source && { source: { sha256: source.sha256, bytes: source.bytes } }),
  })
}

const nonceOf = (world: World): bigint => Buffer.from(world.randomBytes(8)).readBigUInt64LE()

const registerAll = async (engine: Engine, { job, world }: Context): Promise<Registered[]> => {
  const all: Registered[] = []
  for (const { kind, column } of job.dataset.entities) {
    const { current, ...rest } = registerOf(job, kind)
    all.push(
      await register(
        engine,
        rest,
        {
          next: stagedPath(job, 'register', rest.next),
          ...(current && { current: filePath(job.home, 'register', current.id) }),
        },
        { column, nonce: nonceOf(world) },
      ),
    )
  }
  return all
}

const writeTable = async (
  engine: Engine,
  { job, world }: Context,
  registered: readonly Registered[],
): ReturnType<typeof verifyPublished> => {
  const { dataset, policy, published } = job
  const path = stagedPath(job, 'published', published.id)
  await attachFile(engine, { path, alias: 'out', key: published.key }, 'write')
  const table = `out.main.${quoteName(dataset.dataset)}`
  const entities = dataset.entities.map(({ kind, column }, position) => ({
    kind,
    column,
    map: registered[position]?.map ?? '',
    hmacKey: registerOf(job, kind).hmacKey,
  }))
  const nonce = nonceOf(world)
  await writePublished(engine, table, { dataset, policy }, { entities, nonce })
  return verifyPublished(engine, table, { dataset, policy })
}
