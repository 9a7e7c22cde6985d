import * as z from 'zod'
import { nameSchema } from '../../policies/name.ts'

/** Most identifiers of one request. */
export const tokensAtOnceMax = 10_000

export const tokenOperations = {
  /** Tokens for identifiers of one kind, in their order. A refusal of one refuses all; its line is the place in the list. */
  'token/make': {
    input: z.strictObject({
      agreement: nameSchema,
      kind: nameSchema,
      identifiers: z.array(z.string().min(1).max(64)).min(1).max(tokensAtOnceMax),
    }),
    output: z.strictObject({ tokens: z.array(z.string()), left: z.int(), logIndex: z.int() }),
  },
} as const
