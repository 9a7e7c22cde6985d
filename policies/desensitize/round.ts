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
 * On whole numbers at the type's scale, in HUGEINT, whose `//` cuts towards zero: (2 |x| + base) // (2 base) multiples.
 * The multiple is at most 10^18 in size (a DECIMAL has at most 18 digits and base is at least its last digit) or 2^63,
 * so neither the product back to the type's scale nor any step before it leaves HUGEINT or DECIMAL(38).
 */
const roundSql = ({ base }: Round, type: DataType, input: string): string => {
  const { scale, high } = numberLimits(type)
  const scaledBase = held(type, base)
  const most = high / scaledBase
  const scaled = `CAST(${input} * CAST('1${'0'.repeat(scale)}' AS DECIMAL(19,0)) AS HUGEINT)`
  const multiple = `(abs(${scaled}) * 2 + ${scaledBase}) // ${2n * scaledBase}`
  const bounded = `CASE WHEN ${multiple} > ${most} THEN CAST(${most} AS HUGEINT) ELSE ${multiple} END`
  const signed = `CASE WHEN ${input} < 0 THEN -(${bounded}) ELSE ${bounded} END`
  return scale === 0
    ? `CAST((${signed}) * ${scaledBase} AS ${typeSql(type)})`
    : `CAST(CAST(${signed} AS DECIMAL(19,0)) * ${numberSql(type, base)} AS ${typeSql(type)})`
}

const roundText = ({ base }: Round, type: DataType, text: string): string => {
  const { scale, high } = numberLimits(type)
  const step = held(type, base)
  const value = scaledText(text, scale)
  const size = value < 0n ? -value : value
  const below = size - (size % step)
  const nearest = 2n * (size - below) >= step ? below + step : below
  const kept = nearest > high ? high - (high % step) : nearest
  return plainText(value < 0n ? -kept : kept, scale)
}

export const round = {
  takes: (type: DataType): boolean => limitsOf(type) !== undefined,
  unfit: ({ base }: Round, type: DataType): readonly number[] => (holds(type, base) ? [] : [base]),
  makesNull: false,
  sql: roundSql,
  text: roundText,
}
