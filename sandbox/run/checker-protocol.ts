import * as z from 'zod'
import { columnNameSchema, dateSchema, nameSchema } from '../../policies/name.ts'
import { refusalSchema } from '../../policies/refusal.ts'
import { treeSchema } from '../../policies/relation/tree.ts'
import { dataTypeSchema } from '../../policies/relation/type.ts'

const stubTableSchema = z.strictObject({
  dataset: nameSchema,
  columns: z
    .array(z.strictObject({ name: columnNameSchema, type: dataTypeSchema }))
    .min(1)
    .max(500),
  key: z.array(columnNameSchema).min(1).max(500).optional(),
})

/** A cell as canonical text of its type (see `expression.ts`); null is NULL. */
const cellSchema = z.string().max(65_536).nullable()

export const publicTableSchema = z.strictObject({
  name: nameSchema,
  columns: z
    .array(z.strictObject({ name: columnNameSchema, type: dataTypeSchema }))
    .min(1)
    .max(500),
  rows: z.array(z.array(cellSchema)).max(100_000),
})

/** What the keeper asks of a checker: whether it is up, to check a text, or to run a public tree over small public tables. */
export const checkerRequestSchema = z.discriminatedUnion('ask', [
  z.strictObject({ ask: z.literal('hello') }),
  z.strictObject({
    ask: z.literal('check'),
    text: z.string(),
    tables: z.array(stubTableSchema).max(200),
    today: dateSchema,
  }),
  z.strictObject({
    ask: z.literal('post'),
    tree: treeSchema,
    tables: z.array(publicTableSchema).max(64),
  }),
])
export type CheckerRequest = z.infer<typeof checkerRequestSchema>

export const checkerAnswerSchema = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('ready') }),
  z.strictObject({ answer: z.literal('tree'), tree: treeSchema }),
  z.strictObject({ answer: z.literal('refusals'), refusals: z.array(refusalSchema).min(1) }),
  z.strictObject({
    answer: z.literal('rows'),
    columns: z.array(z.strictObject({ name: z.string(), type: dataTypeSchema })),
    rows: z.array(z.array(cellSchema)),
  }),
  /** A bug or a limit of the engine; nothing of it is told. */
  z.strictObject({ answer: z.literal('failure') }),
])
export type CheckerAnswer = z.infer<typeof checkerAnswerSchema>
