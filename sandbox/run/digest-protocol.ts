import * as z from 'zod'
import { digestSchema } from '../../policies/name.ts'
import { refusalSchema } from '../../policies/refusal.ts'

/** Asks what a file of the inbox holds, as a digest: the keeper opens no data itself. */
export const digestJobSchema = z.strictObject({
  inbox: z.string().startsWith('/'),
  folder: z.array(z.string().max(200)).max(4),
  file: z.string().max(255),
  bytesMax: z.int().min(1),
})

/** No word of why it failed leaves the child. */
export const digestMessageSchema = z.discriminatedUnion('say', [
  z.strictObject({ say: z.literal('digest'), sha256: digestSchema }),
  z.strictObject({ say: z.literal('refused'), refusals: z.array(refusalSchema).min(1) }),
  z.strictObject({ say: z.literal('failed') }),
])
export type DigestMessage = z.infer<typeof digestMessageSchema>
