import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { pullSchema } from '../../policies/pull.ts'
import { refusalSchema } from '../../policies/refusal.ts'
import { documentSchema, storedDocumentSchema, timeSchema } from './field.ts'

/** How a pull is doing, for the operator. */
export const pullViewSchema = z.strictObject({
  pull: pullSchema,
  digest: digestSchema,
  isPaused: z.boolean(),
  /** When it is looked next; absent while it is paused. */
  nextMs: timeSchema.optional(),
  /** Contents taken so far. */
  files: z.int().min(0),
  /** Looks that failed in a row, and what ended the last of them. */
  failures: z.int().min(0),
  problem: z
    .strictObject({
      file: z.string().optional(),
      refusals: z.array(refusalSchema).min(1),
      timeMs: timeSchema,
    })
    .optional(),
})

export const pullOperations = {
  'pull/set': { input: documentSchema, output: storedDocumentSchema },
  'pull/switch': {
    input: z.strictObject({ dataset: nameSchema, isPaused: z.boolean() }),
    output: pullViewSchema,
  },
  /** Looks into the folder now, also while the pull is paused. */
  'pull/look': {
    input: z.strictObject({ dataset: nameSchema }),
    output: z.strictObject({
      versions: z.array(z.strictObject({ version: digestSchema, rows: z.int() })),
      /** Why it ended before the last file. */
      refusals: z.array(refusalSchema),
      pull: pullViewSchema,
    }),
  },
} as const
