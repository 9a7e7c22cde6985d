import * as z from 'zod'
import { desensitizationSchema } from './desensitize/method.ts'
import { columnNameSchema, nameSchema, titleSchema } from './name.ts'

/** zCDP rho as written by people; kept as a whole number of 1e-9 (`toNano` in `privacy/amount.ts`). */
const rhoSchema = z.number().min(1e-9).max(10)
const deltaSchema = z.number().min(1e-15).max(1e-3)

/** The values a dimension can take, known without looking at data. Integers and dates as an inclusive range. */
export const domainSchema = z.union([
  z.strictObject({
    codes: z
      .array(z.union([z.string().max(128), z.int(), z.boolean()]))
      .min(1)
      .max(5000),
  }),
  z.strictObject({ range: z.tuple([z.int(), z.int()]) }),
  z.strictObject({ dates: z.tuple([z.iso.date(), z.iso.date()]) }),
])

/**
 * use: a `dimension` may be a grouping key and may be filtered; a `measure` may be aggregated within `clamp` and
 * filtered; what is not listed is hidden, and a hidden column cannot be told from one that does not exist.
 * `ofEntity`: the value is the same in all rows of one unit, so a unit falls into one group.
 */
const columnPolicySchema = z.discriminatedUnion('use', [
  z.strictObject({
    use: z.literal('dimension'),
    desensitize: z.array(desensitizationSchema).max(4).default([]),
    domain: domainSchema.optional(),
    ofEntity: z.boolean().default(false),
    sensitive: z.boolean().default(false),
  }),
  z.strictObject({
    use: z.literal('measure'),
    desensitize: z.array(desensitizationSchema).max(4).default([]),
    /** Inclusive bounds of one row's value, in the column's own unit. */
    clamp: z.tuple([z.number(), z.number()]),
    ofEntity: z.boolean().default(false),
  }),
])
export type ColumnPolicy = z.infer<typeof columnPolicySchema>

const datasetPolicySchema = z.strictObject({
  /** How much one unit may count: at most `rowsMax` rows, and at most `groupsMax` groups of one answer. */
  contribution: z.strictObject({
    rowsMax: z.int().min(1).max(100_000),
    groupsMax: z.int().min(1).max(10_000),
  }),
  columns: z.record(columnNameSchema, columnPolicySchema),
})

export const kindPolicySchema = z.strictObject({
  /** Fewest distinct entities of this kind behind a figure: `k` of the people door, shift of the noisy threshold. */
  floor: z.int().min(3).max(100_000).default(10),
  /** For kinds other than the unit: how many units one such entity may stand behind. Absent: no noise door. */
  unitsMax: z.int().min(1).max(1000).optional(),
  /** All that may ever be spent on this kind in this domain, by everybody together. */
  ledger: z.strictObject({ rho: rhoSchema, delta: deltaSchema }),
})

/** A desensitization and release policy 策略, written by an operator as YAML and addressed by its digest. */
export const policySchema = z.strictObject({
  policy: nameSchema,
  title: titleSchema,
  doors: z.array(z.enum(['noise', 'people'])).min(1),
  kinds: z.record(nameSchema, kindPolicySchema),
  question: z.strictObject({
    /** Spent when a question names no rho; the most one question may spend. */
    rho: rhoSchema,
    rhoMax: rhoSchema,
    /** The least a question may name: each run shows its time, so that none may cost next to nothing. */
    rhoMin: rhoSchema.default(1e-4),
    /** Spent by an answer whose groups are not public. */
    delta: deltaSchema,
    /** A public grid of at most this many cells is answered whole. */
    gridMax: z.int().min(1).max(100_000).default(10_000),
  }),
  /** People door: p% rule and (n, k) rule on entity totals. Not told to analysts. */
  dominance: z
    .strictObject({
      pPercent: z.number().min(1).max(100).default(10),
      n: z.int().min(1).max(5).default(2),
      kPercent: z.number().min(50).max(100).default(90),
    })
    .default({ pPercent: 10, n: 2, kPercent: 90 }),
  datasets: z.record(nameSchema, datasetPolicySchema),
})
export type Policy = z.infer<typeof policySchema>
