import * as z from 'zod'
import { gradeSchema } from '../policies/grade.ts'
import { columnNameSchema } from '../policies/name.ts'
import { deliverySchema, qualitySchema } from '../policies/quality.ts'
import { badCountSchema } from '../policies/quarantine.ts'

/** How many rows were set aside, and how many for each reason; those of `replaced` are not set aside. */
export const asideSchema = z.strictObject({ rows: z.int(), reasons: z.array(badCountSchema) })

/** What the operator is told of a version, kept with it: figures of the data, so never in the log. */
export const factsSchema = z.strictObject({
  rows: z.int(),
  columns: z.array(z.strictObject({ column: columnNameSchema, nulls: z.int() })),
  /** Of the file that came last into its raw version. */
  delivery: deliverySchema,
  /** From the newest date of the version to the day it was published, where the dataset says which date tells. */
  ageDays: z.int().min(0).optional(),
  quality: qualitySchema,
  /** Of the published table within the domain, where a row is an entity. */
  grade: gradeSchema.optional(),
  quarantine: asideSchema.optional(),
})
export type Facts = z.infer<typeof factsSchema>
