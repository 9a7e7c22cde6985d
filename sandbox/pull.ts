import { join } from 'node:path'
import { listFiles, openFolder, type Listed } from '../connectors/inbox.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { dueAfter, fits, retryAfterMs, type Pull } from '../policies/pull.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import { publishDataset } from './action/ingest.ts'
import { systemActor, type Domain } from './domain.ts'
import { startChild } from './run/child.ts'
import { digestMessageSchema } from './run/digest-protocol.ts'
import { askOnce } from './run/once.ts'
import { currentDigest } from './state/documents.ts'
import { currentFile } from './state/files.ts'
import { allPulls, isPulled, noteFailure, noteLook, pullStatus } from './state/pulls.ts'

/** Files of ten years' days and more; beyond, a folder is no inbox. */
const entriesMax = 10_000
const takenMax = 100_000
/** How often it is looked whether a pull is due. */
const tickMs = 5000

/** When it will be looked next into the folder of a pull; undefined while it is paused. */
export const nextLookMs = (domain: Domain, pull: Pull): number | undefined => {
  const status = pullStatus(domain.state.reader, pull.pull)
  if (status === undefined || status.isPaused) return undefined
  const { failures, lookedMs } = status
  if (failures > 0) return lookedMs + retryAfterMs(failures)
  return dueAfter(pull, Math.max(lookedMs, domain.pulling.looked.get(pull.pull) ?? 0))
}

/** Looks into every folder that is due, again and again until stopped. What a look throws is an incident. */
export const startPulls = (domain: Domain): { readonly stop: () => void } => {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const tick = async (): Promise<void> => {
    try {
      await lookAtDue(domain, () => isStopped)
    } catch (error) {
      domain.report(domain.world.id(), error)
    }
    if (!isStopped) timer = setTimeout(() => void tick(), tickMs)
  }
  void tick()
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

const lookAtDue = async (domain: Domain, isOver: () => boolean): Promise<void> => {
  for (const pull of allPulls(domain.state.reader)) {
    if (isOver()) return
    const nextMs = nextLookMs(domain, pull)
    if (nextMs !== undefined && nextMs <= domain.world.nowMs()) await look(domain, pull)
  }
}

/** What a look took: versions, in order, and why it ended before the last file, if it did. */
export type Look = {
  readonly versions: readonly { readonly version: string; readonly rows: number }[]
  readonly refusals: readonly Refusal[]
}

/**
 * Takes the new files of a pull's folder in the order of their names. A file that is refused holds up those behind it:
 * what comes later may rest on it. That a content was taken is committed with its version, so a crash at any moment
 * neither loses nor repeats one.
 */
export const look = async (domain: Domain, pull: Pull): Promise<Outcome<Look>> => {
  if (domain.pulling.busy) return refused(refuse('run/busy', { seconds: 10 }))
  domain.pulling.busy = true
  try {
    const versions: Look['versions'][number][] = []
    const ended = await takeAll(domain, pull, (version) => void versions.push(version))
    const isBusy = ended?.refusals.some(({ code }) => code === 'run/busy') === true
    if (!isBusy) note(domain, pull, { files: versions.length, ended })
    return accepted({ versions, refusals: ended?.refusals ?? [] })
  } finally {
    domain.pulling.busy = false
  }
}

type Ended = { readonly file?: string; readonly refusals: readonly Refusal[] }

const takeAll = async (
  domain: Domain,
  pull: Pull,
  onVersion: (version: Look['versions'][number]) => void,
): Promise<Ended | undefined> => {
  const listed = await list(domain, pull)
  if (!listed.ok) return listed
  const quietMs = domain.world.nowMs() - pull.quietSeconds * 1000
  for (const file of listed.value) {
    if (domain.pulling.taken.get(placeOf(pull, file)) === file.identity) continue
    if (file.mtimeMs > quietMs) return undefined
    const taken = await take(domain, pull, file)
    if (!taken.ok) return { file: file.name, refusals: taken.refusals }
    if (taken.value !== undefined) onVersion(taken.value)
  }
  return undefined
}

const list = async (
  { home }: Domain,
  { folder: steps, ...pull }: Pull,
): Promise<Outcome<readonly Listed[]>> => {
  const folder = await openFolder(home.inbox, steps).catch(() => undefined)
  if (folder === undefined) return refused(refuse('source/no-folder'))
  try {
    const files = await listFiles(folder, (name) => fits(pull, name), entriesMax)
    return files === undefined
      ? refused(refuse('source/crowded', { max: entriesMax }))
      : accepted(files)
  } finally {
    await folder.close()
  }
}

/** Publishes a file unless its content was taken before. */
const take = async (
  domain: Domain,
  pull: Pull,
  file: Listed,
): Promise<Outcome<Look['versions'][number] | undefined>> => {
  const { reader } = domain.state
  const { taken } = domain.pulling
  const digest = await digestOf(domain, pull, file.name)
  if (!digest.ok) return digest
  const document = currentDigest(reader, 'pull', pull.pull)
  if (document === undefined) throw new Error('a pull without its document')
  const isKnown = isPulled(reader, pull.pull, digest.value)
  const made = isKnown
    ? undefined
    : await publishDataset(domain, systemActor, {
        dataset: pull.pull,
        policy: pull.policy,
        file: file.name,
        mode: isFirst(domain, pull) ? 'replace' : pull.mode,
        pulled: { folder: pull.folder, sha256: digest.value, pull: document },
      })
  if (made?.ok === false) return made
  if (taken.size >= takenMax) taken.clear()
  taken.set(placeOf(pull, file), file.identity)
  return accepted(made && { version: made.value.version, rows: made.value.rows })
}

const placeOf = ({ pull, folder }: Pull, { name }: Listed): string => join(pull, ...folder, name)

/** To nothing, nothing can be added. */
const isFirst = ({ state, keyring }: Domain, { pull }: Pull): boolean => {
  const current = currentFile(state.reader, 'vault', pull)
  return current === undefined || keyring.find(current.keyIdentity) === undefined
}

const digestOf = async (domain: Domain, pull: Pull, file: string): Promise<Outcome<string>> => {
  const { timeoutMs, bytesMax, addressSpaceMb, heapMb } = domain.settings.publisher
  const message = { inbox: domain.home.inbox, folder: pull.folder, file, bytesMax }
  const reply = await askOnce(
    () => startChild('digest-process', { addressSpaceMb, heapMb }, domain.isolation),
    { message, timeoutMs },
  )
  const said = 'answer' in reply ? digestMessageSchema.parse(reply.answer) : undefined
  if (said?.say === 'digest') return accepted(said.sha256)
  return said?.say === 'refused'
    ? refused(...(said.refusals as [Refusal, ...Refusal[]]))
    : refused(refuse('source/publishing-failed'))
}

/** A look that took nothing and found nothing wrong is no event, unless it was one of a day. */
const note = (
  domain: Domain,
  pull: Pull,
  { files, ended }: { readonly files: number; readonly ended: Ended | undefined },
): void => {
  const { state, pulling, world } = domain
  const dataset = pull.pull
  const failures = pullStatus(state.reader, dataset)?.failures ?? 0
  pulling.looked.set(dataset, world.nowMs())
  if (files === 0 && ended === undefined && failures === 0 && !('daily' in pull.schedule)) return
  state.commit((tx) => {
    if (ended === undefined) noteLook(tx, { dataset, files }, systemActor)
    else noteFailure(tx, { dataset, ...ended }, systemActor)
    return accepted(undefined)
  })
}
