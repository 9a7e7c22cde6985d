import * as z from 'zod'
import { bucketSchema } from './bucket.ts'
import { clipSchema } from './clip.ts'
import { dateTruncateSchema } from './date-truncate.ts'
import { prefixSchema } from './prefix.ts'
import { roundSchema } from './round.ts'

/** One step of a column's desensitization 脱敏, done by the publisher before anything is queried; a file a method. */
export const desensitizationSchema = z.discriminatedUnion('method', [
  bucketSchema,
  clipSchema,
  dateTruncateSchema,
  prefixSchema,
  roundSchema,
])
export type Desensitization = z.infer<typeof desensitizationSchema>
