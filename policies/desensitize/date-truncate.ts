import * as z from 'zod'

/** Moves a date to the first day of its year, quarter or month. */
export const dateTruncateSchema = z.strictObject({
  method: z.literal('date-truncate'),
  to: z.enum(['year', 'quarter', 'month']),
})
