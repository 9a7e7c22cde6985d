import * as z from 'zod'
import { nameSchema } from '../../policies/name.ts'
import { roles } from '../../policies/roles.ts'
import { empty, timeSchema } from './field.ts'

export const accountSchema = z.strictObject({
  account: nameSchema,
  organisation: nameSchema,
  role: z.enum(roles),
  expiresMs: timeSchema,
})
export type Account = z.infer<typeof accountSchema>

export const accountOperations = {
  'account/show': { input: empty, output: accountSchema },
  'account/create': {
    input: z.strictObject({
      account: nameSchema,
      organisation: nameSchema,
      role: z.enum(roles),
      days: z.int().min(1).max(1096),
    }),
    /** The key is shown here once and stored as its SHA-256. */
    output: z.strictObject({ account: accountSchema, key: z.string() }),
  },
} as const
