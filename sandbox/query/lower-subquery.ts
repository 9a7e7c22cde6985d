import { exprText } from '../../policies/relation/digest.ts'
import { isObject, wordOf, type JsonObject } from './json.ts'
import { lowerAggregate } from './lower-aggregate.ts'
import { lowerExpr, lowerExprs } from './lower-expression.ts'
import { kindOf, lowerConditions } from './lower-join.ts'
import { closed, giveUp, listOf, objectOf, type Lowering } from './lowering.ts'
import { typeFrom } from './type.ts'
import { hasOneRow, hasOneRowAtMost } from './unique.ts'
import { columnAt, nodeAt, push, typesAt } from './work.ts'

const delimKeys = new Set([
  'type',
  'children',
  'join_type',
  'mark_index',
  'mark_types',
  'conditions',
  'duplicate_eliminated_columns',
])

type LowerNode = (json: JsonObject, lowering: Lowering) => number

/**
 * A correlated subquery: its right side is computed for the distinct keys of the left and joined back on them. Which
 * join a list of keys belongs to is not written in a plan; it is the nearest one of whose right side it is a part.
 */
export const lowerDelimJoin = (
  json: JsonObject,
  lowering: Lowering,
  lowerNode: LowerNode,
): number => {
  closed(json, delimKeys, lowering)
  if (listOf(json, 'mark_types').map(typeFrom).includes(undefined))
    giveUp(lowering, { code: 'query/type', params: { type: '' } })
  const [leftJson, rightJson] = listOf(json, 'children')
  const left = lowerNode(objectOf(leftJson, 'left'), lowering)
  const columns = listOf(json, 'duplicate_eliminated_columns')
  const keys = lowerExprs(columns, typesAt(lowering, left), lowering)
  const number = lowering.keys.push(keys) - 1
  lowering.correlated.push(number)
  const right = lowerNode(objectOf(rightJson, 'right'), lowering)
  lowering.correlated.pop()
  const on = lowerConditions(json, { left, right }, lowering)
  const exists = json['join_type'] === 'MARK' && on.every(({ kind }) => kind === 'notDistinct')
  const single = json['join_type'] === 'SINGLE'
  const kind = exists ? 'exists' : single ? 'single' : kindOf(json, lowering)
  return push(lowering, { op: 'join', kind, left, right, on, correlated: number })
}

export const lowerDelimGet = (json: JsonObject, lowering: Lowering): number => {
  closed(json, new Set(['type', 'children', 'table_index', 'chunk_types']), lowering)
  const of = lowering.correlated.at(-1)
  const types = listOf(json, 'chunk_types').map(typeFrom)
  const columns = types.filter((type) => type !== undefined)
  if (of === undefined || columns.length !== types.length)
    throw new Error('keys of no correlated subquery')
  return push(lowering, { op: 'keys', of, columns })
}

type ScalarSubquery = {
  readonly query: JsonObject
  readonly aggregate: JsonObject
  readonly check: JsonObject
}

/**
 * The subquery under `CASE WHEN #1 > 1 THEN error(..) ELSE #0 END` over `first(#0), count(*)`: how the engine writes an
 * uncorrelated scalar subquery. Neither `first` nor `error` is permitted anywhere else, so the shape is known before.
 */
export const scalarSubqueryIn = (json: JsonObject): ScalarSubquery | undefined => {
  const [check, more] = listOf(json, 'expressions')
  const [aggregate] = listOf(json, 'children')
  if (!isObject(check) || more !== undefined || check['expression_class'] !== 'BOUND_CASE') return
  if (!isObject(aggregate) || aggregate['type'] !== 'LOGICAL_AGGREGATE_AND_GROUP_BY') return
  const [when] = listOf(check, 'case_checks')
  const raised = isObject(when) ? when['then_expr'] : undefined
  const [query] = listOf(aggregate, 'children')
  if (!isObject(raised) || wordOf(raised['name']) !== 'error' || !isObject(query)) return
  return { query, aggregate, check }
}

/** One row with the subquery's value, or with NULL where it has no row. More than one row is refused. */
export const lowerScalarSubquery = (
  json: JsonObject,
  { query, aggregate, check }: ScalarSubquery,
  lowering: Lowering,
  lowerNode: LowerNode,
): number => {
  closed(json, new Set(['type', 'children', 'table_index', 'expressions']), lowering)
  const node = lowerNode(query, lowering)
  if (!isFirstOfOne(aggregate, check, { ...lowering, raw: true }, node))
    giveUp(lowering, { code: 'query/unsupported', params: { what: 'subquery' } })
  if (!hasOneRowAtMost(lowering, node)) giveUp(lowering, { code: 'query/scalar-subquery' })
  const value = push(lowering, {
    op: 'project',
    input: node,
    exprs: [columnAt(typesAt(lowering, node), 0)],
  })
  if (hasOneRow(lowering, node)) return value
  const row = push(lowering, { op: 'values', columns: [], rows: [[]] })
  return push(lowering, { op: 'join', kind: 'left', left: row, right: value, on: [] })
}

/** Whether the engine's guard is exactly the one described; it is then replaced by a proof that it never raises. */
const isFirstOfOne = (
  aggregate: JsonObject,
  check: JsonObject,
  raw: Lowering,
  node: number,
): boolean => {
  const grouped = lowerAggregate(aggregate, node, raw)
  const guard = lowerExpr(check, typesAt(raw, grouped), raw)
  const measures = nodeAt(raw, grouped)
  if (measures.op !== 'aggregate' || measures.keys.length > 0 || guard.op !== 'case') return false
  const [first, count, third] = measures.measures
  const [when, more] = guard.whens
  return (
    first?.name === 'first' &&
    first.args.every((arg) => arg.op === 'column' && arg.index === 0) &&
    first.filter === undefined &&
    count?.name === 'count_star' &&
    count.filter === undefined &&
    third === undefined &&
    more === undefined &&
    when !== undefined &&
    exprText(when.when) === '>(#1,"1":BIGINT)' &&
    when.value.op === 'call' &&
    guard.otherwise.op === 'column' &&
    guard.otherwise.index === 0
  )
}
