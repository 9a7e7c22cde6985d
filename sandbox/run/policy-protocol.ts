import * as z from 'zod'
import { agreementSchema } from '../../policies/agreement.ts'
import { datasetSchema } from '../../policies/dataset.ts'
import { columnNameSchema, dateSchema, nameSchema } from '../../policies/name.ts'
import { policySchema } from '../../policies/policy.ts'
import { refusalSchema } from '../../policies/refusal.ts'
import { doorSchema } from '../../policies/submission.ts'

/** A cell as text; null is an empty one. */
const cellSchema = z.string().max(65_536).nullable()

/** What the author of a policy asks of the child that tries it: first the documents, then texts and rows under them. */
export const policyRequestSchema = z.discriminatedUnion('ask', [
  z.strictObject({
    ask: z.literal('set'),
    datasets: z.array(datasetSchema).max(200),
    policy: policySchema,
    agreement: agreementSchema,
    today: dateSchema,
  }),
  z.strictObject({
    ask: z.literal('text'),
    sql: z.string(),
    door: doorSchema,
    rho: z.number().optional(),
  }),
  z.strictObject({
    ask: z.literal('rows'),
    dataset: nameSchema,
    rows: z.array(z.record(columnNameSchema, cellSchema)).min(1).max(1000),
  }),
])
export type PolicyRequest = z.infer<typeof policyRequestSchema>

export const policyAnswerSchema = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('set') }),
  z.strictObject({ answer: z.literal('refused'), refusals: z.array(refusalSchema).min(1) }),
  z.strictObject({
    answer: z.literal('allowed'),
    columns: z.array(z.string()),
    cost: z.array(
      z.strictObject({ kind: nameSchema, rhoNano: z.int().min(0), deltaFemto: z.int().min(0) }),
    ),
    cells: z.int().optional(),
    level: z.int().optional(),
    reads: z.record(nameSchema, z.array(z.string())),
  }),
  z.strictObject({
    answer: z.literal('published'),
    columns: z.array(columnNameSchema),
    rows: z.array(z.array(cellSchema)),
  }),
  /** A bug or a limit of the engine; the reason is on the child's standard error. */
  z.strictObject({ answer: z.literal('failure') }),
])
export type PolicyAnswer = z.infer<typeof policyAnswerSchema>
