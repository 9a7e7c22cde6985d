import * as z from 'zod'
import { columnNameSchema } from './name.ts'

/** How often a department delivers, in days at most. */
export const cycles = { daily: 1, weekly: 7, monthly: 31, quarterly: 92, yearly: 366 } as const
export const cycleSchema = z.enum(Object.keys(cycles) as [Cycle, ...Cycle[]])
export type Cycle = keyof typeof cycles

const countSchema = z.int().min(0)

/** What was counted in one delivery, before anything of it was set aside. Cells of a column, unless it says rows. */
export const deliverySchema = z.strictObject({
  rows: z.int().min(1),
  /** Rows with a fault that contradicts the catalogue: of type or standard, to come, repeated, in conflict, or said otherwise elsewhere. */
  wrongRows: countSchema,
  columns: z
    .array(
      z.strictObject({
        column: columnNameSchema,
        empty: countSchema,
        /** Not in the plain form of the type. */
        unread: countSchema,
        /** With more digits than the type keeps. */
        rounded: countSchema,
        /** Identifiers in full width, lower case or with blanks around them. */
        respelled: countSchema,
        /** Said otherwise than the dataset that answers for the column, and took its value. */
        replaced: z.int().min(1).optional(),
        /** Were empty, and took its value. */
        filled: z.int().min(1).optional(),
      }),
    )
    .min(1),
  /** From the newest date of the column that the dataset declares to the day of ingest. */
  ageDays: countSchema.optional(),
})
export type Delivery = z.infer<typeof deliverySchema>

const shareSchema = z.number().min(0).max(1)

/** Quality in the four dimensions that the national opinion of 2024 names (完整性、准确性、及时性、机器可读性), each from 0 to 1. */
export const qualitySchema = z.strictObject({
  completeness: shareSchema,
  accuracy: shareSchema,
  /** Absent where the dataset declares no cycle. */
  timeliness: shareSchema.optional(),
  machineReadability: shareSchema,
})
export type Quality = z.infer<typeof qualitySchema>

/**
 * Completeness: cells that hold something, of all. Accuracy: rows that contradict nothing, of all. Machine-readability:
 * cells that were taken as they stood, of those that hold something. Timeliness: 1 up to two cycles of age (a date may
 * name a period that lasted one, and the next is under way), then falling as their quotient.
 */
export const qualityOf = (
  { rows, wrongRows, columns, ageDays }: Delivery,
  cycle: Cycle | undefined,
): Quality => {
  const total = (of: 'empty' | 'unread' | 'rounded' | 'respelled'): number =>
    columns.reduce((sum, column) => sum + column[of], 0)
  const cells = rows * columns.length
  const filled = cells - total('empty')
  const repaired = total('unread') + total('rounded') + total('respelled')
  return {
    completeness: filled / cells,
    accuracy: 1 - wrongRows / rows,
    ...(cycle !== undefined &&
      ageDays !== undefined && {
        timeliness: Math.min(1, (2 * cycles[cycle]) / Math.max(1, ageDays)),
      }),
    machineReadability: filled === 0 ? 0 : Math.max(0, 1 - repaired / filled),
  }
}
