import * as z from 'zod'
import type { DataType } from '../relation/type.ts'
import { held, holds, limitsOf, numberLimits, numberSql, plainText, scaledText } from './decimal.ts'

/** Replaces a number by the lower edge of the interval it falls in: edges 0, 10, 50 send 12 to 10 and -3 to NULL. */
export const bucketSchema = z.strictObject({
  method: z.literal('bucket'),
  edges: z.array(z.number()).min(1).max(200).refine(isIncreasing, 'edges must increase'),
})
type Bucket = z.infer<typeof bucketSchema>

function isIncreasing(edges: readonly number[]): boolean {
  const sorted = edges.toSorted((left, right) => left - right)
  return new Set(edges).size === edges.length && sorted.every((edge, i) => edge === edges[i])
}

const bucketSql = ({ edges }: Bucket, type: DataType, input: string): string => {
  const branches = edges.toReversed().map((edge) => {
    const literal = numberSql(type, edge)
    return `WHEN ${input} >= ${literal} THEN ${literal}`
  })
  return `CASE ${branches.join(' ')} ELSE NULL END`
}

const bucketText = ({ edges }: Bucket, type: DataType, text: string): string | null => {
  const { scale } = numberLimits(type)
  const value = scaledText(text, scale)
  const edge = edges.map((edge) => held(type, edge)).findLast((edge) => edge <= value)
  return edge === undefined ? null : plainText(edge, scale)
}

export const bucket = {
  takes: (type: DataType): boolean => limitsOf(type) !== undefined,
  unfit: ({ edges }: Bucket, type: DataType): readonly number[] =>
    edges.filter((edge) => !holds(type, edge)),
  makesNull: true,
  sql: bucketSql,
  text: bucketText,
}
