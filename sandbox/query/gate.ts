import { gateExpression } from './gate-expression.ts'
import {
  absent,
  entries,
  expression,
  expressions,
  fields,
  gateLimits,
  gateShape,
  reportTooComplex,
  ignored,
  oneOf,
  orderShape,
  query,
  report,
  statement,
  table,
  type Gate,
  type Problem,
  type Read,
  type Rule,
  type Shape,
} from './gate-rule.ts'
import { boundSize, widthOfQuery } from './gate-size.ts'
import { gateTable } from './gate-table.ts'
import { isObject, type Json, type JsonObject, wordOf } from './json.ts'

const orders = entries(orderShape)

const modifiers: Rule = (value, gate) => {
  for (const modifier of value as readonly Json[]) {
    const type = isObject(modifier) ? modifier['type'] : undefined
    if (type === 'ORDER_MODIFIER') gateShape(modifier, { type: ignored, orders }, gate)
    else if (type === 'LIMIT_MODIFIER')
      gateShape(modifier, { type: ignored, limit: expression, offset: expression }, gate)
    else if (type === 'DISTINCT_MODIFIER')
      gateShape(modifier, { type: ignored, distinct_on_targets: absent('query/distinct-on') }, gate)
    else report(gate, type === 'LIMIT_PERCENT_MODIFIER' ? 'query/limit' : 'query/unsupported', {})
  }
}

/** A common table expression is as wide as the widest of its name. */
const widenCtes = (map: Json, { sizes }: Gate): void => {
  for (const entry of Array.isArray(map) ? (map as readonly Json[]) : []) {
    const value = isObject(entry) ? entry['value'] : undefined
    const statement = isObject(value) ? value['query'] : undefined
    const width = widthOfQuery(isObject(statement) ? statement['node'] : undefined, sizes)
    const name = isObject(entry) ? wordOf(entry['key']).toLowerCase() : ''
    sizes.widths.set(name, Math.max(width, sizes.widths.get(name) ?? 0))
  }
}

/** Common table expressions of one query: their names become tables for it, as the engine scopes them. */
const cteMap = fields({
  map: (map, gate, owner) => {
    widenCtes(map, gate)
    cteEntries(map, gate, owner)
  },
})

const cteEntries = entries({
  key: ignored,
  value: fields({
    aliases: ignored,
    query: statement,
    key_targets: absent('query/recursive'),
    materialized: ignored,
  }),
})

const selectShape: Shape = {
  type: ignored,
  modifiers,
  cte_map: cteMap,
  select_list: expressions,
  from_table: table,
  where_clause: expression,
  group_expressions: expressions,
  group_sets: (value, gate) => {
    if ((value as readonly Json[]).length > gateLimits.groupingSetsMax) reportTooComplex(gate)
  },
  aggregate_handling: oneOf(['STANDARD_HANDLING', 'FORCE_AGGREGATES']),
  having: expression,
  sample: absent('query/sample'),
  qualify: expression,
}

const setOperationShape: Shape = {
  type: ignored,
  modifiers,
  cte_map: cteMap,
  setop_type: oneOf(['UNION'], 'query/set-operation'),
  left: query,
  right: query,
  children: (value, gate) => {
    for (const child of value as readonly Json[]) gateQuery(child, gate)
  },
  setop_all: ignored,
}

const gateQuery = (value: Json, gate: Gate): void => {
  const type = isObject(value) ? value['type'] : undefined
  if (type === 'SELECT_NODE') {
    gateShape(value, selectShape, gate)
    if (isObject(value) && boundSize(value, gate.sizes) > gateLimits.boundMax)
      reportTooComplex(gate)
    return
  }
  if (type === 'SET_OPERATION_NODE') return gateShape(value, setOperationShape, gate)
  report(gate, type === 'RECURSIVE_CTE_NODE' ? 'query/recursive' : 'query/unsupported', {
    what: wordOf(type),
  })
}

/**
 * Walks a whole parsed text and reports everything in it that is not on a list. `tables` gives the number of columns of
 * each table of the stub, by name in lower case.
 */
export const gateText = (
  parsed: Json,
  tables: ReadonlyMap<string, number>,
): { readonly problems: readonly Problem[]; readonly reads: readonly Read[] } => {
  const gate: Gate = {
    problems: [],
    tables: withCtes(parsed, new Set(tables.keys())),
    walk: { expression: gateExpression, table: gateTable, query: gateQuery },
    reads: [],
    sizes: { widths: new Map(tables) },
    nodes: 0,
    depth: 0,
    at: 0,
  }
  statement(parsed, gate, {})
  return gate
}

/**
 * Names a text defines anywhere, joined with those of the stub. Which of them is in scope where is the binder's
 * business: this only tells a name somebody defined from a file or a catalogue table.
 */
const withCtes = (parsed: Json, tables: ReadonlySet<string>): ReadonlySet<string> => {
  const names = new Set(tables)
  const visit = (value: Json, depth: number): void => {
    if (depth > 20 * gateLimits.depthMax || typeof value !== 'object' || value === null) return
    if (Array.isArray(value)) {
      for (const part of value as readonly Json[]) visit(part, depth + 1)
    } else if (isObject(value)) {
      addDefined(value, names)
      for (const key in value) visit(value[key] ?? null, depth + 1)
    }
  }
  visit(parsed, 0)
  return names
}

const addDefined = (value: JsonObject, names: Set<string>): void => {
  const ctes = value['cte_map']
  const map = isObject(ctes) ? ctes['map'] : undefined
  if (!Array.isArray(map)) return
  for (const entry of map as readonly Json[])
    names.add(isObject(entry) ? wordOf(entry['key']).toLowerCase() : '')
}
