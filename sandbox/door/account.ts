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

/** Of a key's life; three years at most. */
const daysSchema = z.int().min(1).max(1096)
/** The beginning of a key's SHA-256: enough to tell keys apart, not enough to be one. */
const keyNameSchema = z.string().regex(/^[0-9a-f]{16}$/, {
  message: 'a key is named by 16 hexadecimal digits',
})

export const accountOperations = {
  'account/show': { input: empty, output: accountSchema },
  'account/create': {
    input: z.strictObject({
      account: nameSchema,
      organisation: nameSchema,
      role: z.enum(roles),
      days: daysSchema,
    }),
    /** The key is shown here once and stored as its SHA-256. */
    output: z.strictObject({ account: accountSchema, key: z.string() }),
  },
  /** When an account ends, in days from now. */
  'account/term': {
    input: z.strictObject({ account: nameSchema, days: daysSchema }),
    output: z.strictObject({ account: nameSchema, expiresMs: timeSchema }),
  },
  /** A second key of one's own, which ends with the account; `overlapHours`: how long the present one is good beside it. */
  'key/issue': {
    input: z.strictObject({
      days: daysSchema.optional(),
      overlapHours: z.int().min(0).max(168).default(24),
    }),
    output: z.strictObject({
      key: z.string(),
      name: keyNameSchema,
      expiresMs: timeSchema,
      earlierExpiresMs: timeSchema,
    }),
  },
  /** Names of keys, the one that ends last first; a key itself is stored nowhere. */
  'key/list': {
    input: z.strictObject({ account: nameSchema }),
    output: z.strictObject({
      account: nameSchema,
      keys: z.array(
        z.strictObject({
          name: keyNameSchema,
          expiresMs: timeSchema,
          revokedMs: timeSchema.optional(),
        }),
      ),
    }),
  },
  'key/revoke': {
    input: z.strictObject({ account: nameSchema, name: keyNameSchema }),
    output: z.strictObject({ account: nameSchema, name: keyNameSchema, logIndex: z.int() }),
  },
} as const
