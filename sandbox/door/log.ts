import * as z from 'zod'
import { digestSchema } from '../../policies/name.ts'
import { empty, page } from './field.ts'

export const inclusionSchema = z.strictObject({
  index: z.int(),
  size: z.int(),
  /** Hex hashes from the leaf's sibling to the root. */
  path: z.array(digestSchema),
  /** The entry's canonical JSON. */
  entry: z.string(),
  /** The signed checkpoint the proof leads to. */
  checkpoint: z.string(),
})

const logEntrySchema = z.strictObject({
  index: z.int(),
  entry: z.string(),
  leafHash: digestSchema,
})

export const logOperations = {
  'log/checkpoint': {
    input: empty,
    output: z.strictObject({ checkpoint: z.string(), verifier: z.string() }),
  },
  'log/list': {
    input: z.strictObject(page),
    output: z.strictObject({ entries: z.array(logEntrySchema), next: z.int().optional() }),
  },
  'log/prove': { input: z.strictObject({ index: z.int().min(0) }), output: inclusionSchema },
  /** A stretch of an export's lines; the client joins them (`sandbox/log/verify.ts` reads the file). */
  'log/export': {
    input: z.strictObject({ from: z.int().min(0), size: z.int().min(0).optional() }),
    output: z.strictObject({ lines: z.array(z.string()), next: z.int().optional() }),
  },
  'domain/status': {
    input: empty,
    output: z.strictObject({
      version: z.string(),
      logSize: z.int(),
      waiting: z.int(),
      running: z.int(),
      /** Open defences of this machine: network namespace, address-space limit. */
      isolation: z.record(z.string(), z.boolean()),
      inbox: z.string(),
    }),
  },
} as const
