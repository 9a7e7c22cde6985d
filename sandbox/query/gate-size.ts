import { isObject, wordOf, type Json, type JsonObject } from './json.ts'

/**
 * How large a query becomes when it is bound, before it is bound: the engine writes an expression out again wherever its
 * alias is used, the input of BETWEEN and the first argument of NULLIF twice, and all columns for a star. Thirty lines
 * that double each other would be 2^30 parts (measured: 16 took 7 s and all memory).
 */
export type Sizes = {
  /** Most columns of a table or common table expression, by name in lower case. */
  readonly widths: Map<string, number>
}

/** More than any query may have; keeps sums finite. */
const huge = 1e9
const atMostHuge = (size: number): number => Math.min(size, huge)

type Aliases = ReadonlyMap<string, number>

/** Parts of an expression once it is written out, subqueries not counted: they are queries of their own. */
const sizeOf = (json: Json, aliases: Aliases): number => {
  if (Array.isArray(json)) {
    let sum = 0
    for (const part of json as readonly Json[]) sum = atMostHuge(sum + sizeOf(part, aliases))
    return sum
  }
  if (!isObject(json)) return 0
  const kind = json['class']
  if (kind === 'COLUMN_REF') return aliasSize(json, aliases)
  if (kind === 'SUBQUERY') return 1 + sizeOf(json['child'] ?? null, aliases)
  const isNullif = json['function_name'] === 'nullif'
  let sum = kind === undefined ? 0 : 1
  for (const key in json) {
    const part = json[key] ?? null
    if (isNullif && key === 'children') sum += nullifSize(part, aliases)
    else sum += (kind === 'BETWEEN' && key === 'input' ? 2 : 1) * sizeOf(part, aliases)
  }
  return atMostHuge(sum)
}

const nullifSize = (children: Json, aliases: Aliases): number => {
  const [first = 0, ...rest] = (Array.isArray(children) ? (children as readonly Json[]) : []).map(
    (child) => sizeOf(child, aliases),
  )
  return rest.reduce((sum, size) => sum + size, 2 * first)
}

const listAt = (json: JsonObject, key: string): readonly Json[] => {
  const value = json[key]
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

const aliasSize = (json: JsonObject, aliases: Aliases): number => {
  const names = listAt(json, 'column_names')
  return names.length === 1 ? (aliases.get(wordOf(names[0]).toLowerCase()) ?? 1) : 1
}

const clauses = ['where_clause', 'group_expressions', 'having', 'qualify', 'modifiers'] as const

/** The larger of the parts and the columns of one SELECT when it is bound. */
export const boundSize = (select: JsonObject, sizes: Sizes): number => {
  const aliases = new Map<string, number>()
  let total = 0
  for (const item of listAt(select, 'select_list')) {
    const size = sizeOf(item, aliases)
    total = atMostHuge(total + size)
    const alias = isObject(item) ? wordOf(item['alias']).toLowerCase() : ''
    if (alias !== '') aliases.set(alias, Math.max(size, aliases.get(alias) ?? 0))
  }
  for (const clause of clauses) total = atMostHuge(total + sizeOf(select[clause] ?? null, aliases))
  return Math.max(total, widthOfQuery(select, sizes))
}

/** Most columns a query has. */
export const widthOfQuery = (query: Json | undefined, sizes: Sizes): number => {
  if (!isObject(query)) return 1
  if (query['type'] === 'SET_OPERATION_NODE')
    return Math.max(widthOfQuery(query['left'], sizes), widthOfQuery(query['right'], sizes))
  const from = widthOfTable(query['from_table'], sizes)
  const width = listAt(query, 'select_list').reduce<number>(
    (sum, item) => sum + (isObject(item) && item['class'] === 'STAR' ? from : 1),
    0,
  )
  return atMostHuge(width)
}

const widthOfTable = (table: Json | undefined, sizes: Sizes): number => {
  if (!isObject(table)) return 0
  switch (wordOf(table['type'])) {
    case 'BASE_TABLE':
      return sizes.widths.get(wordOf(table['table_name']).toLowerCase()) ?? 1
    case 'JOIN':
      return atMostHuge(widthOfTable(table['left'], sizes) + widthOfTable(table['right'], sizes))
    case 'SUBQUERY': {
      const statement = table['subquery']
      return widthOfQuery(isObject(statement) ? statement['node'] : undefined, sizes)
    }
    case 'EXPRESSION_LIST': {
      const [row] = listAt(table, 'values')
      return Array.isArray(row) ? row.length : 1
    }
    default:
      return 1
  }
}
