import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { accepted, type Outcome } from '../../policies/outcome.ts'
import type { Actor, Draft } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'

/**
 * A published file of one dataset under one policy. `raw` is the stem of the raw version it was made from, `file` its own on
 * the shelf `published`, `fileDigest` its SHA-256, `keyIdentity` names its key in the keyring. `facts` is canonical JSON for the operator (rows, quality): never logged.
 */
const versionSchema = z.strictObject({
  digest: digestSchema,
  dataset: nameSchema,
  datasetDigest: digestSchema,
  policyDigest: digestSchema,
  raw: z.string().min(1).max(80),
  file: z.string().min(1).max(400),
  fileDigest: digestSchema,
  keyIdentity: z.string().min(1).max(300),
  facts: z.string(),
  seq: z.int(),
})
export type StoredVersion = z.infer<typeof versionSchema>

const columns = `digest, dataset, dataset_digest AS datasetDigest, policy_digest AS policyDigest, raw, file,
  file_digest AS fileDigest, key_identity AS keyIdentity, facts, seq`

/** Of a version: nobody began to destroy it. */
const isKept = `NOT EXISTS
  (SELECT 1 FROM destructions WHERE version = versions.digest AND state <> 'proposed')`

/** Makes a version the current one of its dataset and policy. Readers of the one before keep it by its digest. */
export const publishVersion = (
  tx: Writer,
  version: Omit<StoredVersion, 'seq'>,
  actor: Actor,
  detail: Draft['detail'] = {},
): Outcome<StoredVersion> => {
  const { digest, dataset, datasetDigest, policyDigest, fileDigest, keyIdentity, ...rest } = version
  const seq = tx.log({
    actor,
    event: 'version/published',
    subject: { type: 'dataset', id: dataset },
    detail: { ...detail, version: digest, datasetDigest, policyDigest, fileDigest },
  })
  tx.insert('versions', {
    digest,
    dataset,
    dataset_digest: datasetDigest,
    policy_digest: policyDigest,
    file_digest: fileDigest,
    key_identity: keyIdentity,
    ...rest,
    seq,
  })
  return accepted({ ...version, seq })
}

/** The version a new run reads: the last one published of this dataset under this policy. */
export const currentVersion = (
  reader: Reader,
  dataset: string,
  policyDigest: string,
): StoredVersion | undefined =>
  readRow(
    versionSchema,
    reader.get(
      `SELECT ${columns} FROM versions WHERE dataset = ? AND policy_digest = ? AND ${isKept}
       ORDER BY seq DESC LIMIT 1`,
      dataset,
      policyDigest,
    ),
  )

/** The first version that was made from a raw version: it has what was counted when that came in. */
export const firstOfRaw = (reader: Reader, raw: string): StoredVersion | undefined =>
  readRow(
    versionSchema,
    reader.get(`SELECT ${columns} FROM versions WHERE raw = ? ORDER BY seq LIMIT 1`, raw),
  )

/** Versions of a dataset, the last first, under whatever policy. */
export const versionsOf = (
  reader: Reader,
  dataset: string,
  limit: number,
): readonly StoredVersion[] =>
  readRows(
    versionSchema,
    reader.all(
      `SELECT ${columns} FROM versions WHERE dataset = ? ORDER BY seq DESC LIMIT ?`,
      dataset,
      limit,
    ),
  )

export const versionOf = (reader: Reader, digest: string): StoredVersion | undefined =>
  readRow(versionSchema, reader.get(`SELECT ${columns} FROM versions WHERE digest = ?`, digest))

/** Versions of a dataset that nobody began to destroy, the oldest first. */
export const remainingVersions = (reader: Reader, dataset: string): readonly StoredVersion[] =>
  readRows(
    versionSchema,
    reader.all(
      `SELECT ${columns} FROM versions WHERE dataset = ? AND ${isKept} ORDER BY seq`,
      dataset,
    ),
  )

/** Whether another version, which stays, was made from the same raw file. */
export const isSharedRaw = (reader: Reader, { raw, digest }: StoredVersion): boolean =>
  reader.get(
    `SELECT 1 FROM versions WHERE raw = ? AND digest <> ? AND ${isKept} LIMIT 1`,
    raw,
    digest,
  ) !== undefined

const timeSchema = z.object({ timeMs: z.int() })

/** When it was published, as the log says. */
export const publishedMs = (reader: Reader, { seq }: StoredVersion): number => {
  const row = reader.get(`SELECT body ->> '$.timeMs' AS timeMs FROM entries WHERE seq = ?`, seq)
  return timeSchema.parse({ ...row }).timeMs
}

/** Of a version: its files are still to be there, be it only until they were shown not to open. */
const isStored = `NOT EXISTS
  (SELECT 1 FROM destructions WHERE version = versions.digest AND state = 'done')`

/** The file stems of versions that are not destroyed: what a sweep of the shelf leaves. */
export const versionFiles = (reader: Reader): readonly string[] =>
  reader.all(`SELECT file FROM versions WHERE ${isStored}`).map((row) => String(row['file']))

/** The keys of all versions, whatever became of them. */
export const versionKeys = (reader: Reader): readonly string[] =>
  reader.all('SELECT key_identity AS k FROM versions').map((row) => String(row['k']))

/** The stems of raw files that such a version was made from. */
export const rawFiles = (reader: Reader): ReadonlySet<string> =>
  new Set(
    reader
      .all(`SELECT DISTINCT raw FROM versions WHERE ${isStored}`)
      .map((row) => String(row['raw'])),
  )
