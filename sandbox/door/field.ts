import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'

/** What several operations take or answer. */
export const idSchema = z.uuid()
export const timeSchema = z.int().min(0)
export const empty = z.strictObject({})
export const page = {
  cursor: z.int().min(0).optional(),
  limit: z.int().min(1).max(200).default(50),
}

/** A catalogue document as text: YAML, at most 1 MB. */
export const documentSchema = z.strictObject({ text: z.string().min(1).max(1_000_000) })
export const storedDocumentSchema = z.strictObject({
  name: nameSchema,
  digest: digestSchema,
  logIndex: z.int(),
})

export const amountSchema = z.strictObject({ rho: z.number(), delta: z.number() })

/** What is known of an answer before it is computed. */
export const forecastShape = {
  /** Number of cells of a public grid; absent where groups appear above a threshold. */
  cells: z.int().optional(),
  /** For each count and sum of the answer, the standard deviation of its noise. */
  widths: z.array(z.strictObject({ name: z.string(), sd: z.number() })),
} as const
