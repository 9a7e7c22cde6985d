import { checkRegistration } from '../../policies/check-registration.ts'
import { datasetSchema, type Dataset } from '../../policies/dataset.ts'
import { parseDocument } from '../../policies/document.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { ColumnPolicy, Policy } from '../../policies/policy.ts'
import { checkProtection } from '../../policies/protection.ts'
import { visibleColumns, type PublishedColumn } from '../../policies/published.ts'
import { refuse } from '../../policies/refusal.ts'
import { mayDo } from '../../policies/roles.ts'
import { typeSql } from '../../policies/relation/type.ts'
import {
  agreementsOf,
  allAgreements,
  datasetNamed,
  datasets,
  policyNamed,
  readable,
} from '../catalogue.ts'
import type { Domain } from '../domain.ts'
import type { Account, Output } from '../door.ts'
import { factsSchema } from '../facts.ts'
import { freshnessOf } from '../freshness.ts'
import { entrySchema } from '../log/entry.ts'
import { destructionOf } from '../state/destructions.ts'
import { documentOf, putDocument } from '../state/documents.ts'
import { entryAt } from '../state/log.ts'
import { versionsOf } from '../state/versions.ts'
import { actorOf } from './account.ts'
import { showPull } from './pull.ts'

export const registerDataset = (
  domain: Domain,
  who: Account,
  { text }: { readonly text: string },
): Outcome<Output<'dataset/register'>> => {
  const parsed = parseDocument(text, datasetSchema, checkProtection)
  if (!parsed.ok) return parsed
  const name = parsed.value.dataset
  return domain.state.commit((tx) => {
    const refusals = checkRegistration(parsed.value, datasets(tx), allAgreements(tx))
    if (refusals.length > 0) return refused(...refusals)
    const put = putDocument(tx, { kind: 'dataset', name, value: parsed.value }, actorOf(who))
    return put.ok ? accepted({ name, digest: put.value.digest, logIndex: put.value.seq }) : put
  })
}

const versionsMax = 20

/** The dataset as it is registered, and its last versions, the newest first. */
export const showDataset = (
  domain: Domain,
  _: Account,
  { dataset: name }: { readonly dataset: string },
): Outcome<Output<'dataset/show'>> => {
  const { reader } = domain.state
  const dataset = datasetNamed(reader, name)
  if (dataset === undefined) return refused(refuse('access/not-found', { thing: 'dataset' }))
  const versions = versionsOf(reader, name, versionsMax).map((version) => {
    const policy = documentOf(reader, 'policy', version.policyDigest)
    const entry = entryAt(reader, version.seq)
    const destruction = destructionOf(reader, version.digest)
    if (policy === undefined || entry === undefined) throw new Error('a version without its policy')
    return {
      version: version.digest,
      policy: policy.name,
      publishedMs: entrySchema.parse(JSON.parse(entry.body)).timeMs,
      isCurrent:
        policyNamed(reader, policy.name)?.digest === policy.digest &&
        readable(reader, name, policy.digest)?.digest === version.digest,
      ...(destruction && { destruction: destruction.state }),
      facts: factsSchema.parse(JSON.parse(version.facts)),
      logIndex: version.seq,
    }
  })
  const pull = showPull(domain, name)
  return accepted({
    dataset: dataset.value,
    digest: dataset.digest,
    ...(pull && { pull }),
    ...told(domain, dataset.value),
    versions,
  })
}

type Catalogue = Output<'catalogue/list'>
type Entry = Catalogue['datasets'][number]

/**
 * What there is. With an agreement (its organisation's own, for an analyst): the columns it shows and what may be done
 * with each. Without: those of all agreements the account can see, and for other roles every dataset by name.
 */
export const listCatalogue = (
  domain: Domain,
  who: Account,
  { agreement: name }: { readonly agreement?: string | undefined },
): Outcome<Catalogue> => {
  const { reader } = domain.state
  const agreements = agreementsOf(reader, who).filter(
    ({ agreement }) => name === undefined || agreement === name,
  )
  if (name !== undefined && agreements.length === 0)
    return refused(refuse('access/not-found', { thing: 'agreement' }))
  if (name === undefined && who.role !== 'analyst')
    return accepted({
      datasets: datasets(reader).map((each) => ({
        ...headOf(each),
        ...(mayDo(who.role, 'domain/status') && told(domain, each)),
        columns: [],
      })),
    })
  const found = new Map<string, Entry>()
  for (const agreement of agreements) {
    const policy = policyNamed(reader, agreement.policy)
    for (const dataset of Object.keys(agreement.datasets)) {
      const entry = datasetNamed(reader, dataset)
      if (policy === undefined || entry === undefined) continue
      const version = readable(reader, dataset, policy.digest)
      found.set(dataset, {
        ...headOf(entry.value),
        ...(version && { version: version.digest }),
        columns: visibleColumns(entry.value, policy.value, agreement).map((column) =>
          columnEntry(column, policy.value, entry.value),
        ),
      })
    }
  }
  return accepted({ datasets: [...found.values()] })
}

const told = (domain: Domain, dataset: Dataset): Pick<Entry, 'freshness'> => {
  const freshness = freshnessOf(domain, dataset)
  return freshness === undefined ? {} : { freshness }
}

const headOf = ({ dataset, title, department, entities }: Dataset): Omit<Entry, 'columns'> => ({
  dataset,
  title,
  department,
  entities: entities.map(({ kind }) => kind),
})

const columnEntry = (
  { name, type, nullable, kind }: PublishedColumn,
  policy: Policy,
  { dataset, columns }: Dataset,
): Entry['columns'][number] => {
  const rule = policy.datasets[dataset]?.columns[name]
  const tags = columns.find((column) => column.name === name)?.tags
  return {
    name,
    type: typeSql(type),
    nullable,
    use: kind === undefined ? (rule?.use ?? 'measure') : 'entity',
    ...(kind !== undefined && { kind }),
    ...(tags && { tags }),
    desensitized: (rule?.desensitize ?? []).map((step) => JSON.stringify(step)),
    ...domainEntry(rule),
  }
}

const domainEntry = (
  rule: ColumnPolicy | undefined,
): { domain?: string; clamp?: [number, number] } => {
  if (rule?.use === 'measure') return { clamp: rule.clamp }
  if (rule?.domain === undefined) return {}
  if ('codes' in rule.domain) return { domain: rule.domain.codes.slice(0, 50).join(', ') }
  const [low, high] = 'range' in rule.domain ? rule.domain.range : rule.domain.dates
  return { domain: `${low} … ${high}` }
}
