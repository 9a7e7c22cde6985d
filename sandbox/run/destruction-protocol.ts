import * as z from 'zod'
import { digestSchema } from '../../policies/name.ts'
import { keySchema } from './publisher-protocol.ts'

/** Tries to open a stored file under a key that is not its own: its own is gone. `path` is chosen by the keeper. */
export const destructionJobSchema = z.strictObject({
  path: z.string().startsWith('/'),
  key: keySchema,
  sha256: digestSchema,
})

/** `refused`: the engine opens it neither under another key nor under none. `gone`: there is no such file any more, or another. */
export const destructionMessageSchema = z.strictObject({
  say: z.enum(['opened', 'refused', 'gone', 'failed']),
})
export type DestructionMessage = z.infer<typeof destructionMessageSchema>
