import { agreementSchema, type Agreement } from '../policies/agreement.ts'
import { datasetSchema, type Dataset } from '../policies/dataset.ts'
import { policySchema, type Policy } from '../policies/policy.ts'
import type { Account } from './door.ts'
import type { Reader } from './state/database.ts'
import { currentDocument, currentDocuments } from './state/documents.ts'
import { currentVersion, type StoredVersion } from './state/versions.ts'

/** A document with the digest of its canonical JSON. */
export type Named<T> = { readonly value: T; readonly digest: string }

/** Documents were parsed when they came in; they are parsed again when they come out of the state. */
export const datasetNamed = (reader: Reader, name: string): Named<Dataset> | undefined => {
  const stored = currentDocument(reader, 'dataset', name)
  return stored && { value: datasetSchema.parse(JSON.parse(stored.json)), digest: stored.digest }
}

export const policyNamed = (reader: Reader, name: string): Named<Policy> | undefined => {
  const stored = currentDocument(reader, 'policy', name)
  return stored && { value: policySchema.parse(JSON.parse(stored.json)), digest: stored.digest }
}

export const agreementNamed = (reader: Reader, name: string): Named<Agreement> | undefined => {
  const stored = currentDocument(reader, 'agreement', name)
  return stored && { value: agreementSchema.parse(JSON.parse(stored.json)), digest: stored.digest }
}

export const datasets = (reader: Reader): readonly Dataset[] =>
  currentDocuments(reader, 'dataset').map(({ json }) => datasetSchema.parse(JSON.parse(json)))

/** Agreements an account can see: its organisation's, or all of them where the role is not an analyst's. */
export const agreementsOf = (reader: Reader, who: Account): readonly Agreement[] =>
  currentDocuments(reader, 'agreement')
    .map(({ json }) => agreementSchema.parse(JSON.parse(json)))
    .filter(({ organisation }) => who.role !== 'analyst' || organisation === who.organisation)

/** The version a question would read: the current one of this dataset as now registered, under this policy. */
export const readable = (
  reader: Reader,
  dataset: string,
  policyDigest: string,
): StoredVersion | undefined => {
  const version = currentVersion(reader, dataset, policyDigest)
  const registered = currentDocument(reader, 'dataset', dataset)
  return version && version.datasetDigest === registered?.digest ? version : undefined
}
