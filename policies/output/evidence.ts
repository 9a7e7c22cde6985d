import * as z from 'zod'
import { verdictSchema } from './verdict.ts'

/**
 * What reviewers see beside an output of the people door and nobody else sees: true counts, true values of what is
 * withheld, and what every rule says. `omitted`: groups whose names are not public and that fail a floor as a whole.
 */
export const evidenceSchema = z.strictObject({
  stages: z.array(
    z.strictObject({
      cells: z.array(
        z.strictObject({
          key: z.array(z.string().nullable()),
          shown: z.boolean(),
          figures: z.array(
            z.strictObject({
              name: z.string(),
              value: z.string().nullable(),
              withheld: z.boolean(),
              verdicts: z.array(verdictSchema),
            }),
          ),
        }),
      ),
      omitted: z.int().min(0),
    }),
  ),
})
export type Evidence = z.infer<typeof evidenceSchema>
export type CellEvidence = Evidence['stages'][number]['cells'][number]
