import * as z from 'zod'
import { datasetSchema, encodingSchema, formatSchema } from '../../policies/dataset.ts'
import { classesSchema } from '../../policies/grade.ts'
import { columnNameSchema, digestSchema, nameSchema } from '../../policies/name.ts'
import { policySchema } from '../../policies/policy.ts'
import { deliverySchema } from '../../policies/quality.ts'
import { badCountSchema } from '../../policies/quarantine.ts'
import { refusalSchema } from '../../policies/refusal.ts'
import { suiteNames } from '../log/suite-name.ts'

export const keySchema = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length === 32,
)
/** The stem of a file's name in its folder of the home: chosen by the keeper, never by what is in it. */
export const fileIdSchema = z.string().regex(/^[0-9a-z][0-9a-z-]{0,79}$/)

const newFileSchema = z.strictObject({ id: fileIdSchema, key: keySchema })
const oldFileSchema = newFileSchema.extend({ sha256: digestSchema })

/** One kind's register of entities: the file to extend, if there is one, and the id of the file that takes its place. */
const registerSchema = z.strictObject({
  kind: nameSchema,
  key: keySchema,
  /** Keys the HMAC of identifiers, for ever: with another key every entity would be another. */
  hmacKey: keySchema,
  /** Where the column holds tokens: what opens them. */
  token: z.strictObject({ suite: z.enum(suiteNames), key: keySchema }).optional(),
  current: z.strictObject({ id: fileIdSchema, sha256: digestSchema }).optional(),
  next: fileIdSchema,
})
export type RegisterJob = z.infer<typeof registerSchema>

/** Publishes one version of a dataset under one policy, from a file in the inbox or from a stored raw version. */
export const publishJobSchema = z.strictObject({
  /** Absolute path of the home folder. */
  home: z.string().startsWith('/'),
  /** Names the job's own folder for half-done files. */
  job: fileIdSchema,
  dataset: datasetSchema,
  policy: policySchema,
  source: z.discriminatedUnion('from', [
    z.strictObject({
      from: z.literal('file'),
      inbox: z.string().startsWith('/'),
      /** Folders from the inbox down to the file. */
      folder: z.array(z.string().max(200)).max(4).optional(),
      file: z.string().max(255),
      /** Of the file that is meant, where that is known. */
      sha256: digestSchema.optional(),
      format: formatSchema,
      encoding: encodingSchema,
      bytesMax: z.int().min(1),
      raw: newFileSchema,
      /** The stored raw version that the file's rows come to, and what becomes of a row of theirs that is there. */
      before: z.strictObject({ mode: z.enum(['append', 'upsert']), raw: oldFileSchema }).optional(),
      /** The raw versions that answer for columns, and the column of the first entity there. */
      authorities: z
        .array(z.strictObject({ dataset: nameSchema, unit: columnNameSchema, raw: oldFileSchema }))
        .max(8)
        .optional(),
      /** Where bad rows are set aside, and kept as they came what was replaced; absent where the dataset has neither. */
      quarantine: newFileSchema.optional(),
    }),
    z.strictObject({ from: z.literal('raw'), raw: oldFileSchema }),
  ]),
  published: newFileSchema,
  registers: z.array(registerSchema).max(4),
  threads: z.int().min(1).max(64),
  memoryMb: z.int().min(64).max(1_000_000),
})
export type PublishJob = z.infer<typeof publishJobSchema>

const storedFileSchema = z.strictObject({
  id: fileIdSchema,
  sha256: digestSchema,
  bytes: z.int().min(0),
})
export type StoredFile = z.infer<typeof storedFileSchema>

/**
 * What was published. All files are in place and on the disk, and none of them counts until the keeper has committed
 * this: a register before the published file that uses it would be lost is thus no matter of order.
 */
export const publishedSchema = z.strictObject({
  rows: z.int().min(1),
  published: storedFileSchema,
  /** The raw version, new or as it was. */
  raw: storedFileSchema,
  /** Of the source file, where there was one. */
  source: z.strictObject({ sha256: digestSchema, bytes: z.int().min(1) }).optional(),
  /** What of the source file was set aside or replaced, where something was. */
  quarantine: z
    .strictObject({
      file: storedFileSchema,
      rows: z.int().min(0),
      reasons: z.array(badCountSchema).min(1),
    })
    .optional(),
  /** Of each kind that has entities: the register to use from now on, new or as it was, and how many it knows. */
  registers: z.array(
    z.strictObject({ kind: nameSchema, file: storedFileSchema, entities: z.int().min(0) }),
  ),
  /** Empty cells of the raw version. */
  columns: z.array(z.strictObject({ column: columnNameSchema, nulls: z.int().min(0) })),
  /** What was counted in the source file, where there was one. */
  delivery: deliverySchema.optional(),
  /** From the newest date of the raw version to today, where the dataset says which date tells how new it is. */
  ageDays: z.int().min(0).optional(),
  /** Of the published table, where a row is an entity. */
  classes: classesSchema.optional(),
})
export type Published = z.infer<typeof publishedSchema>

export const phaseSchema = z.enum(['check', 'load', 'verify', 'register', 'publish', 'seal'])
export type Phase = z.infer<typeof phaseSchema>

/** What the publisher says: any number of progress messages, then one answer. For the operator alone. */
export const publisherMessageSchema = z.discriminatedUnion('say', [
  z.strictObject({
    say: z.literal('progress'),
    phase: phaseSchema,
    /** Share of the phase that is done; of `check`, share of the file's bytes. */
    fraction: z.number().min(0).max(1),
  }),
  z.strictObject({ say: z.literal('published'), value: publishedSchema }),
  z.strictObject({ say: z.literal('refused'), refusals: z.array(refusalSchema).min(1) }),
  /** Nothing was published; no word of the cause leaves the child. */
  z.strictObject({ say: z.literal('failed'), fault: z.enum(['time', 'memory', 'file', 'engine']) }),
])
export type PublisherMessage = z.infer<typeof publisherMessageSchema>
