import { allOf, nullOf } from '../../policies/relation/build.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import { BIGINT, type DataType } from '../../policies/relation/type.ts'
import { type Json, type JsonObject, wordOf } from './json.ts'
import { lowerAggregate, lowerDistinct, lowerOrders, lowerWindow } from './lower-aggregate.ts'
import { lowerExprs } from './lower-expression.ts'
import { lowerAnyJoin, lowerComparisonJoin, lowerCrossProduct } from './lower-join.ts'
import type { Problem, Read } from './gate-rule.ts'
import {
  closed,
  giveUp,
  listOf,
  objectOf,
  saysNothing,
  typeAt,
  Unlowered,
  type Lowering,
} from './lowering.ts'
import {
  lowerDelimGet,
  lowerDelimJoin,
  lowerScalarSubquery,
  scalarSubqueryIn,
} from './lower-subquery.ts'
import { columnAt, emptyGraph, push, typesAt, type Graph } from './work.ts'
import { typeFrom } from './type.ts'

export type Lowered = {
  readonly graph: Graph
  readonly names: readonly string[]
  readonly problems: readonly Problem[]
  /** The keys of each correlated join, as expressions over its left side. */
  readonly keys: readonly (readonly Expr[])[]
}

/**
 * Lowers a bound, unoptimised plan of `SELECT * FROM (text) AS q`, operator by operator; its top projection gives the
 * names of the answer. Shapes: see the notes on bound plans. `offset` is the length of what stands before the text, in
 * bytes; `today` an ISO date. Throws where the engine's plan contradicts itself.
 */
export const lowerPlan = (
  plan: Json,
  {
    reads,
    ...given
  }: Pick<Lowering, 'offset' | 'today' | 'uniqueKeys'> & { readonly reads: readonly Read[] },
): Lowered => {
  const lowering = newLowering({ ...given, raw: false })
  const names: string[] = []
  try {
    const top = objectOf(plan, 'operator')
    if (top['type'] !== 'LOGICAL_PROJECTION') throw new Error('the plan has no top projection')
    for (const item of listOf(top, 'expressions'))
      names.push(wordOf(objectOf(item, 'expression')['alias']).slice(0, 255))
    lowerNode(top, lowering)
  } catch (error) {
    if (!(error instanceof Unlowered)) throw error
  }
  placeScans(lowering, reads)
  const { nodes, types, problems, keys } = lowering
  return { graph: { nodes, types }, names, problems, keys }
}

/** A plan says of a scan not where it was written. If a table is named as often as it is scanned, the orders agree. */
const placeScans = ({ nodes, scans, offset }: Lowering, reads: readonly Read[]): void => {
  const inOrder = [...scans].sort((a, b) => a.number - b.number)
  const datasetOf = (node: number): string => {
    const scan = nodes[node]
    return scan?.op === 'scan' ? scan.dataset.toLowerCase() : ''
  }
  const groups = Map.groupBy(inOrder, ({ node }) => datasetOf(node))
  for (const [dataset, group] of groups) {
    const places = reads.filter(({ name }) => name === dataset)
    for (const [index, { node }] of group.entries()) {
      const at = (places[index]?.at ?? 0) - offset
      const scan = nodes[node]
      if (places.length === group.length && at >= 0 && scan !== undefined)
        nodes[node] = { ...scan, at }
    }
  }
}

const newLowering = (
  given: Pick<Lowering, 'offset' | 'today' | 'uniqueKeys' | 'raw'>,
): Lowering => ({
  ...emptyGraph(),
  problems: [],
  ctes: new Map(),
  correlated: [],
  keys: [],
  scans: [],
  ...given,
})

/** Lowers the plan of a statement of ours, for comparison with its tree. Undefined: it has parts we do not write. */
export const lowerEmitted = (plan: Json): Graph | undefined => {
  const lowering = newLowering({ offset: 0, today: '', uniqueKeys: new Map(), raw: true })
  try {
    lowerNode(objectOf(plan, 'operator'), lowering)
  } catch (error) {
    if (!(error instanceof Unlowered)) throw error
  }
  return lowering.problems.length > 0 ? undefined : lowering
}

type Operator = (json: JsonObject, inputs: readonly number[], lowering: Lowering) => number

const lowerNode = (json: JsonObject, lowering: Lowering): number => {
  const type = wordOf(json['type'])
  if (type === 'LOGICAL_MATERIALIZED_CTE') return lowerCte(json, lowering)
  if (type === 'LOGICAL_DELIM_JOIN') return lowerDelimJoin(json, lowering, lowerNode)
  const subquery = type === 'LOGICAL_PROJECTION' ? scalarSubqueryIn(json) : undefined
  if (subquery !== undefined) return lowerScalarSubquery(json, subquery, lowering, lowerNode)
  const operator = operators[type]
  if (operator === undefined)
    return giveUp(lowering, { code: unknown[type] ?? 'query/unsupported', params: { what: type } })
  const inputs = listOf(json, 'children').map((child) =>
    lowerNode(objectOf(child, 'child'), lowering),
  )
  return operator(json, inputs, lowering)
}

const unknown: Readonly<Record<string, Problem['code']>> = {
  LOGICAL_EXCEPT: 'query/set-operation',
  LOGICAL_INTERSECT: 'query/set-operation',
  LOGICAL_ASOF_JOIN: 'query/join-kind',
  LOGICAL_RECURSIVE_CTE: 'query/recursive',
  LOGICAL_SAMPLE: 'query/sample',
  LOGICAL_UNNEST: 'query/nested-value',
}

const only = (inputs: readonly number[]): number => {
  const [input] = inputs
  if (input === undefined || inputs.length !== 1) throw new Error('an operator with one input')
  return input
}

const pair = (inputs: readonly number[]): { left: number; right: number } => {
  const [left, right] = inputs
  if (left === undefined || right === undefined || inputs.length !== 2)
    throw new Error('an operator with two inputs')
  return { left, right }
}

const scanKeys = new Set([
  'type',
  'children',
  'table_index',
  'returned_types',
  'names',
  'name',
  'catalog_name',
  'schema_name',
  'has_serialize',
  'function_data',
  'column_indexes',
  'extra_info',
])

const tableKeys = new Set(['catalog', 'schema', 'table'])
const columnKeys = new Set(['index', 'child_indexes', 'index_type', 'type', 'has_index'])

const lowerScan: Operator = (json, _inputs, lowering) => {
  closed(json, scanKeys, lowering)
  const data = objectOf(json['function_data'], 'table')
  const extra = objectOf(json['extra_info'], 'extra')
  if (json['name'] !== 'seq_scan') giveUp(lowering, { code: 'query/table-function' })
  if (!saysNothing(extra['sample_options'])) giveUp(lowering, { code: 'query/sample' })
  closed(extra, new Set(), lowering)
  closed(data, tableKeys, lowering)
  const names = listOf(json, 'names').map(wordOf)
  const types = listOf(json, 'returned_types').map(typeFrom)
  if (types.includes(undefined)) giveUp(lowering, { code: 'query/type', params: { type: '' } })
  const columns = listOf(json, 'column_indexes').map((item) => {
    const column = objectOf(item, 'column')
    closed(column, columnKeys, lowering)
    const { index, child_indexes: nested, index_type: read } = column
    if (read !== 'FULL_READ' || wordOf(objectOf(column['type'], 'type')['id']) !== 'INVALID')
      giveUp(lowering, { code: 'query/nested-value' })
    closed(objectOf(column['type'], 'type'), new Set(['id']), lowering)
    if (!saysNothing(nested)) giveUp(lowering, { code: 'query/nested-value' })
    if (index === rowNumber) return undefined
    const name = names[Number(index)]
    const type = types[Number(index)]
    if (name === undefined || type === undefined) throw new Error('a scan of an unknown column')
    return { name, type }
  })
  const read = columns.filter((column) => column !== undefined)
  const dataset = wordOf(data['table'])
  const key = lowering.uniqueKeys.get(dataset.toLowerCase())
  const scan = push(lowering, {
    op: 'scan',
    dataset,
    columns: read,
    ...(key === undefined ? {} : { key }),
  })
  lowering.scans.push({ number: Number(json['table_index']), node: scan })
  if (read.length === columns.length) return scan
  const exprs = columns.map((column) =>
    column === undefined ? nullOf(BIGINT) : columnAt(typesAt(lowering, scan), read.indexOf(column)),
  )
  return push(lowering, { op: 'project', input: scan, exprs })
}

/**
 * A scan that needs no column of its table still has one in the engine, the number of the row: what stands beside it is
 * counted from there. Nothing refers to it, so NULL stands for it.
 */
const rowNumber = 18446744073709551615n

const lowerProject: Operator = (json, inputs, lowering) => {
  closed(json, new Set(['type', 'children', 'table_index', 'expressions']), lowering)
  const input = only(inputs)
  const exprs = lowerExprs(listOf(json, 'expressions'), typesAt(lowering, input), lowering)
  return push(lowering, { op: 'project', input, exprs: [...exprs] })
}

const lowerFilter: Operator = (json, inputs, lowering) => {
  closed(json, new Set(['type', 'children', 'expressions', 'projection_map']), lowering)
  const input = only(inputs)
  const predicates = lowerExprs(listOf(json, 'expressions'), typesAt(lowering, input), lowering)
  const node = push(lowering, { op: 'filter', input, predicate: allOf(predicates) })
  const map = listOf(json, 'projection_map')
  if (map.length === 0) return node
  const types = typesAt(lowering, node)
  return push(lowering, {
    op: 'project',
    input: node,
    exprs: map.map((index) => columnAt(types, Number(index))),
  })
}

const lowerValues: Operator = (json, _inputs, lowering) => {
  closed(json, new Set(['type', 'children', 'table_index', 'expr_types', 'expressions']), lowering)
  // A subquery among the values stands below them; a row of nothing otherwise.
  const [below] = listOf(json, 'children')
  if (wordOf(objectOf(below, 'child')['type']) !== 'LOGICAL_DUMMY_SCAN')
    giveUp(lowering, { code: 'query/unsupported', params: { what: 'VALUES' } })
  const types = listOf(json, 'expr_types').map((type) =>
    typeAt({ type: 'VALUES', at: type }, 'at', lowering),
  )
  const rows = listOf(json, 'expressions').map((row) => [
    ...lowerExprs(row as readonly Json[], [], lowering),
  ])
  return push(lowering, {
    op: 'values',
    columns: types.map((type, index) => ({ name: `c${index}`, type })),
    rows,
  })
}

const lowerUnion: Operator = (json, inputs, lowering) => {
  const keys = [
    'type',
    'children',
    'table_index',
    'column_count',
    'setop_all',
    'allow_out_of_order',
  ]
  closed(json, new Set(keys), lowering)
  return push(lowering, { op: 'union', inputs: [...inputs] })
}

const lowerSort: Operator = (json, inputs, lowering) => {
  closed(json, new Set(['type', 'children', 'orders', 'projections']), lowering)
  const input = only(inputs)
  const types = typesAt(lowering, input)
  const orders = lowerOrders(listOf(json, 'orders'), types, lowering)
  const node = push(lowering, { op: 'sort', input, orders })
  const map = listOf(json, 'projections')
  return map.length === 0
    ? node
    : push(lowering, {
        op: 'project',
        input: node,
        exprs: map.map((index) => columnAt(types, Number(index))),
      })
}

const limitKeys = new Set(['type', 'constant_integer', 'constant_percentage'])

const lowerLimit: Operator = (json, inputs, lowering) => {
  closed(json, new Set(['type', 'children', 'limit_val', 'offset_val']), lowering)
  const amount = (key: string): number | undefined => {
    const value = objectOf(json[key], key)
    const { type, constant_integer: constant } = value
    if (type !== 'UNSET' && (type !== 'CONSTANT_VALUE' || typeof constant !== 'number'))
      return giveUp(lowering, { code: 'query/limit' })
    closed(value, limitKeys, lowering)
    return type === 'UNSET' ? undefined : Number(constant)
  }
  const [limit, offset] = [amount('limit_val'), amount('offset_val')]
  return push(lowering, {
    op: 'limit',
    input: only(inputs),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
  })
}

const lowerCte = (json: JsonObject, lowering: Lowering): number => {
  const keys = ['type', 'children', 'table_index', 'column_count', 'ctename', 'materialize']
  closed(json, new Set(keys), lowering)
  const [definition, body] = listOf(json, 'children')
  const node = lowerNode(objectOf(definition, 'definition'), lowering)
  lowering.ctes.set(Number(json['table_index']), node)
  return lowerNode(objectOf(body, 'body'), lowering)
}

const lowerCteReference: Operator = (json, _inputs, lowering) => {
  const keys = ['type', 'children', 'table_index', 'cte_index', 'chunk_types', 'bound_columns']
  closed(json, new Set(keys), lowering)
  if (listOf(json, 'chunk_types').map(typeFrom).includes(undefined))
    giveUp(lowering, { code: 'query/type', params: { type: '' } })
  const node = lowering.ctes.get(Number(json['cte_index']))
  if (node === undefined) throw new Error('a reference to no common table expression')
  return node
}

/** What has no table has one row all the same, and in the engine one column nobody refers to. */
const INTEGER: DataType = { id: 'INTEGER' }

const operators: Readonly<Record<string, Operator>> = {
  LOGICAL_GET: lowerScan,
  LOGICAL_DUMMY_SCAN: (json, _inputs, lowering) => {
    closed(json, new Set(['type', 'children', 'table_index']), lowering)
    return push(lowering, {
      op: 'project',
      input: push(lowering, { op: 'values', columns: [], rows: [[]] }),
      exprs: [nullOf(INTEGER)],
    })
  },
  LOGICAL_EXPRESSION_GET: lowerValues,
  LOGICAL_PROJECTION: lowerProject,
  LOGICAL_FILTER: lowerFilter,
  LOGICAL_COMPARISON_JOIN: (json, inputs, lowering) =>
    lowerComparisonJoin(json, pair(inputs), lowering),
  LOGICAL_ANY_JOIN: (json, inputs, lowering) => lowerAnyJoin(json, pair(inputs), lowering),
  LOGICAL_CROSS_PRODUCT: (json, inputs, lowering) =>
    lowerCrossProduct(json, pair(inputs), lowering),
  LOGICAL_AGGREGATE_AND_GROUP_BY: (json, inputs, lowering) =>
    lowerAggregate(json, only(inputs), lowering),
  LOGICAL_DISTINCT: (json, inputs, lowering) => lowerDistinct(json, only(inputs), lowering),
  LOGICAL_UNION: lowerUnion,
  LOGICAL_WINDOW: (json, inputs, lowering) => lowerWindow(json, only(inputs), lowering),
  LOGICAL_ORDER_BY: lowerSort,
  LOGICAL_LIMIT: lowerLimit,
  LOGICAL_CTE_REF: lowerCteReference,
  LOGICAL_DELIM_GET: (json, _inputs, lowering) => lowerDelimGet(json, lowering),
}
