import { canonicalJson, digestOf } from '../../policies/canonical.ts'
import type { Dataset } from '../../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { refuse } from '../../policies/refusal.ts'
import { datasetNamed, policyNamed, type Named } from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { startChild } from '../run/child.ts'
import { askOnce } from '../run/once.ts'
import {
  publisherMessageSchema,
  type Published,
  type PublishJob,
} from '../run/publisher-protocol.ts'
import { currentFile, putFile } from '../state/files.ts'
import { publishVersion } from '../state/versions.ts'
import { actorOf } from './account.ts'

type Input = {
  readonly dataset: string
  readonly policy: string
  /** A file of the inbox; absent: the raw version that is there already, under this policy. */
  readonly file?: string | undefined
}

/**
 * Publishes a dataset under a policy, from a file of the inbox or from the stored raw version. One at a time; whatever no
 * committed version names is swept afterwards.
 */
export const ingestDataset = async (
  domain: Domain,
  who: Account,
  input: Input,
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
    const job = jobOf(domain, dataset.value, policy.value, input.file)
    if (!job.ok) return job
    const published = await runJob(domain, job.value)
    return published.ok
      ? keep(domain, who, { dataset, policy, published: published.value })
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
  file: string | undefined,
): Outcome<PublishJob> => {
  const { keyring, home, state } = domain
  const { bytesMax, threads, memoryMb } = domain.settings.publisher
  const fresh = (shelf: string): { id: string; key: Uint8Array } => {
    const id = domain.world.id()
    return { id, key: keyring.obtain(`${shelf}/${id}`) }
  }
  const freshRaw = () => {
    const made = fresh('vault')
    if (dataset.ingest.badRowsMax === 0) return { raw: made }
    const { id } = made
    return { raw: made, quarantine: { id, key: keyring.obtain(`quarantine/${id}`) } }
  }
  const raw = currentFile(state.reader, 'vault', dataset.dataset)
  const rawKey = raw && keyring.find(raw.keyIdentity)
  if (file === undefined && (raw === undefined || rawKey === undefined))
    return refused(refuse('source/no-raw-version', { dataset: dataset.dataset }))
  return accepted({
    home: home.folder,
    job: domain.world.id(),
    dataset,
    policy,
    source:
      file === undefined && raw !== undefined && rawKey !== undefined
        ? { from: 'raw', raw: { id: raw.file, key: rawKey, sha256: raw.sha256 } }
        : {
            from: 'csv',
            inbox: home.inbox,
            file: file ?? '',
            bytesMax,
            ...freshRaw(),
          },
    published: fresh('published'),
    registers: dataset.entities.map(({ kind }) => {
      const current = currentFile(state.reader, 'register', kind)
      return {
        kind,
        key: keyring.obtain(`register/${kind}`),
        hmacKey: keyring.obtain(`surrogate/${kind}`),
        ...(current && { current: { id: current.file, sha256: current.sha256 } }),
        next: domain.world.id(),
      }
    }),
    threads,
    memoryMb,
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
}

/** From here on the version counts: it, its raw file and its registers, in one commit. */
const keep = (
  domain: Domain,
  who: Account,
  { dataset, policy, published }: Made,
): Outcome<Output<'dataset/ingest'>> => {
  const name = dataset.value.dataset
  const { quarantine } = published
  const { id, sha256 } = published.published
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
        facts: canonicalJson({ rows: published.rows, quality: published.quality }),
      },
      actorOf(who),
      {
        rawDigest: published.raw.sha256,
        ...(quarantine && { quarantineDigest: quarantine.file.sha256 }),
        generation: domain.keyring.generation(),
      },
    )
    if (!stored.ok) return stored
    const { seq } = stored.value
    const raw = { file: published.raw.id, sha256: published.raw.sha256 }
    putFile(tx, { shelf: 'vault', name, ...raw, keyIdentity: `vault/${raw.file}` }, seq)
    if (quarantine !== undefined)
      putFile(
        tx,
        {
          shelf: 'quarantine',
          name,
          file: quarantine.file.id,
          sha256: quarantine.file.sha256,
          keyIdentity: `quarantine/${quarantine.file.id}`,
        },
        seq,
      )
    for (const { kind, file } of published.registers)
      putFile(
        tx,
        {
          shelf: 'register',
          name: kind,
          file: file.id,
          sha256: file.sha256,
          keyIdentity: `register/${kind}`,
        },
        seq,
      )
    return accepted(seq)
  })
  if (!kept.ok) return kept
  return accepted({
    dataset: name,
    version,
    rows: published.rows,
    columns: published.quality.map(({ column, nulls }) => ({ name: column, nulls })),
    ...(quarantine && { quarantine: { rows: quarantine.rows, reasons: quarantine.reasons } }),
    logIndex: kept.value,
  })
}
