import * as z from 'zod'

const countSchema = z.int().min(0)

/** Equivalence classes of a table: rows alike in all columns by which an outsider may know somebody. */
export const classesSchema = z.strictObject({
  classes: z.int().min(1),
  smallest: z.int().min(1),
  /** Classes of fewer than 3, 5 and 20 entities. */
  below3: countSchema,
  below5: countSchema,
  below20: countSchema,
  /** Sum over all classes of one divided by their size. */
  inverses: z.number().min(0),
})
export type Classes = z.infer<typeof classesSchema>

/** How a table is shared (GB/T 37964-2019): with everybody, under an agreement, or never leaving the domain 领地公开. */
export type Sharing = 'public' | 'controlled' | 'enclave'

export const gradeSchema = z.strictObject({
  /** 1: direct identifiers; 2: none, and the risk is not low enough; 3: none, and the risk is low enough. */
  grade: z.int().min(1).max(3),
  /** Risk of re-identification, 0 to 1. */
  risk: z.number().min(0).max(1),
  smallest: z.int().min(1),
})
export type Grade = z.infer<typeof gradeSchema>

/** A table is fit to be shared where its risk is below this. */
const riskMax = 0.05
/** Context risk of an enclave with all its controls on: deliberate and inadvertent attempts 0.05 each, a breach 0.10. */
const enclaveRisk = Math.max(0.05, 0.05, 0.1)

/** Sizes of classes as their figures. */
export const classesOf = (sizes: readonly number[]): Classes => ({
  classes: sizes.length,
  smallest: Math.min(...sizes),
  below3: sizes.filter((size) => size < 3).length,
  below5: sizes.filter((size) => size < 5).length,
  below20: sizes.filter((size) => size < 20).length,
  inverses: sizes.reduce((sum, size) => sum + 1 / size, 0),
})

/**
 * The de-identification grade of a table of rows by GB/T 42460-2023, annex D: a class of size f is re-identified with
 * chance 1/f; where any chance is above the threshold of its sharing (1/20, 1/5, 1/3) the risk is 1, otherwise the
 * greatest chance (public) or the mean chance (else) times the risk of the context. Grade 4 is for aggregates, which a table of
 * rows is not. `contextRisk` is for controlled sharing, where it depends on the receiver; 1 if nothing is known.
 */
export const gradeOf = (
  classes: Classes,
  {
    sharing,
    directIdentifiers = false,
    contextRisk = 1,
  }: {
    readonly sharing: Sharing
    readonly directIdentifiers?: boolean
    readonly contextRisk?: number
  },
): Grade => {
  const above = { public: classes.below20, controlled: classes.below5, enclave: classes.below3 }
  const chance = sharing === 'public' ? 1 / classes.smallest : classes.inverses / classes.classes
  const context = { public: 1, controlled: contextRisk, enclave: enclaveRisk }
  const risk = above[sharing] > 0 ? 1 : Math.min(1, chance * context[sharing])
  const grade = directIdentifiers ? 1 : risk < riskMax ? 3 : 2
  return { grade, risk, smallest: classes.smallest }
}
