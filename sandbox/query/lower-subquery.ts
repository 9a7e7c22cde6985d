import { isObject, wordOf, type Json, type JsonObject } from './json.ts'
import { lowerExprs } from './lower-expression.ts'
import { kindOf, lowerConditions } from './lower-join.ts'
import { closed, giveUp, listOf, objectOf, type Lowering } from './lowering.ts'
import { typeFrom } from './type.ts'
import { hasOneRow, hasOneRowAtMost } from './unique.ts'
import { columnAt, push, typesAt } from './work.ts'

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

/**
 * The subquery under `CASE WHEN #1 > 1 THEN error(..) ELSE #0 END` over `first(#0), count(*)`: how the engine writes an
 * uncorrelated scalar subquery. Neither `first` nor `error` is permitted anywhere else, so the shape is known before.
 */
export const scalarSubqueryIn = (json: JsonObject): Json | undefined => {
  const [only, more] = listOf(json, 'expressions')
  const [aggregate] = listOf(json, 'children')
  if (!isObject(only) || more !== undefined || only['expression_class'] !== 'BOUND_CASE') return
  if (!isObject(aggregate) || aggregate['type'] !== 'LOGICAL_AGGREGATE_AND_GROUP_BY') return
  const [check] = listOf(only, 'case_checks')
  const raised = isObject(check) ? check['then_expr'] : undefined
  if (!isObject(raised) || wordOf(raised['name']) !== 'error') return
  const names = listOf(aggregate, 'expressions').map((item) =>
    isObject(item) ? wordOf(item['name']) : '',
  )
  if (names.join(' ') !== 'first count_star' || listOf(aggregate, 'groups').length > 0) return
  return listOf(aggregate, 'children')[0]
}

/** One row with the subquery's value, or with NULL where it has no row. More than one row is refused. */
export const lowerScalarSubquery = (
  json: Json,
  lowering: Lowering,
  lowerNode: LowerNode,
): number => {
  const node = lowerNode(objectOf(json, 'subquery'), lowering)
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
