import * as z from 'zod'
import { canonicalJson, digestOf } from '../../policies/canonical.ts'
import type { LogEvent } from '../../policies/event.ts'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import type { Actor, Draft } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'

const kindSchema = z.enum(['dataset', 'policy', 'agreement', 'pull'])
export type DocumentKind = z.infer<typeof kindSchema>

const events: Readonly<Record<DocumentKind, LogEvent>> = {
  dataset: 'dataset/registered',
  policy: 'policy/published',
  agreement: 'agreement/signed',
  pull: 'pull/set',
}

/** `json` is canonical, and its SHA-256 is `digest`; checked at every reading. `seq` is the place of its log entry. */
const documentSchema = z
  .strictObject({
    kind: kindSchema,
    name: nameSchema,
    digest: digestSchema,
    json: z.string(),
    seq: z.int(),
  })
  .refine(({ json, digest }) => digestOf(JSON.parse(json)) === digest, {
    message: 'a stored document is not what its digest says',
  })
export type StoredDocument = z.infer<typeof documentSchema>

const columns = 'd.kind, d.name, d.digest, d.json, d.seq'

/**
 * Keeps a document and makes it the current one of its name. The same content again changes nothing. An agreement is
 * signed once: other content under its name is refused (`submission/conflict`).
 */
export const putDocument = (
  tx: Writer,
  { kind, name, value }: { kind: DocumentKind; name: string; value: unknown },
  actor: Actor,
  detail: Draft['detail'] = {},
): Outcome<StoredDocument> => {
  const [json, digest] = [canonicalJson(value), digestOf(value)]
  const current = currentDocument(tx, kind, name)
  if (current?.digest === digest) return accepted(current)
  if (kind === 'agreement' && current !== undefined)
    return refused(refuse('submission/conflict', { what: name }))
  const seq = tx.log({
    actor,
    event: events[kind],
    subject: { type: kind, id: name },
    detail: { ...detail, digest, ...(current && { previous: current.digest }) },
  })
  const document = { kind, name, digest, json, seq }
  keepDocument(tx, document)
  makeCurrent(tx, document)
  return accepted(document)
}

/** Keeps a document under its digest, unless it is there already. */
export const keepDocument = (tx: Writer, document: StoredDocument): void => {
  if (documentOf(tx, document.kind, document.digest) === undefined) tx.insert('documents', document)
}

export const makeCurrent = (
  tx: Writer,
  { kind, name, digest }: Pick<StoredDocument, 'kind' | 'name' | 'digest'>,
): void =>
  void tx.run(
    `INSERT INTO current_documents (kind, name, digest) VALUES (?, ?, ?)
     ON CONFLICT (kind, name) DO UPDATE SET digest = excluded.digest`,
    kind,
    name,
    digest,
  )

export const currentDocument = (
  reader: Reader,
  kind: DocumentKind,
  name: string,
): StoredDocument | undefined =>
  readRow(
    documentSchema,
    reader.get(
      `SELECT ${columns} FROM current_documents c JOIN documents d USING (kind, digest)
       WHERE c.kind = ? AND c.name = ?`,
      kind,
      name,
    ),
  )

/** The digest of the current document of a name: what was read under it before need not be read again. */
export const currentDigest = (
  reader: Reader,
  kind: DocumentKind,
  name: string,
): string | undefined => {
  const row = reader.get(
    'SELECT digest FROM current_documents WHERE kind = ? AND name = ?',
    kind,
    name,
  )
  return row && String(row['digest'])
}

/** Any version of a document, by its digest. */
export const documentOf = (
  reader: Reader,
  kind: DocumentKind,
  digest: string,
): StoredDocument | undefined =>
  readRow(
    documentSchema,
    reader.get(
      `SELECT ${columns} FROM documents d WHERE d.kind = ? AND d.digest = ?`,
      kind,
      digest,
    ),
  )

/** The current documents of a kind, by name. */
export const currentDocuments = (reader: Reader, kind: DocumentKind): readonly StoredDocument[] =>
  readRows(
    documentSchema,
    reader.all(
      `SELECT ${columns} FROM current_documents c JOIN documents d USING (kind, digest)
       WHERE c.kind = ? ORDER BY c.name`,
      kind,
    ),
  )

/** Names of all policies there are or that wait for approval. */
export const policyNames = (reader: Reader): readonly string[] =>
  reader
    .all("SELECT DISTINCT name FROM documents WHERE kind = 'policy' ORDER BY name")
    .map((row) => String(row['name']))
