import * as z from 'zod'
import type { Dataset } from './dataset.ts'
import { columnNameSchema } from './name.ts'

/**
 * Why a row of a file is set aside: a cell that is not of its type, or not of its standard or list of codes; a number of the
 * kind that the standard took the place of (`outdated`); an empty cell where none may be;
 * a date that is still to come; a row that is another one again; or rows of one grain that contradict each other, of
 * which nobody here can say which is true; or a value that contradicts the dataset that answers for it. `replaced` is the one
 * reason for which a row is kept beside the version and in it too: with the value of the dataset that answers in its place.
 */
export const badReasonSchema = z.enum([
  'type',
  'standard',
  'outdated',
  'missing',
  'future',
  'repeats',
  'conflict',
  'contradicts',
  'replaced',
])
export type BadReason = z.infer<typeof badReasonSchema>

/** `column` is absent where a whole row is meant. */
const faultSchema = z.strictObject({ reason: badReasonSchema, column: columnNameSchema.optional() })

/** How many rows are set aside (or had a value replaced) for a reason. A row may be so for several. */
export const badCountSchema = faultSchema.extend({ rows: z.int().min(1) })
export type BadCount = z.infer<typeof badCountSchema>

/** A row that was set aside, or had a value replaced, as its file has it. `line` counts from 1; `isCut` where a text is longer than is shown. */
export const badRowSchema = z.strictObject({
  line: z.int().min(1),
  faults: z.array(faultSchema).min(1),
  cells: z.array(
    z.strictObject({
      column: columnNameSchema,
      text: z.string().nullable(),
      isCut: z.literal(true).optional(),
    }),
  ),
})
export type BadRow = z.infer<typeof badRowSchema>

/** How many rows of a file of `rows` may be set aside. One at least must stay. */
export const badRowsAllowed = ({ ingest: { badRowsMax } }: Dataset, rows: number): number =>
  Math.min(badRowsMax < 1 ? Math.floor(badRowsMax * rows) : badRowsMax, rows - 1)
