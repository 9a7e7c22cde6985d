import * as z from 'zod'
import { doorSchema } from './submission.ts'

const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null()])

/**
 * One cell of an answer: a plain value (a grouping key, or something computed from released figures), or a measure.
 * `low` and `high` bound a 95 % interval, `sd` is the standard deviation of the noise; both absent where a figure is
 * exact or was computed from others. A number with more than 15 digits is a decimal string.
 */
export const cellSchema = z.union([
  scalarSchema,
  z.strictObject({
    value: scalarSchema,
    sd: z.number().optional(),
    low: z.number().optional(),
    high: z.number().optional(),
  }),
  z.strictObject({ withheld: z.literal(true) }),
])
export type Cell = z.infer<typeof cellSchema>

/** What leaves: the table, how it was protected, and what a reader must know. Its canonical JSON is what is digested. */
export const resultSchema = z.strictObject({
  door: doorSchema,
  columns: z.array(z.strictObject({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(cellSchema)),
  /** Codes of `notes.ts` with public parameters: bounds applied, groups kept, clipping, cells withheld. */
  notes: z.array(
    z.strictObject({
      note: z.string(),
      params: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
})
export type Result = z.infer<typeof resultSchema>
