import { isInForce } from '../policies/agreement.ts'
import { checkAuthorities } from '../policies/check-authority.ts'
import { tokenColumns } from '../policies/check-token.ts'
import type { Dataset } from '../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import type { Policy } from '../policies/policy.ts'
import { checkProtection } from '../policies/protection.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import { agreementNamed, datasetNamed, datasets } from './catalogue.ts'
import { dateOf, type Domain } from './domain.ts'
import { tokenIdentity } from './domain/token.ts'
import type { Published, PublishJob } from './run/publisher-protocol.ts'
import { currentFile } from './state/files.ts'

/** What a version is to be made of. */
export type Wanted = {
  /** A file of the inbox; absent: the raw version that is there already, under this policy. */
  readonly file?: string | undefined
  readonly mode: 'replace' | 'append' | 'upsert'
  /** What the file is, where it is another than the dataset says. */
  readonly format?: Dataset['ingest']['format'] | undefined
  readonly encoding?: Dataset['ingest']['encoding'] | undefined
  readonly pulled?: Pulled | undefined
}

/** A file that a pull found: where in the inbox, what it holds, and by which document. */
export type Pulled = {
  readonly folder: readonly string[]
  readonly sha256: string
  readonly pull: string
}

/** A job, and the keys that were made for it: they stand in no ring until something is made with them. */
export type Prepared = { readonly job: PublishJob; readonly keys: ReadonlyMap<string, Uint8Array> }

/** The key of an identity: from the ring, or a new one that is remembered in `made`. */
type KeyOf = (identity: string) => Uint8Array

export const prepareJob = (
  domain: Domain,
  { dataset, policy }: { readonly dataset: Dataset; readonly policy: Policy },
  wanted: Wanted,
): Outcome<Prepared> => {
  const { keyring, home, state, world } = domain
  const { threads, memoryMb } = domain.settings.publisher
  const keys = new Map<string, Uint8Array>()
  const keyOf: KeyOf = (identity) => {
    const key = keyring.find(identity) ?? world.randomBytes(32)
    keys.set(identity, key)
    return key
  }
  // The catalogue refuses it already: what was registered otherwise comes in no more.
  const protections = checkProtection(dataset)
  if (protections.length > 0) return refused(...protections)
  const tokens = tokenKeys(domain, dataset)
  if (!tokens.ok) return tokens
  const source = sourceOf(domain, dataset, wanted, keyOf)
  if (!source.ok) return source
  const id = world.id()
  const job: PublishJob = {
    home: home.folder,
    job: world.id(),
    dataset,
    policy,
    source: source.value,
    published: { id, key: keyOf(`published/${id}`) },
    registers: dataset.entities.map(({ kind }) => {
      const current = currentFile(state.reader, 'register', kind)
      const token = tokens.value.get(kind)
      return {
        kind,
        key: keyOf(`register/${kind}`),
        hmacKey: keyOf(`surrogate/${kind}`),
        ...(token && { token: { suite: keyring.suite.name, key: token } }),
        ...(current && { current: { id: current.file, sha256: current.sha256 } }),
        next: world.id(),
      }
    }),
    threads,
    memoryMb,
  }
  return accepted({ job, keys })
}

/** The keys of what was made, without which nothing of it can be read: to be kept before it counts. */
export const neededKeys = (
  { job, keys }: Prepared,
  { raw, published, quarantine, registers }: Published,
): ReadonlyMap<string, Uint8Array> => {
  const identities = [
    `published/${published.id}`,
    ...(job.source.from === 'file' ? [`vault/${raw.id}`] : []),
    ...(quarantine ? [`quarantine/${raw.id}`] : []),
    ...registers.flatMap(({ kind }) => [`register/${kind}`, `surrogate/${kind}`]),
  ]
  return new Map(
    identities.map((identity) => {
      const key = keys.get(identity)
      if (key === undefined) throw new Error('a file was made without a key')
      return [identity, key]
    }),
  )
}

/** By kind, what opens the tokens in a dataset's columns; refused where their agreement is over or made none. */
const tokenKeys = (domain: Domain, dataset: Dataset): Outcome<ReadonlyMap<string, Uint8Array>> => {
  const refusals: Refusal[] = []
  const keys = new Map<string, Uint8Array>()
  for (const { column, kind, agreement: name } of tokenColumns(dataset)) {
    const agreement = agreementNamed(domain.state.reader, name)?.value
    const key = domain.keyring.find(tokenIdentity(name, kind))
    if (agreement?.tokens?.includes(kind) !== true)
      refusals.push(refuse('source/token-not-agreed', { column, agreement: name, kind }))
    else if (key === undefined || !isInForce(agreement, dateOf(domain)))
      refusals.push(refuse('source/token-over', { column, agreement: name }))
    else keys.set(kind, key)
  }
  return refusals.length > 0 ? refused(...refusals) : accepted(keys)
}

type Authority = NonNullable<Extract<PublishJob['source'], { from: 'file' }>['authorities']>[number]

/** The raw versions that answer for columns of a dataset, each once; the catalogue may have changed since it was registered. */
const authoritiesOf = (
  { state, keyring }: Domain,
  dataset: Dataset,
): Outcome<readonly Authority[]> => {
  const refusals = [...checkAuthorities(dataset, datasets(state.reader))]
  const found = new Map<string, Authority>()
  for (const { name: column, authority } of dataset.columns) {
    if (authority === undefined || found.has(authority.dataset)) continue
    const unit = datasetNamed(state.reader, authority.dataset)?.value.entities[0]?.column
    const current = currentFile(state.reader, 'vault', authority.dataset)
    const key = current && keyring.find(current.keyIdentity)
    if (unit === undefined || current === undefined || key === undefined)
      refusals.push(refuse('source/authority-missing', { dataset: authority.dataset, column }))
    else {
      const raw = { id: current.file, key, sha256: current.sha256 }
      found.set(authority.dataset, { dataset: authority.dataset, unit, raw })
    }
  }
  return refusals.length > 0 ? refused(...refusals) : accepted([...found.values()])
}

/** Whether rows of a file may be left out, or kept as they came because a value was replaced. */
const setsAside = ({ ingest, columns }: Dataset): boolean =>
  ingest.badRowsMax > 0 || columns.some(({ authority }) => authority?.otherwise === 'replaced')

/** Where the rows come from: the stored raw version, a file of the inbox, or both. */
const sourceOf = (
  domain: Domain,
  entry: Dataset,
  input: Wanted,
  keyOf: KeyOf,
): Outcome<PublishJob['source']> => {
  const { keyring, home, state, settings, world } = domain
  const { dataset, ingest } = entry
  const { file, mode } = input
  const current = currentFile(state.reader, 'vault', dataset)
  const currentKey = current && keyring.find(current.keyIdentity)
  const stored = current &&
    currentKey && { id: current.file, key: currentKey, sha256: current.sha256 }
  if (stored === undefined && (file === undefined || mode !== 'replace'))
    return refused(refuse('source/no-raw-version', { dataset }))
  if (file === undefined)
    return stored === undefined || mode !== 'replace'
      ? refused(refuse('submission/malformed', { where: 'mode', problem: 'needs a file' }))
      : accepted({ from: 'raw', raw: stored })
  const authorities = authoritiesOf(domain, entry)
  if (!authorities.ok) return authorities
  const id = world.id()
  return accepted({
    from: 'file',
    inbox: home.inbox,
    file,
    ...(input.pulled && { folder: [...input.pulled.folder], sha256: input.pulled.sha256 }),
    format: input.format ?? ingest.format,
    encoding: input.encoding ?? ingest.encoding,
    bytesMax: settings.publisher.bytesMax,
    raw: { id, key: keyOf(`vault/${id}`) },
    ...(stored && mode !== 'replace' && { before: { mode, raw: stored } }),
    ...(authorities.value.length > 0 && { authorities: [...authorities.value] }),
    ...(setsAside(entry) && {
      quarantine: { id, key: keyOf(`quarantine/${id}`) },
    }),
  })
}
