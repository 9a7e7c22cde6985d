import * as z from 'zod'

/**
 * A scalar type of the relation tree, in the engine's words. Nothing nested, no ENUM (its dictionary is data), no
 * collation, no time zone: what is not here is refused when a bound plan is lowered.
 */
export const dataTypeSchema = z.discriminatedUnion('id', [
  z.strictObject({
    id: z.enum([
      'BOOLEAN',
      'TINYINT',
      'SMALLINT',
      'INTEGER',
      'BIGINT',
      'HUGEINT',
      'DOUBLE',
      'VARCHAR',
      'DATE',
      'TIMESTAMP',
      'INTERVAL',
      'NULL',
    ]),
  }),
  z.strictObject({
    id: z.literal('DECIMAL'),
    width: z.int().min(1).max(38),
    scale: z.int().min(0).max(38),
  }),
])
export type DataType = z.infer<typeof dataTypeSchema>

export const BOOLEAN: DataType = { id: 'BOOLEAN' }
export const BIGINT: DataType = { id: 'BIGINT' }
export const HUGEINT: DataType = { id: 'HUGEINT' }
export const DOUBLE: DataType = { id: 'DOUBLE' }
export const VARCHAR: DataType = { id: 'VARCHAR' }
export const DATE: DataType = { id: 'DATE' }

/** Bits of an integer type, 0 of any other. */
const integerBits: Readonly<Record<DataType['id'], number>> = {
  TINYINT: 8,
  SMALLINT: 16,
  INTEGER: 32,
  BIGINT: 64,
  HUGEINT: 128,
  BOOLEAN: 0,
  DECIMAL: 0,
  DOUBLE: 0,
  VARCHAR: 0,
  DATE: 0,
  TIMESTAMP: 0,
  INTERVAL: 0,
  NULL: 0,
}

/** Decimal digits of the largest value of an integer type. */
export const integerDigits = (type: DataType): number =>
  Math.floor((integerBits[type.id] - 1) * Math.log10(2)) + 1

/** Whether a whole number is one of a type's. */
export const fitsInteger = (value: bigint, type: DataType): boolean => {
  const limit = (1n << BigInt(integerBits[type.id])) / 2n
  return value >= -limit && value < limit
}

export const isInteger = (type: DataType): boolean => integerBits[type.id] > 0
export const isExact = (type: DataType): boolean => isInteger(type) || type.id === 'DECIMAL'
export const isNumeric = (type: DataType): boolean => isExact(type) || type.id === 'DOUBLE'

/** The type as SQL text: `DECIMAL(18,2)`, `BIGINT`. */
export const typeSql = (type: DataType): string =>
  type.id === 'DECIMAL' ? `DECIMAL(${type.width},${type.scale})` : type.id

export const sameType = (left: DataType, right: DataType): boolean =>
  typeSql(left) === typeSql(right)
