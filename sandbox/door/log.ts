import * as z from 'zod'
import { digestSchema, nameSchema } from '../../policies/name.ts'
import { empty, page } from './field.ts'
import { suiteNames } from '../log/suite-name.ts'
import { tilePattern } from '../log/tile.ts'

export const inclusionSchema = z.strictObject({
  index: z.int(),
  size: z.int(),
  /** Hex hashes from the leaf's sibling to the root. */
  path: z.array(digestSchema),
  /** The entry's canonical JSON. */
  entry: z.string(),
  /** The signed checkpoint of the log as it is now; the proof leads to it where its size is `size`. */
  checkpoint: z.string(),
})

const logEntrySchema = z.strictObject({
  index: z.int(),
  entry: z.string(),
  leafHash: digestSchema,
})

const tileSchema = z.string().regex(tilePattern)
const tileOutputSchema = z.strictObject({ isFull: z.boolean(), base64: z.base64() })

export const logOperations = {
  'log/checkpoint': {
    input: empty,
    output: z.strictObject({ checkpoint: z.string(), verifier: z.string() }),
  },
  'log/list': {
    input: z.strictObject(page),
    output: z.strictObject({ entries: z.array(logEntrySchema), next: z.int().optional() }),
  },
  /** With `size`: in the log as it was when it had so many entries. */
  'log/prove': {
    input: z.strictObject({ index: z.int().min(0), size: z.int().min(1).optional() }),
    output: inclusionSchema,
  },
  /** Proof that the log of `from` entries is the beginning of the log as it is now. */
  'log/consistency': {
    input: z.strictObject({ from: z.int().min(0) }),
    output: z.strictObject({
      from: z.int(),
      /** Hex hashes, as RFC 9162 2.1.4.1 orders them. */
      path: z.array(digestSchema),
      checkpoint: z.string(),
    }),
  },
  /** Entries as a bundle and hashes as a tile of C2SP tlog-tiles; `tile` is `<index>[.p/<width>]`. */
  'log/bundle': { input: z.strictObject({ tile: tileSchema }), output: tileOutputSchema },
  'log/tile': {
    input: z.strictObject({ level: z.int().min(0).max(63), tile: tileSchema }),
    output: tileOutputSchema,
  },
  /** A stretch of an export's lines; the client joins them (`sandbox/log/verify.ts` reads the file). */
  'log/export': {
    input: z.strictObject({ from: z.int().min(0), size: z.int().min(0).optional() }),
    output: z.strictObject({ lines: z.array(z.string()), next: z.int().optional() }),
  },
  'domain/status': {
    input: empty,
    output: z.strictObject({
      version: z.string(),
      suite: z.enum(suiteNames),
      logSize: z.int(),
      waiting: z.int(),
      running: z.int(),
      /** How many datasets have had nothing new for longer than their cycle allows, and which. */
      overdue: z.int(),
      overdueDatasets: z.array(nameSchema).optional(),
      /** Open defences of this machine: network namespace, address-space limit. */
      isolation: z.record(z.string(), z.boolean()),
      inbox: z.string(),
    }),
  },
} as const

export type { SuiteName } from '../log/suite-name.ts'
