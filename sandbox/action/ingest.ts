import { isInForce } from '../../policies/agreement.ts'
import { canonicalJson, digestOf } from '../../policies/canonical.ts'
import { checkAuthorities } from '../../policies/check-authority.ts'
import { tokenColumns } from '../../policies/check-token.ts'
import type { Dataset } from '../../policies/dataset.ts'
import { gradeOf } from '../../policies/grade.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { qualityOf } from '../../policies/quality.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { agreementNamed, datasetNamed, datasets, policyNamed, type Named } from '../catalogue.ts'
import { dateOf, type Domain } from '../domain.ts'
import { tokenIdentity } from '../domain/token.ts'
import type { Account, Output } from '../door.ts'
import { factsSchema, type Facts } from '../facts.ts'
import { startChild } from '../run/child.ts'
import { askOnce } from '../run/once.ts'
import {
  publisherMessageSchema,
  type Published,
  type PublishJob,
} from '../run/publisher-protocol.ts'
import type { Actor } from '../log/entry.ts'
import type { Writer } from '../state/commit.ts'
import { currentFile, putFile, type StoredFile } from '../state/files.ts'
import { notePulled } from '../state/pulls.ts'
import { firstOfRaw, publishVersion } from '../state/versions.ts'
import { actorOf } from './account.ts'

type Input = {
  readonly dataset: string
  readonly policy: string
  /** A file of the inbox; absent: the raw version that is there already, under this policy. */
  readonly file?: string | undefined
  readonly mode: 'replace' | 'append' | 'upsert'
  /** What the file is, where it is another than the dataset says. */
  readonly format?: Dataset['ingest']['format'] | undefined
  readonly encoding?: Dataset['ingest']['encoding'] | undefined
}
type FileInput = Omit<Input, 'dataset' | 'policy'> & { readonly pulled?: Pulled | undefined }

/** A file that a pull found: where in the inbox, what it holds, and by which document. */
export type Pulled = {
  readonly folder: readonly string[]
  readonly sha256: string
  readonly pull: string
}

export const ingestDataset = (
  domain: Domain,
  who: Account,
  input: Input,
): Promise<Outcome<Output<'dataset/ingest'>>> => publishDataset(domain, actorOf(who), input)

/**
 * Publishes a dataset under a policy, from a file of the inbox or from the stored raw version. One at a time; whatever no
 * committed version names is swept afterwards.
 */
export const publishDataset = async (
  domain: Domain,
  actor: Actor,
  input: Input & Pick<FileInput, 'pulled'>,
): Promise<Outcome<Output<'dataset/ingest'>>> => {
  const { reader } = domain.state
  const dataset = datasetNamed(reader, input.dataset)
  const policy = policyNamed(reader, input.policy)
  if (dataset === undefined) return refused(refuse('access/not-found', { thing: 'dataset' }))
  if (policy?.value.datasets[input.dataset] === undefined)
    return refused(refuse('access/not-found', { thing: 'policy for this dataset' }))
  if (domain.publishing.busy) return refused(refuse('run/busy', { seconds: 10 }))
  domain.publishing.busy = true
  try {
    const job = jobOf(domain, dataset.value, policy.value, input)
    if (!job.ok) return job
    const published = await runJob(domain, job.value)
    return published.ok
      ? keep(domain, actor, {
          dataset,
          policy,
          published: published.value,
          job: job.value,
          pulled: input.pulled,
        })
      : published
  } finally {
    domain.sweep()
    domain.publishing.busy = false
  }
}

const jobOf = (
  domain: Domain,
  dataset: Dataset,
  policy: Policy,
  input: FileInput,
): Outcome<PublishJob> => {
  const { keyring, home, state } = domain
  const { threads, memoryMb } = domain.settings.publisher
  const tokens = tokenKeys(domain, dataset)
  if (!tokens.ok) return tokens
  const source = sourceOf(domain, dataset, input)
  if (!source.ok) return source
  const id = domain.world.id()
  return accepted({
    home: home.folder,
    job: domain.world.id(),
    dataset,
    policy,
    source: source.value,
    published: { id, key: keyring.obtain(`published/${id}`) },
    registers: dataset.entities.map(({ kind }) => {
      const current = currentFile(state.reader, 'register', kind)
      const token = tokens.value.get(kind)
      return {
        kind,
        key: keyring.obtain(`register/${kind}`),
        hmacKey: keyring.obtain(`surrogate/${kind}`),
        ...(token && { token: { suite: keyring.suite.name, key: token } }),
        ...(current && { current: { id: current.file, sha256: current.sha256 } }),
        next: domain.world.id(),
      }
    }),
    threads,
    memoryMb,
  })
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

/** Where the rows come from: the stored raw version, a file of the inbox, or both. */
const sourceOf = (
  domain: Domain,
  entry: Dataset,
  input: FileInput,
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
    raw: { id, key: keyring.obtain(`vault/${id}`) },
    ...(stored && mode !== 'replace' && { before: { mode, raw: stored } }),
    ...(authorities.value.length > 0 && { authorities: [...authorities.value] }),
    ...(ingest.badRowsMax > 0 && {
      quarantine: { id, key: keyring.obtain(`quarantine/${id}`) },
    }),
  })
}

/** A publisher serves one job and is ended. */
const runJob = async (domain: Domain, job: PublishJob): Promise<Outcome<Published>> => {
  const { timeoutMs, ...limits } = domain.settings.publisher
  const reply = await askOnce(
    () => startChild('publisher-process', limits, domain.isolation),
    { message: job, timeoutMs },
    (message) => {
      const said = publisherMessageSchema.safeParse(message)
      return said.success && said.data.say === 'progress'
    },
  )
  const said = 'answer' in reply ? publisherMessageSchema.parse(reply.answer) : undefined
  if (said?.say === 'published') return accepted(said.value)
  if (said?.say === 'refused') return refused(...said.refusals)
  return said?.say === 'failed' && said.fault === 'file'
    ? refused(refuse('domain/file-changed', { dataset: job.dataset.dataset }))
    : refused(refuse('source/publishing-failed'))
}

type Made = {
  readonly dataset: Named<Dataset>
  readonly policy: Named<Policy>
  readonly published: Published
  readonly job: PublishJob
  readonly pulled: Pulled | undefined
}

/** From here on the version counts: it, its raw file and its registers, in one commit. */
const keep = (
  domain: Domain,
  actor: Actor,
  { dataset, policy, published, job, pulled }: Made,
): Outcome<Output<'dataset/ingest'>> => {
  const name = dataset.value.dataset
  const { quarantine } = published
  const { id, sha256 } = published.published
  const facts = factsOf(domain, dataset.value, published)
  const version = digestOf({ dataset: dataset.digest, policy: policy.digest, file: sha256 })
  const kept = domain.state.commit((tx) => {
    const stored = publishVersion(
      tx,
      {
        digest: version,
        dataset: name,
        datasetDigest: dataset.digest,
        policyDigest: policy.digest,
        raw: published.raw.id,
        file: id,
        fileDigest: sha256,
        keyIdentity: `published/${id}`,
        facts: canonicalJson(facts),
      },
      actor,
      {
        ...(pulled && { pull: pulled.pull }),
        ...originOf(job, published),
        generation: domain.keyring.generation(),
      },
    )
    if (!stored.ok) return stored
    const { seq } = stored.value
    shelve(tx, name, published, seq)
    if (pulled !== undefined) notePulled(tx, { dataset: name, sha256: pulled.sha256, seq })
    return accepted(seq)
  })
  if (!kept.ok) return kept
  return accepted({
    dataset: name,
    version,
    rows: published.rows,
    columns: published.columns.map(({ column, nulls }) => ({ name: column, nulls })),
    quality: facts.quality,
    ...(quarantine && { quarantine: { rows: quarantine.rows, reasons: quarantine.reasons } }),
    logIndex: kept.value,
  })
}

/** What a version was made of, as the log says it: files by their digest. */
const originOf = (
  { source }: PublishJob,
  { raw, quarantine }: Published,
): Record<string, string> => {
  const before = source.from === 'file' ? source.before : undefined
  return {
    rawDigest: raw.sha256,
    ...(before && { mode: before.mode, beforeDigest: before.raw.sha256 }),
    ...(quarantine && { quarantineDigest: quarantine.file.sha256 }),
  }
}

/** The raw version, what was left out of it, and the registers are from now on the current ones of their names. */
const shelve = (tx: Writer, name: string, published: Published, seq: number): void => {
  const { raw, quarantine, registers } = published
  const put = (shelf: StoredFile['shelf'], of: string, file: Published['raw'], key: string): void =>
    putFile(
      tx,
      { shelf, name: of, file: file.id, sha256: file.sha256, keyIdentity: `${shelf}/${key}` },
      seq,
    )
  put('vault', name, raw, raw.id)
  if (quarantine !== undefined) put('quarantine', name, quarantine.file, raw.id)
  for (const { kind, file } of registers) put('register', kind, file, kind)
}

/** What was counted of a stored raw version when it came in holds for every version made from it. */
const factsOf = (domain: Domain, { update }: Dataset, published: Published): Facts => {
  const { rows, columns, delivery, quarantine, classes } = published
  const grade = classes && gradeOf(classes, { sharing: 'enclave' })
  if (delivery === undefined) {
    const first = firstOfRaw(domain.state.reader, published.raw.id)
    if (first === undefined) throw new Error('a raw version without a version')
    const { grade: _, ...facts } = factsSchema.parse(JSON.parse(first.facts))
    return { ...facts, rows, columns, ...(grade && { grade }) }
  }
  const quality = qualityOf(delivery, update?.cycle)
  const aside = quarantine && { rows: quarantine.rows, reasons: quarantine.reasons }
  return {
    rows,
    columns,
    delivery,
    quality,
    ...(grade && { grade }),
    ...(aside && { quarantine: aside }),
  }
}
