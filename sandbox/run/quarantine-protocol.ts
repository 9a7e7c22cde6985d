import * as z from 'zod'
import { badRowSchema } from '../../policies/quarantine.ts'
import { digestSchema } from '../../policies/name.ts'
import { keySchema } from './publisher-protocol.ts'

/** Reads a page of rows that were set aside. `path` is chosen by the keeper. */
export const quarantineJobSchema = z.strictObject({
  path: z.string().startsWith('/'),
  key: keySchema,
  sha256: digestSchema,
  /** How many rows come before. */
  from: z.int().min(0),
  limit: z.int().min(1).max(200),
})

/** No word of why it failed leaves the child. */
export const quarantineMessageSchema = z.discriminatedUnion('say', [
  z.strictObject({
    say: z.literal('page'),
    rows: z.array(badRowSchema),
    next: z.int().min(1).optional(),
  }),
  z.strictObject({ say: z.literal('failed') }),
])
export type QuarantineMessage = z.infer<typeof quarantineMessageSchema>
