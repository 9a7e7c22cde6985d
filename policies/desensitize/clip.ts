import * as z from 'zod'

/** Moves a number outside the inclusive range onto its nearer end (top and bottom coding). */
export const clipSchema = z
  .strictObject({ method: z.literal('clip'), low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, 'low must be below high')
