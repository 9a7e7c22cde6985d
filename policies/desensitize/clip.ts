import * as z from 'zod'
import type { DataType } from '../relation/type.ts'
import { held, holds, limitsOf, numberLimits, numberSql, plainText, scaledText } from './decimal.ts'

/** Moves a number outside the inclusive range onto its nearer end (top and bottom coding). */
export const clipSchema = z
  .strictObject({ method: z.literal('clip'), low: z.number(), high: z.number() })
  .refine(({ low, high }) => low < high, 'low must be below high')
type Clip = z.infer<typeof clipSchema>

/** CASE and not least/greatest: those skip NULL and would turn a missing value into a bound. */
const clipSql = ({ low, high }: Clip, type: DataType, input: string): string => {
  const [lowSql, highSql] = [numberSql(type, low), numberSql(type, high)]
  return `CASE WHEN ${input} < ${lowSql} THEN ${lowSql} WHEN ${input} > ${highSql} THEN ${highSql} ELSE ${input} END`
}

const clipText = ({ low, high }: Clip, type: DataType, text: string): string => {
  const { scale } = numberLimits(type)
  const value = scaledText(text, scale)
  if (value < held(type, low)) return plainText(held(type, low), scale)
  if (value > held(type, high)) return plainText(held(type, high), scale)
  return plainText(value, scale)
}

export const clip = {
  takes: (type: DataType): boolean => limitsOf(type) !== undefined,
  unfit: ({ low, high }: Clip, type: DataType): readonly number[] =>
    [low, high].filter((end) => !holds(type, end)),
  makesNull: false,
  sql: clipSql,
  text: clipText,
}
