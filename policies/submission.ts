import * as z from 'zod'
import { nameSchema } from './name.ts'

/** Which way an answer may leave: noise (automatic, charged to the ledger) or people (exact, two reviewers). */
export const doorSchema = z.enum(['noise', 'people'])
export type Door = z.infer<typeof doorSchema>

/** Largest text accepted, in bytes of UTF-8. */
export const textBytesMax = 65_536

/** A query as submitted. Equal specifications under equal versions and policy are the same submission. */
export const submissionSchema = z.strictObject({
  kind: z.literal('query'),
  agreement: nameSchema,
  door: doorSchema.default('noise'),
  sql: z.string().min(1),
  /** zCDP rho to spend; the policy's `question.rho` when absent. 0: answer from what was released before, or not at all. */
  rho: z
    .number()
    .min(0)
    .max(10)
    .refine((rho) => rho <= 0 || rho >= 1e-9, 'at least 1e-9, or 0')
    .optional(),
})
export type Submission = z.infer<typeof submissionSchema>
