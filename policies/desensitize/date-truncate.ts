import * as z from 'zod'
import type { DataType } from '../relation/type.ts'

/**
 * Moves a date to the first day of its year, quarter or month. Dates outside the years 1 to 9999, which ISO 8601 does
 * not write, become the first of these years or the last period of them: the engine knows years before Christ and an
 * infinite date, and fails on some of them.
 */
export const dateTruncateSchema = z.strictObject({
  method: z.literal('date-truncate'),
  to: z.enum(['year', 'quarter', 'month']),
})
type DateTruncate = z.infer<typeof dateTruncateSchema>

const monthsOf = { year: 12, quarter: 3, month: 1 } as const

const dateTruncateSql = ({ to }: DateTruncate, _type: DataType, input: string): string =>
  `CAST(date_trunc('${to}', CASE WHEN ${input} < DATE '0001-01-01' THEN DATE '0001-01-01' ` +
  `WHEN ${input} > DATE '9999-12-31' THEN DATE '9999-12-31' ELSE ${input} END) AS DATE)`

const dateTruncateText = ({ to }: DateTruncate, _type: DataType, text: string): string => {
  const [year = '', month = ''] = text.split('-')
  const first = Number(month) - ((Number(month) - 1) % monthsOf[to])
  return `${year}-${String(first).padStart(2, '0')}-01`
}

export const dateTruncate = {
  takes: (type: DataType): boolean => type.id === 'DATE',
  unfit: (): readonly number[] => [],
  makesNull: false,
  sql: dateTruncateSql,
  text: dateTruncateText,
}
