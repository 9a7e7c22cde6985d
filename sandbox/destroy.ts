import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { accepted, type Outcome } from '../policies/outcome.ts'
import { datasets } from './catalogue.ts'
import { systemActor, type Domain } from './domain.ts'
import { syncFolder } from './domain/durable.ts'
import { filePath, type Shelf } from './domain/home.ts'
import { endTokens } from './end-tokens.ts'
import { startChild } from './run/child.ts'
import { destructionMessageSchema, type DestructionMessage } from './run/destruction-protocol.ts'
import { askOnce } from './run/once.ts'
import {
  begunDestructions,
  certifyDestruction,
  expireVersion,
  type Certificate,
  type Destruction,
} from './state/destructions.ts'
import { fileOf } from './state/files.ts'
import {
  beginQuarantineEnd,
  begunQuarantineEnds,
  certifyQuarantineEnd,
  quarantinesUntil,
} from './state/quarantine-ends.ts'
import { isSharedRaw, publishedMs, remainingVersions, versionOf } from './state/versions.ts'

/**
 * Destruction as an act (I11): the keys are forgotten and the key that wraps all others is replaced, every file is then
 * shown not to open, the files are unlinked, and a certificate is logged. Each step may be done again: a keeper that
 * ends on the way leaves it to the next one, which begins at the first step. Answers the place of the certificate.
 */
export const finishDestruction = async (
  domain: Domain,
  { version: digest, reason }: Destruction,
): Promise<Outcome<number>> => {
  const { state } = domain
  const version = versionOf(state.reader, digest)
  if (version === undefined) throw new Error('a destruction without its version')
  const ended = await endFiles(domain, doomedFiles(domain, digest))
  if (!ended.ok) return ended
  const about = { version, reason, detail: ended.value }
  return state.commit((tx) => accepted(certifyDestruction(tx, about, systemActor)))
}

/** Keys, proof, files: what a certificate tells. */
const endFiles = async (
  domain: Domain,
  files: readonly Doomed[],
): Promise<Outcome<Certificate>> => {
  const { keyring } = domain
  const gone = keyring.destroy(files.map(({ keyIdentity }) => keyIdentity))
  if (!gone.ok) return gone
  const shown: string[] = []
  for (const file of files) shown.push(`${file.shelf} ${await showClosed(domain, file)}`)
  for (const { path } of files) {
    rmSync(path, { force: true })
    syncFolder(dirname(path))
  }
  return accepted({
    files: files.map(({ shelf, sha256 }) => `${shelf} ${sha256}`),
    shown,
    generation: keyring.generation(),
  })
}

type Doomed = {
  readonly shelf: Shelf
  readonly path: string
  readonly sha256: string
  readonly keyIdentity: string
}

/** The published file, and with the last version made from it the raw one and what was left out of that. */
const doomedFiles = ({ home, state: { reader } }: Domain, digest: string): readonly Doomed[] => {
  const version = versionOf(reader, digest)
  if (version === undefined) return []
  const { file, fileDigest, keyIdentity, raw } = version
  const place = (shelf: Shelf, stem: string): string => filePath(home.folder, shelf, stem)
  const published: Doomed = {
    shelf: 'published',
    path: place('published', file),
    sha256: fileDigest,
    keyIdentity,
  }
  if (isSharedRaw(reader, version)) return [published]
  const sources = (['vault', 'quarantine'] as const).flatMap((shelf) => {
    const stored = fileOf(reader, shelf, raw)
    return stored === undefined
      ? []
      : [{ shelf, path: place(shelf, raw), sha256: stored.sha256, keyIdentity: stored.keyIdentity }]
  })
  return [published, ...sources]
}

const timeoutMs = 20_000

/**
 * What happens when somebody tries: the ring has no key of this name, and the engine, given another or none, does not open
 * the file. Throws where it does, or where that could not be found out: then nothing is certified.
 */
const showClosed = async (
  domain: Domain,
  { path, sha256, keyIdentity }: Doomed,
): Promise<Exclude<DestructionMessage['say'], 'opened' | 'failed'>> => {
  if (domain.keyring.find(keyIdentity) !== undefined) throw new Error('a destroyed key is there')
  const { addressSpaceMb, heapMb } = domain.settings.publisher
  const key = domain.world.randomBytes(32)
  const reply = await askOnce(
    () => startChild('destruction-process', { addressSpaceMb, heapMb }, domain.isolation),
    { message: { path, sha256, key: Uint8Array.from(key) }, timeoutMs },
  )
  if (!('answer' in reply)) throw new Error('the opening of a file could not be tried')
  const { say } = destructionMessageSchema.parse(reply.answer)
  if (say === 'opened' || say === 'failed') throw new Error('a file was not shown to be closed')
  return say
}

const dayMs = 86_400_000

/** Begins the end of every version that was kept as long as its dataset says, as registered now. */
export const expireVersions = (domain: Domain): Outcome<undefined> => {
  const { state, world } = domain
  for (const { dataset, retentionDays: days } of datasets(state.reader)) {
    if (days === undefined) continue
    for (const version of remainingVersions(state.reader, dataset)) {
      if (publishedMs(state.reader, version) + days * dayMs > world.nowMs()) continue
      const begun = state.commit((tx) =>
        accepted(expireVersion(tx, version, { days, actor: systemActor })),
      )
      if (!begun.ok) return begun
    }
  }
  return accepted(undefined)
}

/** Begins the end of what was set aside as long ago as its dataset says, as registered now. */
const expireQuarantines = ({ state, world, keyring }: Domain): Outcome<undefined> => {
  for (const { dataset, ingest } of datasets(state.reader)) {
    const days = ingest.quarantineDays
    if (days === undefined) continue
    for (const file of quarantinesUntil(state.reader, dataset, world.nowMs() - days * dayMs)) {
      // It ended with its version.
      if (keyring.find(file.keyIdentity) === undefined) continue
      const begun = state.commit((tx) =>
        accepted(beginQuarantineEnd(tx, file, { days, actor: systemActor })),
      )
      if (!begun.ok) return begun
    }
  }
  return accepted(undefined)
}

const finishQuarantines = async (domain: Domain): Promise<Outcome<undefined>> => {
  const { state, home } = domain
  for (const file of begunQuarantineEnds(state.reader)) {
    const doomed: Doomed = { ...file, path: filePath(home.folder, 'quarantine', file.file) }
    const ended = await endFiles(domain, [doomed])
    if (!ended.ok) return ended
    const certified = state.commit((tx) => {
      certifyQuarantineEnd(tx, file, { detail: ended.value, actor: systemActor })
      return accepted(undefined)
    })
    if (!certified.ok) return certified
  }
  return accepted(undefined)
}

/**
 * Looks after the ends of versions, of tokens and of what was set aside: what is over begins to end, what was begun is
 * finished. Never rejects.
 */
export const tendVersions = async (domain: Domain): Promise<void> => {
  if (domain.tending.isWaiting === true) return
  domain.tending.isWaiting = true
  try {
    await domain.publishing.take(async () => {
      const expired = expireVersions(domain)
      if (!expired.ok) return expired
      for (const begun of begunDestructions(domain.state.reader)) {
        const finished = await finishDestruction(domain, begun)
        if (!finished.ok) return finished
      }
      const tokens = endTokens(domain)
      if (!tokens.ok) return tokens
      const over = expireQuarantines(domain)
      return over.ok ? finishQuarantines(domain) : over
    })
  } catch (error) {
    domain.report(domain.world.id(), error)
  } finally {
    domain.tending.isWaiting = false
  }
}
