import * as z from 'zod'

/** Keeps the first characters of a code: the district of a region, the division of an industry. */
export const prefixSchema = z.strictObject({
  method: z.literal('prefix'),
  length: z.int().min(1).max(64),
})
