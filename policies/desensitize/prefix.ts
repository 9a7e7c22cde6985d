import * as z from 'zod'
import type { DataType } from '../relation/type.ts'

/** Keeps the first characters of a code: the district of a region, the division of an industry. */
export const prefixSchema = z.strictObject({
  method: z.literal('prefix'),
  length: z.int().min(1).max(64),
})
type Prefix = z.infer<typeof prefixSchema>

export const prefix = {
  takes: (type: DataType): boolean => type.id === 'VARCHAR',
  unfit: (): readonly number[] => [],
  makesNull: false,
  sql: ({ length }: Prefix, _type: DataType, input: string): string => `left(${input}, ${length})`,
  /** Characters are code points, in the engine as here. */
  text: ({ length }: Prefix, _type: DataType, text: string): string =>
    Array.from(text).slice(0, length).join(''),
}
