import * as z from 'zod'
import { typeSql, type DataType } from '../relation/type.ts'
import { held, holds, limitsOf, numberLimits, numberSql, plainText, scaledText } from './decimal.ts'

/**
 * Rounds a number to the nearest multiple of a base, halves away from zero. Where that multiple is more than the type
 * holds, the farthest multiple that it holds is taken, so that no value fails and none becomes NULL.
 */
export const roundSchema = z.strictObject({
  method: z.literal('round'),
  base: z.number().positive().max(1e12),
})
type Round = z.infer<typeof roundSchema>

/**
 * By the remainder, in the column's own exact type: every step has a value for every value of it, since a remainder is
 * smaller than the base, taking it away leads towards zero, and the last step is not taken beyond the type's ends.
 */
const roundSql = ({ base }: Round, type: DataType, input: string): string => {
  const { scale, low, high } = numberLimits(type)
  const [step, rest] = [numberSql(type, base), `${input} % ${numberSql(type, base)}`]
  const multiple = `${input} - ${rest}`
  const edge = (scaled: bigint): string => `CAST('${plainText(scaled, scale)}' AS ${typeSql(type)})`
  const up = `CASE WHEN ${multiple} > ${edge(high - held(type, base))} THEN ${multiple} ELSE ${multiple} + ${step} END`
  const down = `CASE WHEN ${multiple} < ${edge(low + held(type, base))} THEN ${multiple} ELSE ${multiple} - ${step} END`
  const nearest = `CASE WHEN abs(${rest}) < ${step} - abs(${rest}) THEN ${multiple} WHEN ${input} > 0 THEN ${up} ELSE ${down} END`
  return `CAST(${nearest} AS ${typeSql(type)})`
}

const roundText = ({ base }: Round, type: DataType, text: string): string => {
  const { scale, low, high } = numberLimits(type)
  const step = held(type, base)
  const value = scaledText(text, scale)
  const [size, most] = value < 0n ? [-value, -low] : [value, high]
  const nearest = ((2n * size + step) / (2n * step)) * step
  const kept = nearest > most ? nearest - step : nearest
  return plainText(value < 0n ? -kept : kept, scale)
}

export const round = {
  takes: (type: DataType): boolean => limitsOf(type) !== undefined,
  unfit: ({ base }: Round, type: DataType): readonly number[] => (holds(type, base) ? [] : [base]),
  makesNull: false,
  sql: roundSql,
  text: roundText,
}
