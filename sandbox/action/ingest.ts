import { canonicalJson, digestOf } from '../../policies/canonical.ts'
import type { Dataset } from '../../policies/dataset.ts'
import { gradeOf } from '../../policies/grade.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { qualityOf } from '../../policies/quality.ts'
import { refuse } from '../../policies/refusal.ts'
import { datasetNamed, policyNamed, type Named } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { factsSchema, type Facts } from '../facts.ts'
import { neededKeys, prepareJob, type Pulled, type Wanted } from '../job.ts'
import { startChild } from '../run/child.ts'
import { askOnce } from '../run/once.ts'
import {
  publisherMessageSchema,
  type Published,
  type PublishJob,
} from '../run/publisher-protocol.ts'
import type { Actor } from '../log/entry.ts'
import type { Writer } from '../state/commit.ts'
import { putFile, type StoredFile } from '../state/files.ts'
import { notePulled } from '../state/pulls.ts'
import { firstOfRaw, publishVersion } from '../state/versions.ts'
import { actorOf } from './account.ts'

type Input = Wanted & { readonly dataset: string; readonly policy: string }

export const ingestDataset = (
  domain: Domain,
  who: Account,
  input: Omit<Input, 'pulled'>,
): Promise<Outcome<Output<'dataset/ingest'>>> => publishDataset(domain, actorOf(who), input)

/**
 * Publishes a dataset under a policy, from a file of the inbox or from the stored raw version. One at a time, the others
 * in their turn; whatever no committed version names is swept afterwards.
 */
export const publishDataset = async (
  domain: Domain,
  actor: Actor,
  input: Input,
): Promise<Outcome<Output<'dataset/ingest'>>> => {
  const known = documentsOf(domain, input)
  // A name that is not there need not wait to hear so.
  if (!known.ok) return known
  return domain.publishing.take(async () => {
    try {
      return await publishNow(domain, actor, input)
    } finally {
      domain.sweep()
    }
  })
}

const isCurrent = ({ keyring }: Domain, keys: ReadonlyMap<string, Uint8Array>): boolean =>
  [...keys].every(([identity, key]) => {
    const known = keyring.find(identity)
    return known === undefined || Buffer.compare(known, key) === 0
  })

type Documents = { readonly dataset: Named<Dataset>; readonly policy: Named<Policy> }

const documentsOf = (
  { state: { reader } }: Domain,
  input: Pick<Input, 'dataset' | 'policy'>,
): Outcome<Documents> => {
  const dataset = datasetNamed(reader, input.dataset)
  const policy = policyNamed(reader, input.policy)
  if (dataset === undefined) return refused(refuse('access/not-found', { thing: 'dataset' }))
  return policy?.value.datasets[input.dataset] === undefined
    ? refused(refuse('access/not-found', { thing: 'policy for this dataset' }))
    : accepted({ dataset, policy })
}

/** With the documents as they are when the turn has come. */
const publishNow = async (
  domain: Domain,
  actor: Actor,
  input: Input,
): Promise<Outcome<Output<'dataset/ingest'>>> => {
  const documents = documentsOf(domain, input)
  if (!documents.ok) return documents
  const { dataset, policy } = documents.value
  const values = { dataset: dataset.value, policy: policy.value }
  const prepared = prepareJob(domain, values, input)
  if (!prepared.ok) return prepared
  const { job } = prepared.value
  const published = await runJob(domain, job)
  if (!published.ok) return published
  const keys = neededKeys(prepared.value, published.value)
  // A key of the domain that was made while this file was published is the one that holds.
  if (!isCurrent(domain, keys)) return refused(refuse('run/busy', { seconds: 1 }))
  domain.keyring.keep(keys)
  const made = { ...documents.value, published: published.value, job, pulled: input.pulled }
  return keep(domain, actor, made)
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

type Made = Documents & {
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
  const { rows, columns, delivery, quarantine, classes, ageDays } = published
  const age = ageDays === undefined ? {} : { ageDays }
  const grade = classes && gradeOf(classes, { sharing: 'enclave' })
  if (delivery === undefined) {
    const first = firstOfRaw(domain.state.reader, published.raw.id)
    if (first === undefined) throw new Error('a raw version without a version')
    const { grade: _, ageDays: __, ...facts } = factsSchema.parse(JSON.parse(first.facts))
    return { ...facts, rows, columns, ...age, ...(grade && { grade }) }
  }
  const quality = qualityOf(delivery, update?.cycle)
  const aside = quarantine && { rows: quarantine.rows, reasons: quarantine.reasons }
  return {
    rows,
    columns,
    delivery,
    ...age,
    quality,
    ...(grade && { grade }),
    ...(aside && { quarantine: aside }),
  }
}
