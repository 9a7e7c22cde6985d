import * as z from 'zod'
import type { DataType } from '../relation/type.ts'
import { holds, limitsOf, numberLimits, numberSql, scaledNumber, scaledText } from './decimal.ts'

const valueSchema = z.union([z.string().max(128), z.number(), z.boolean()])
type Value = z.infer<typeof valueSchema>

/** Makes NULL of the listed values (local suppression): codes so rare that they would name somebody. */
export const suppressSchema = z.strictObject({
  method: z.literal('suppress'),
  values: z.array(valueSchema).min(1).max(500),
})
type Suppress = z.infer<typeof suppressSchema>

const isOf = (value: Value, type: DataType): boolean => {
  if (type.id === 'VARCHAR') return typeof value === 'string'
  if (type.id === 'BOOLEAN') return typeof value === 'boolean'
  return typeof value === 'number' && holds(type, value)
}

const literalSql = (value: Value, type: DataType): string => {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return typeof value === 'number' ? numberSql(type, value) : String(value)
}

const suppressSql = ({ values }: Suppress, type: DataType, input: string): string =>
  `CASE WHEN ${input} IN (${values.map((value) => literalSql(value, type)).join(', ')}) THEN NULL ELSE ${input} END`

const suppressText = ({ values }: Suppress, type: DataType, text: string): string | null => {
  const isListed = values.some((value) => {
    if (typeof value !== 'number') return String(value) === text
    const { scale } = numberLimits(type)
    return scaledNumber(value, scale) === scaledText(text, scale)
  })
  return isListed ? null : text
}

export const suppress = {
  takes: (type: DataType): boolean =>
    type.id === 'VARCHAR' || type.id === 'BOOLEAN' || limitsOf(type) !== undefined,
  unfit: ({ values }: Suppress, type: DataType): readonly Value[] =>
    values.filter((value) => !isOf(value, type)),
  makesNull: true,
  sql: suppressSql,
  text: suppressText,
}
