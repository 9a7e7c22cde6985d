import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'

/**
 * A file of the domain that no question reads: a raw version of a dataset (`vault`, by the dataset's name), the rows that
 * were left out of it (`quarantine`, with the stem of the raw version) or the register of a kind of entity (`register`, by
 * the kind). `file` is its stem, `keyIdentity` names its key in the ring.
 */
const fileSchema = z.strictObject({
  shelf: z.enum(['vault', 'quarantine', 'register']),
  file: z.string().min(1).max(80),
  name: nameSchema,
  sha256: digestSchema,
  keyIdentity: z.string().min(1).max(300),
})
export type StoredFile = z.infer<typeof fileSchema>

const columns = 'shelf, file, name, sha256, key_identity AS keyIdentity'

/** Keeps a file, from now on the current one of its name. Logged with the version it belongs to, at `seq`. */
export const putFile = (tx: Writer, file: StoredFile, seq: number): void => {
  if (fileOf(tx, file.shelf, file.file) !== undefined) return
  const { keyIdentity, ...rest } = file
  tx.insert('files', { ...rest, key_identity: keyIdentity, seq })
}

/** The last file of its name; of a dataset's raw versions the last from which a version is left. */
export const currentFile = (
  reader: Reader,
  shelf: StoredFile['shelf'],
  name: string,
): StoredFile | undefined =>
  readRow(
    fileSchema,
    reader.get(
      `SELECT ${columns} FROM files WHERE shelf = ? AND name = ?
         AND (shelf = 'register' OR EXISTS (SELECT 1 FROM versions WHERE raw = files.file
           AND NOT EXISTS (SELECT 1 FROM destructions d WHERE d.version = digest AND d.state <> 'proposed')))
       ORDER BY seq DESC LIMIT 1`,
      shelf,
      name,
    ),
  )

/** A file by its stem. */
export const fileOf = (
  reader: Reader,
  shelf: StoredFile['shelf'],
  file: string,
): StoredFile | undefined =>
  readRow(
    fileSchema,
    reader.get(`SELECT ${columns} FROM files WHERE shelf = ? AND file = ?`, shelf, file),
  )

export const storedFiles = (reader: Reader): readonly StoredFile[] =>
  readRows(fileSchema, reader.all(`SELECT ${columns} FROM files ORDER BY seq`))
