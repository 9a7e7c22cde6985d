import * as z from 'zod'

/** Replaces a number by the lower edge of the interval it falls in: edges 0, 10, 50 send 12 to 10 and -3 to NULL. */
export const bucketSchema = z.strictObject({
  method: z.literal('bucket'),
  edges: z.array(z.number()).min(1).max(200).refine(isIncreasing, 'edges must increase'),
})

function isIncreasing(edges: readonly number[]): boolean {
  return edges.every((edge, position) => position === 0 || edge > (edges[position - 1] ?? edge))
}
