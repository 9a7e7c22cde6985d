import * as z from 'zod'
import { datasetSchema, encodingSchema, formatSchema } from '../../policies/dataset.ts'
import { columnNameSchema, digestSchema, nameSchema, titleSchema } from '../../policies/name.ts'
import { protectionSchema } from '../../policies/protection.ts'
import { destructionStates } from '../../policies/states.ts'
import { qualitySchema } from '../../policies/quality.ts'
import { badRowSchema } from '../../policies/quarantine.ts'
import { asideSchema, factsSchema } from '../facts.ts'
import { pullViewSchema } from './pull.ts'
import { documentSchema, page, storedDocumentSchema, timeSchema } from './field.ts'

const catalogueColumnSchema = z.strictObject({
  name: columnNameSchema,
  title: titleSchema.optional(),
  type: z.string(),
  nullable: z.boolean(),
  use: z.enum(['entity', 'dimension', 'measure']),
  kind: nameSchema.optional(),
  /** What it touches that the law protects. */
  tags: z.array(protectionSchema).optional(),
  /** What the publisher did to it, in order. */
  desensitized: z.array(z.string()),
  domain: z.string().optional(),
  clamp: z.tuple([z.number(), z.number()]).optional(),
})
/** When more of a dataset should have come, by its cycle and the newest date of its last version. */
const freshnessSchema = z.strictObject({ dueMs: timeSchema, isOverdue: z.boolean() })

const catalogueSchema = z.strictObject({
  datasets: z.array(
    z.strictObject({
      dataset: nameSchema,
      title: titleSchema,
      department: titleSchema,
      entities: z.array(nameSchema),
      version: digestSchema.optional(),
      /** For those who look after the domain. */
      freshness: freshnessSchema.optional(),
      columns: z.array(catalogueColumnSchema),
    }),
  ),
})

export const datasetOperations = {
  'catalogue/list': {
    input: z.strictObject({ agreement: nameSchema.optional() }),
    output: catalogueSchema,
  },
  'dataset/register': { input: documentSchema, output: storedDocumentSchema },
  'dataset/ingest': {
    input: z.strictObject({
      dataset: nameSchema,
      policy: nameSchema,
      /** A file of the inbox; absent: the raw version that is there already, published under this policy. */
      file: z.string().max(255).optional(),
      /** What the file is to the rows that are stored: all there is, more of them, or more and what takes their place. */
      mode: z.enum(['replace', 'append', 'upsert']).default('replace'),
      /** What the file is, where it is another than the dataset says. */
      format: formatSchema.optional(),
      encoding: encodingSchema.optional(),
    }),
    output: z.strictObject({
      dataset: nameSchema,
      version: digestSchema,
      rows: z.int(),
      columns: z.array(z.strictObject({ name: z.string(), nulls: z.int() })),
      /** What of the file was set aside, where something was. */
      quality: qualitySchema,
      quarantine: asideSchema.optional(),
      logIndex: z.int(),
    }),
  },
  /** The dataset as it is registered now, and its last versions with what was counted of them. */
  'dataset/show': {
    input: z.strictObject({ dataset: nameSchema }),
    output: z.strictObject({
      dataset: datasetSchema,
      digest: digestSchema,
      pull: pullViewSchema.optional(),
      freshness: freshnessSchema.optional(),
      versions: z.array(
        z.strictObject({
          version: digestSchema,
          policy: nameSchema,
          publishedMs: timeSchema,
          /** Whether it is what a question under this policy reads now. */
          isCurrent: z.boolean(),
          /** Where its end was proposed, has begun, or is done. */
          destruction: z.enum(destructionStates).optional(),
          facts: factsSchema,
          logIndex: z.int(),
        }),
      ),
    }),
  },
  /** One operator proposes to destroy a version, another approves; then it is done and certified. */
  'destruction/propose': {
    input: z.strictObject({
      dataset: nameSchema,
      version: digestSchema,
      /** Goes into the log. */
      reason: z
        .string()
        .min(1)
        .max(200)
        .regex(/^[^\p{Cc}\p{Cs}]*$/u),
    }),
    output: z.strictObject({ dataset: nameSchema, version: digestSchema, logIndex: z.int() }),
  },
  'destruction/approve': {
    input: z.strictObject({ dataset: nameSchema, version: digestSchema }),
    output: z.strictObject({
      dataset: nameSchema,
      version: digestSchema,
      /** The entry of the log that says what was destroyed and how its opening was shown to fail. */
      certificate: z.string(),
      logIndex: z.int(),
    }),
  },
  /** Rows of a file that were set aside, as the file has them; `cursor` is the `next` of the page before. */
  'quarantine/show': {
    input: z.strictObject({
      dataset: nameSchema,
      /** Absent: the last version. */
      version: digestSchema.optional(),
      ...page,
    }),
    output: z.strictObject({
      dataset: nameSchema,
      version: digestSchema,
      bad: z.array(badRowSchema),
      next: z.int().optional(),
      logIndex: z.int(),
    }),
  },
} as const
