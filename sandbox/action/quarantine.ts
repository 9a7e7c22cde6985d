import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { datasetNamed } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import { filePath } from '../domain/home.ts'
import type { Account, Output } from '../door.ts'
import { startChild } from '../run/child.ts'
import { askOnce } from '../run/once.ts'
import { quarantineMessageSchema, type QuarantineMessage } from '../run/quarantine-protocol.ts'
import { destructionOf } from '../state/destructions.ts'
import { fileOf, type StoredFile } from '../state/files.ts'
import { endOfQuarantine } from '../state/quarantine-ends.ts'
import { versionOf, versionsOf } from '../state/versions.ts'
import { actorOf } from './account.ts'

type Input = {
  readonly dataset: string
  readonly version?: string | undefined
  readonly cursor?: number | undefined
  readonly limit: number
}
type Page = Extract<QuarantineMessage, { say: 'page' }>

const timeoutMs = 20_000

/**
 * Shows rows of a file that were left out of a version. A source sees those of its own organisation's datasets; another
 * dataset and none look alike. That it looked is in the log before anything is read.
 */
export const showQuarantine = async (
  domain: Domain,
  who: Account,
  { dataset: name, version: digest, cursor: from = 0, limit }: Input,
): Promise<Outcome<Output<'quarantine/show'>>> => {
  const { reader } = domain.state
  const dataset = datasetNamed(reader, name)?.value
  const isOpen = who.role === 'operator' || dataset?.organisation === who.organisation
  if (dataset === undefined || !isOpen)
    return refused(refuse('access/not-found', { thing: 'dataset' }))
  const version = digest === undefined ? versionsOf(reader, name, 1)[0] : versionOf(reader, digest)
  if (version?.dataset !== name) return refused(refuse('access/not-found', { thing: 'version' }))
  const ending = destructionOf(reader, version.digest)
  if (ending !== undefined && ending.state !== 'proposed')
    return refused(refuse('access/not-found', { thing: 'version' }))
  const file = fileOf(reader, 'quarantine', version.raw)
  if (file !== undefined && endOfQuarantine(reader, file.file) !== undefined)
    return refused(refuse('source/quarantine-over', { version: version.digest }))
  if (domain.reading.busy) return refused(refuse('run/busy', { seconds: 2 }))
  const logged = domain.state.commit((tx) =>
    accepted(
      tx.log({
        actor: actorOf(who),
        event: 'quarantine/viewed',
        subject: { type: 'dataset', id: name },
        detail: { version: version.digest, from, limit },
      }),
    ),
  )
  if (!logged.ok) return logged
  const page = file === undefined ? { rows: [] } : await readPage(domain, file, { from, limit })
  return accepted({
    dataset: name,
    version: version.digest,
    bad: page.rows,
    ...('next' in page && { next: page.next }),
    logIndex: logged.value,
  })
}

/** Throws where the file is not what the log says or cannot be read: an incident of the operator's. */
const readPage = async (
  domain: Domain,
  { file, sha256, keyIdentity }: StoredFile,
  place: { readonly from: number; readonly limit: number },
): Promise<Omit<Page, 'say'>> => {
  const key = domain.keyring.find(keyIdentity)
  if (key === undefined) throw new Error('what was set aside has no key')
  const path = filePath(domain.home.folder, 'quarantine', file)
  const { addressSpaceMb, heapMb } = domain.settings.publisher
  domain.reading.busy = true
  try {
    const reply = await askOnce(
      () => startChild('quarantine-process', { addressSpaceMb, heapMb }, domain.isolation),
      { message: { path, key, sha256, ...place }, timeoutMs },
    )
    const said = 'answer' in reply ? quarantineMessageSchema.parse(reply.answer) : undefined
    if (said?.say !== 'page') throw new Error('what was set aside could not be read')
    return said
  } finally {
    domain.reading.busy = false
  }
}
