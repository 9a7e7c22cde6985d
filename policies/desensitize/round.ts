import * as z from 'zod'

/** Rounds a number to the nearest multiple of a base, halves away from zero. */
export const roundSchema = z.strictObject({
  method: z.literal('round'),
  base: z.number().positive().max(1e12),
})
