import type { DataType } from '../../policies/relation/type.ts'
import { isObject, type Json } from './json.ts'

const plainTypes = [
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
] as const satisfies readonly DataType['id'][]

/** Every type id that may stand in a submitted text. */
export const typeIds: ReadonlySet<string> = new Set([...plainTypes, 'DECIMAL'])

/** A type as the engine writes it; undefined where the tree has no such type (nested, ENUM, collated, zoned). */
export const typeFrom = (json: Json | undefined): DataType | undefined => {
  if (!isObject(json)) return undefined
  const { id, type_info: info } = json
  if (id === 'DECIMAL') {
    if (!isObject(info) || info['type'] !== 'DECIMAL_TYPE_INFO') return undefined
    const { width, scale } = info
    return typeof width === 'number' && typeof scale === 'number'
      ? { id: 'DECIMAL', width, scale }
      : undefined
  }
  if (info !== null) return undefined
  const plain = plainTypes.find((name) => name === id)
  return plain === undefined ? undefined : { id: plain }
}
