import type { DataType } from '../../policies/relation/type.ts'
import { isObject, type Json, type JsonObject } from './json.ts'

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

const onlyKeys = (json: JsonObject, keys: ReadonlySet<string>): boolean => {
  for (const key in json) {
    const value = json[key]
    if (!keys.has(key) && value !== null && value !== '' && value !== false) return false
  }
  return true
}

const typeKeys = new Set(['id', 'type_info'])
const decimalKeys = new Set(['type', 'width', 'scale'])

/**
 * A type as the engine writes it; undefined where the tree has no such type (nested, ENUM, collated, zoned, named) and
 * where the engine says more of it than is known here.
 */
export const typeFrom = (json: Json | undefined): DataType | undefined => {
  if (!isObject(json) || !onlyKeys(json, typeKeys)) return undefined
  const { id, type_info: info } = json
  if (id === 'DECIMAL') {
    const known =
      isObject(info) && onlyKeys(info, decimalKeys) && info['type'] === 'DECIMAL_TYPE_INFO'
    if (!known) return undefined
    const { width, scale } = info
    return typeof width === 'number' && typeof scale === 'number'
      ? { id: 'DECIMAL', width, scale }
      : undefined
  }
  if (info !== null) return undefined
  const plain = plainTypes.find((name) => name === id)
  return plain === undefined ? undefined : { id: plain }
}
