import type * as z from 'zod'
import { agreementSchema, type Agreement } from '../policies/agreement.ts'
import { datasetSchema, type Dataset } from '../policies/dataset.ts'
import { policySchema, type Policy } from '../policies/policy.ts'
import type { Account } from './door.ts'
import type { Reader } from './state/database.ts'
import {
  currentDigest,
  currentDocuments,
  documentOf,
  type DocumentKind,
} from './state/documents.ts'
import { currentVersion, type StoredVersion } from './state/versions.ts'

/** A document with the digest of its canonical JSON. */
export type Named<T> = { readonly value: T; readonly digest: string }

/** Documents by their digest, parsed: they are immutable, and every check reads several. */
const parsed = new Map<string, unknown>()
const parsedMax = 1000

/** Documents were parsed when they came in; they are parsed again when they come out of the state. */
const named = <T>(
  reader: Reader,
  { kind, schema }: { readonly kind: DocumentKind; readonly schema: z.ZodType<T> },
  name: string,
): Named<T> | undefined => {
  const digest = currentDigest(reader, kind, name)
  if (digest === undefined) return undefined
  const known = parsed.get(digest) as T | undefined
  if (known !== undefined) return { value: known, digest }
  const stored = documentOf(reader, kind, digest)
  if (stored === undefined) throw new Error('a current document that is not there')
  const value = schema.parse(JSON.parse(stored.json))
  if (parsed.size >= parsedMax) parsed.clear()
  parsed.set(digest, value)
  return { value, digest }
}

export const datasetNamed = (reader: Reader, name: string): Named<Dataset> | undefined =>
  named(reader, { kind: 'dataset', schema: datasetSchema }, name)

export const policyNamed = (reader: Reader, name: string): Named<Policy> | undefined =>
  named(reader, { kind: 'policy', schema: policySchema }, name)

export const agreementNamed = (reader: Reader, name: string): Named<Agreement> | undefined =>
  named(reader, { kind: 'agreement', schema: agreementSchema }, name)

export const datasets = (reader: Reader): readonly Dataset[] =>
  currentDocuments(reader, 'dataset').map(({ json }) => datasetSchema.parse(JSON.parse(json)))

/** Agreements an account can see: its organisation's, or all of them where the role is not an analyst's. */
export const agreementsOf = (reader: Reader, who: Account): readonly Agreement[] =>
  allAgreements(reader).filter(
    ({ organisation }) => who.role !== 'analyst' || organisation === who.organisation,
  )

export const allAgreements = (reader: Reader): readonly Agreement[] =>
  currentDocuments(reader, 'agreement').map(({ json }) => agreementSchema.parse(JSON.parse(json)))

/** The version a question would read: the current one of this dataset as now registered, under this policy. */
export const readable = (
  reader: Reader,
  dataset: string,
  policyDigest: string,
): StoredVersion | undefined => {
  const version = currentVersion(reader, dataset, policyDigest)
  return version?.datasetDigest === currentDigest(reader, 'dataset', dataset) ? version : undefined
}
