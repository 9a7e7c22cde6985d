import type { Actor } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import type { Certificate } from './destructions.ts'
import { fileOf, type StoredFile } from './files.ts'

/** Rows set aside whose time is over: `begun` until their file is shown not to open, then `done`. */
export type QuarantineEnd = 'begun' | 'done'

export const endOfQuarantine = (reader: Reader, file: string): QuarantineEnd | undefined => {
  const state = reader.get('SELECT state FROM quarantine_ends WHERE file = ?', file)?.['state']
  return state === 'begun' || state === 'done' ? state : undefined
}

/** Files of a dataset's rows that were set aside up to a time, and whose end was not begun. */
export const quarantinesUntil = (
  reader: Reader,
  dataset: string,
  untilMs: number,
): readonly StoredFile[] =>
  reader
    .all(
      `SELECT f.file FROM files f JOIN entries e ON e.seq = f.seq
       WHERE f.shelf = 'quarantine' AND f.name = ? AND e.body ->> '$.timeMs' <= ?
         AND f.file NOT IN (SELECT file FROM quarantine_ends) ORDER BY f.seq`,
      dataset,
      untilMs,
    )
    .flatMap(({ file }) => fileOf(reader, 'quarantine', String(file)) ?? [])

export const begunQuarantineEnds = (reader: Reader): readonly StoredFile[] =>
  reader
    .all("SELECT file FROM quarantine_ends WHERE state = 'begun' ORDER BY seq")
    .flatMap(({ file }) => fileOf(reader, 'quarantine', String(file)) ?? [])

export const beginQuarantineEnd = (
  tx: Writer,
  { file, name, sha256 }: StoredFile,
  { days, actor }: { readonly days: number; readonly actor: Actor },
): void => {
  const seq = tx.log({
    actor,
    event: 'quarantine/expired',
    subject: { type: 'dataset', id: name },
    detail: { quarantineDigest: sha256, quarantineDays: days },
  })
  tx.insert('quarantine_ends', { file, state: 'begun', seq })
}

/** Ends it: the entry is the certificate. */
export const certifyQuarantineEnd = (
  tx: Writer,
  { file, name }: StoredFile,
  { detail, actor }: { readonly detail: Certificate; readonly actor: Actor },
): void => {
  const seq = tx.log({
    actor,
    event: 'quarantine/destroyed',
    subject: { type: 'dataset', id: name },
    detail,
  })
  tx.run("UPDATE quarantine_ends SET state = 'done', seq = ? WHERE file = ?", seq, file)
}
