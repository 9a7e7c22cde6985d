import * as z from 'zod'
import { columnNameSchema, dateSchema, nameSchema } from './name.ts'
import { codeSchema, refuse, type Refusal } from './refusal.ts'
import { doorSchema } from './submission.ts'

/** A document as it stands in the test, or the path of its file, from the folder of the test. */
const sourceSchema = z.union([z.string().min(1).max(500), z.looseObject({})])
const wordsSchema = z.string().min(1).max(200)
const codesSchema = z.array(codeSchema).min(1).max(50)

/** A text, and what must become of it. `refuse` names all codes of the refusals; their number and order are free. */
const textCaseSchema = z.strictObject({
  case: wordsSchema,
  sql: z.string().min(1),
  door: doorSchema.default('noise'),
  rho: z.number().min(1e-9).max(10).optional(),
  allow: z
    .union([
      z.literal(true),
      z.strictObject({
        /** Names of the answer's columns, in order. */
        columns: z.array(z.string().max(255)).optional(),
        /** The most rho for each kind of entity; one that is not named must not be charged. */
        cost: z.record(nameSchema, z.number().min(0)).optional(),
        /** Number of cells of a public grid. */
        cells: z.int().min(1).optional(),
        /** Level of what it works on. */
        level: z.int().min(1).max(5).optional(),
      }),
    ])
    .optional(),
  refuse: codesSchema.optional(),
  /** Why this case is not tried at present. */
  skip: wordsSchema.optional(),
})
export type TextCase = z.infer<typeof textCaseSchema>

const cellSchema = z.union([z.string().max(65_536), z.number(), z.boolean(), z.null()])
const rowsSchema = z.array(z.record(columnNameSchema, cellSchema)).min(1).max(1000)

/** Raw rows, and how they are published or why they are not. What a row leaves out is not looked at. */
const dataCaseSchema = z.strictObject({
  case: wordsSchema,
  dataset: nameSchema,
  rows: rowsSchema,
  published: rowsSchema.optional(),
  refuse: codesSchema.optional(),
  skip: wordsSchema.optional(),
})
export type DataCase = z.infer<typeof dataCaseSchema>

/**
 * A test of a policy: the documents it is about, and cases of texts and of data, some to be allowed and some to be
 * refused. Without an agreement all that the policy opens may be asked for.
 */
export const policyTestSchema = z.strictObject({
  test: wordsSchema,
  policy: sourceSchema,
  datasets: z.array(sourceSchema).min(1).max(200),
  agreement: sourceSchema.optional(),
  /** What `current_date` means, and the day on which the agreement must be in force; its first day if absent. */
  today: dateSchema.optional(),
  cases: z.array(textCaseSchema).min(1).max(1000),
  data: z.array(dataCaseSchema).max(1000).default([]),
})
export type PolicyTest = z.infer<typeof policyTestSchema>

/**
 * Each case says one thing that must come of it, and at least one text must be refused: a test that allows everything
 * passes under a policy that protects nothing.
 */
export const checkPolicyTest = ({ cases, data }: PolicyTest): readonly Refusal[] => [
  ...cases.flatMap(({ allow, refuse: codes }, at) =>
    (allow === undefined) === (codes === undefined)
      ? [refuse('source/one-outcome', { where: `cases.${at}`, allowed: 'allow, refuse' })]
      : [],
  ),
  ...data.flatMap(({ published, refuse: codes }, at) =>
    (published === undefined) === (codes === undefined)
      ? [refuse('source/one-outcome', { where: `data.${at}`, allowed: 'published, refuse' })]
      : [],
  ),
  ...(cases.some((each) => each.refuse !== undefined && each.skip === undefined)
    ? []
    : [refuse('source/nothing-refused', { where: 'cases' })]),
]
