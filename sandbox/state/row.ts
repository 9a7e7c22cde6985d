import type * as z from 'zod'
import type { Row } from './database.ts'

/** A stored row as what it must be. The file is read as hostile: another form is a damaged state and is thrown. */
export const readRow = <T>(schema: z.ZodType<T>, row: Row | undefined): T | undefined =>
  row === undefined ? undefined : schema.parse({ ...row })

export const readRows = <T>(schema: z.ZodType<T>, rows: readonly Row[]): readonly T[] =>
  rows.map((row) => schema.parse({ ...row }))
