import * as z from 'zod'
import type { DataType } from '../relation/type.ts'

/**
 * Shows the first and the last characters of a code and three asterisks for all between, however many: the length is not
 * told. A value that would be shown whole becomes asterisks alone, as many as any other has characters.
 */
export const maskSchema = z.strictObject({
  method: z.literal('mask'),
  first: z.int().min(0).max(16).default(0),
  last: z.int().min(0).max(16).default(0),
})
type Mask = z.infer<typeof maskSchema>

const stars = '***'

/** Without ELSE: NULL has no length and stays NULL. */
const maskSql = ({ first, last }: Mask, _type: DataType, input: string): string =>
  `CASE WHEN length(${input}) <= ${first + last} THEN repeat('*', ${first + stars.length + last}) ` +
  `WHEN length(${input}) > ${first + last} ` +
  `THEN left(${input}, ${first}) || '${stars}' || right(${input}, ${last}) END`

/** Characters are code points, in the engine as here. */
const maskText = ({ first, last }: Mask, _type: DataType, text: string): string => {
  const characters = Array.from(text)
  if (characters.length <= first + last) return '*'.repeat(first + stars.length + last)
  const end = characters.slice(characters.length - last)
  return [...characters.slice(0, first), stars, ...end].join('')
}

export const mask = {
  takes: (type: DataType): boolean => type.id === 'VARCHAR',
  unfit: (): readonly number[] => [],
  makesNull: false,
  sql: maskSql,
  text: maskText,
}
