import { allOf, cast, literal } from '../../policies/relation/build.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import { boundName, checkMeasure } from '../../policies/relation/functions.ts'
import type { Measure, NodeOf, SortKey, WindowExpr } from '../../policies/relation/tree.ts'
import { BIGINT, DOUBLE, type DataType } from '../../policies/relation/type.ts'
import { Fraction, isObject, type Json, type JsonObject, wordOf, own } from './json.ts'
import { checkOverload, constantText, lowerExpr, lowerExprs } from './lower-expression.ts'
import {
  closed,
  giveUp,
  listOf,
  objectOf,
  placeOf,
  saysNothing,
  typeAt,
  type Lowering,
} from './lowering.ts'
import { lowerSets } from './lower-sets.ts'
import { columnAt, push, typesAt } from './work.ts'

const operatorKeys = new Set([
  'type',
  'children',
  'expressions',
  'group_index',
  'aggregate_index',
  'groupings_index',
  'groups',
  'grouping_sets',
  'grouping_functions',
  'distinct_validity',
])

const positions = (json: Json): readonly number[] => (json as readonly Json[]).map(Number)

/** GROUP BY: keys become columns of the input, so an expression that is a key is projected first. */
export const lowerAggregate = (json: JsonObject, input: number, lowering: Lowering): number => {
  closed(json, operatorKeys, lowering)
  const before = typesAt(lowering, input)
  const groups = lowerExprs(listOf(json, 'groups'), before, lowering)
  const measures = listOf(json, 'expressions').map((item) =>
    lowerMeasure(objectOf(item, 'aggregate'), before, lowering),
  )
  const plain = groups.every((group) => group.op === 'column')
  const source = plain
    ? input
    : push(lowering, {
        op: 'project',
        input,
        exprs: [...before.map((_, index) => columnAt(before, index)), ...groups],
      })
  const keys = groups.map((group, position) =>
    plain && group.op === 'column' ? group.index : before.length + position,
  )
  const sets = listOf(json, 'grouping_sets').map(positions)
  const single = sets.length === 0 || (sets.length === 1 && sets[0]?.length === groups.length)
  const groupings = listOf(json, 'grouping_functions').map(positions)
  const node: NodeOf<'aggregate'> = { op: 'aggregate', input: source, keys, measures }
  const whole = groups.map((_, position) => position)
  const made =
    single && groupings.length === 0
      ? push(lowering, node)
      : lowerSets(node, { sets: single ? [whole] : sets, groupings }, lowering)
  return withPlanTypes(json, made, lowering)
}

/** A measure that is counted differently here than in the plan (`count_if`) is cast to the plan's type. */
const withPlanTypes = (json: JsonObject, node: number, lowering: Lowering): number => {
  const types = typesAt(lowering, node)
  const first = listOf(json, 'groups').length
  const wanted = listOf(json, 'expressions').map((item) =>
    resultOf(objectOf(item, 'aggregate'), lowering),
  )
  const exprs = types.map((_, index) => {
    const column = columnAt(types, index)
    const type = wanted[index - first]
    return type === undefined ? column : cast(column, type)
  })
  return exprs.every(({ op }) => op === 'column')
    ? node
    : push(lowering, { op: 'project', input: node, exprs })
}

const measureKeys = new Set([
  'expression_class',
  'type',
  'alias',
  'query_location',
  'return_type',
  'children',
  'name',
  'arguments',
  'original_arguments',
  'catalog_name',
  'schema_name',
  'has_serialize',
  'aggregate_type',
  'filter',
  'function_data',
])

const lowerMeasure = (
  json: JsonObject,
  types: readonly DataType[],
  lowering: Lowering,
): Measure => {
  if (json['expression_class'] !== 'BOUND_AGGREGATE' || json['type'] !== 'BOUND_AGGREGATE')
    return giveUp(lowering, { code: 'query/unsupported', params: { what: 'aggregate' } })
  if (!saysNothing(json['order_bys']))
    giveUp(lowering, { code: 'query/ordered-aggregate', ...placeOf(json, lowering) })
  closed(json, measureKeys, lowering)
  checkOverload(json, lowering)
  const args = [
    ...lowerExprs(listOf(json, 'children'), types, lowering),
    ...erasedArguments(json, lowering),
  ]
  const filter = isObject(json['filter']) ? lowerExpr(json['filter'], types, lowering) : undefined
  const kind = wordOf(json['aggregate_type'])
  if (kind !== 'DISTINCT' && kind !== 'NON_DISTINCT')
    giveUp(lowering, { code: 'query/unsupported', params: { what: kind } })
  const distinct = kind === 'DISTINCT'
  const type = resultOf(json, lowering)
  const place = args.find((arg) => arg.at !== undefined)?.at ?? placeOf(json, lowering).at
  const at = place === undefined ? {} : { at: place }
  const bound = boundName(wordOf(json['name']))
  const name = countsRows(quantiles[bound] ?? bound, args, distinct)
  const given = name === 'count_star' ? [] : args
  const condition = name === 'count_if' ? args[0] : pairCondition(name, args)
  if (condition !== undefined && !distinct)
    return {
      name: 'count_star',
      args: [],
      distinct,
      filter: allOf([...(filter === undefined ? [] : [filter]), condition]),
      type: BIGINT,
      ...at,
    }
  const problem = lowering.raw
    ? undefined
    : checkMeasure({ name, args: given, distinct }, 'aggregate')
  if (problem !== undefined) lowering.problems.push({ ...problem, ...at })
  return { name, args: given, distinct, ...(filter === undefined ? {} : { filter }), type, ...at }
}

/** `regr_count(y, x)` counts the rows that have both, and its type in the engine is none of ours. */
const pairCondition = (name: string, args: readonly Expr[]): Expr | undefined =>
  name === 'regr_count'
    ? allOf(args.map((input): Expr => ({ op: 'isNull', input, negated: true })))
    : undefined

const resultOf = (json: JsonObject, lowering: Lowering): DataType =>
  boundName(wordOf(json['name'])) === 'regr_count' && !lowering.raw
    ? BIGINT
    : typeAt(json, 'return_type', lowering)

/** What the engine computes in passing over the rows is computed exactly: an estimate would depend on their order. */
const quantiles: Readonly<Record<string, string>> = {
  median: 'quantile_cont',
  approx_quantile: 'quantile_disc',
}

/** `count(1)` counts rows, and so does `count()`, which a window says for `count(*)`. */
const countsRows = (name: string, args: readonly Expr[], distinct: boolean): string => {
  const [arg] = args
  const constant = arg?.op === 'tryCast' ? arg.input : arg
  const any = arg === undefined || (constant?.op === 'literal' && constant.value !== null)
  return name === 'count' && !distinct && any ? 'count_star' : name
}

const quantileKeys = new Set(['quantiles', 'order', 'desc'])
const valueKeys = new Set(['type', 'is_null', 'value'])
const quantileNames = new Set(['quantile_cont', 'quantile_disc', 'median'])

/** Binding moves the fraction of a quantile into the function's data; of no other function anything comes back. */
const erasedArguments = (json: JsonObject, lowering: Lowering): readonly Expr[] => {
  const data = json['function_data']
  if (saysNothing(data)) return []
  const name = boundName(wordOf(json['name']))
  const [only, more] = isObject(data) ? listOf(data, 'quantiles') : []
  if (name === 'approx_quantile' && isObject(data) && only !== undefined && more === undefined) {
    closed(data, new Set(['quantiles']), lowering)
    // A float of 32 bits: of what was written it keeps seven digits.
    const text = only instanceof Fraction ? only.text : wordOf(only)
    return [literal(String(Number(Number(text).toPrecision(7))), DOUBLE)]
  }
  for (const [object, keys] of [
    [data, quantileKeys],
    [only, valueKeys],
  ] as const)
    if (isObject(object)) closed(object, keys, lowering)
  const known = isObject(data) && isObject(only) && more === undefined && quantileNames.has(name)
  if (!known || data['desc'] !== false || only['is_null'] !== false)
    return giveUp(lowering, {
      code: 'query/function-arguments',
      params: { name },
      ...placeOf(json, lowering),
    })
  const type = typeAt(only, 'type', lowering)
  return [literal(constantText(only['value'], type), type)]
}

/** SELECT DISTINCT: every column is a key. */
export const lowerDistinct = (json: JsonObject, input: number, lowering: Lowering): number => {
  closed(json, new Set(['type', 'children', 'distinct_type', 'distinct_targets']), lowering)
  const types = typesAt(lowering, input)
  const targets = lowerExprs(listOf(json, 'distinct_targets'), types, lowering)
  const whole =
    json['distinct_type'] === 'DISTINCT' &&
    targets.length === types.length &&
    targets.every((target, index) => target.op === 'column' && target.index === index)
  if (!whole) giveUp(lowering, { code: 'query/distinct-on' })
  return push(lowering, {
    op: 'aggregate',
    input,
    keys: types.map((_, index) => index),
    measures: [],
  })
}

const orderKeys = new Set(['type', 'null_order', 'expression'])

export const lowerOrders = (
  list: readonly Json[],
  types: readonly DataType[],
  lowering: Lowering,
): SortKey[] =>
  list.map((item) => {
    const order = objectOf(item, 'order')
    closed(order, orderKeys, lowering)
    const [direction, nulls] = [wordOf(order['type']), wordOf(order['null_order'])]
    if (!/^(?:A|DE)SCENDING NULLS (?:FIRST|LAST)$/.test(`${direction} ${nulls}`))
      giveUp(lowering, { code: 'query/unsupported', params: { what: `${direction} ${nulls}` } })
    return {
      expr: lowerExpr(objectOf(order['expression'], 'expression'), types, lowering),
      descending: direction === 'DESCENDING',
      nullsFirst: nulls === 'NULLS FIRST',
    }
  })

export const lowerWindow = (json: JsonObject, input: number, lowering: Lowering): number => {
  closed(json, new Set(['type', 'children', 'window_index', 'expressions']), lowering)
  const types = typesAt(lowering, input)
  const exprs = listOf(json, 'expressions').map((item) =>
    lowerWindowExpr(objectOf(item, 'window'), types, lowering),
  )
  return push(lowering, { op: 'window', input, exprs })
}

const windowKeys = new Set([
  ...measureKeys,
  'partitions',
  'orders',
  'filters',
  'start',
  'end',
  'start_expr',
  'end_expr',
  'offset_expr',
  'default_expr',
  'exclude_clause',
])

const windowNames: Readonly<Record<string, string>> = {
  WINDOW_ROW_NUMBER: 'row_number',
  WINDOW_RANK: 'rank',
  WINDOW_RANK_DENSE: 'dense_rank',
  WINDOW_PERCENT_RANK: 'percent_rank',
  WINDOW_CUME_DIST: 'cume_dist',
  WINDOW_NTILE: 'ntile',
  WINDOW_LAG: 'lag',
  WINDOW_LEAD: 'lead',
  WINDOW_FIRST_VALUE: 'first_value',
  WINDOW_LAST_VALUE: 'last_value',
  WINDOW_NTH_VALUE: 'nth_value',
}

const lowerWindowExpr = (
  json: JsonObject,
  types: readonly DataType[],
  lowering: Lowering,
): WindowExpr => {
  if (json['expression_class'] !== 'BOUND_WINDOW')
    giveUp(lowering, { code: 'query/unsupported', params: { what: 'window' } })
  closed(json, windowKeys, lowering)
  checkOverload(json, lowering)
  if (json['exclude_clause'] !== 'NO_OTHER')
    giveUp(lowering, { code: 'query/window-frame', ...placeOf(json, lowering) })
  const aggregate = json['type'] === 'WINDOW_AGGREGATE'
  const name = aggregate
    ? boundName(wordOf(json['name']))
    : (own(windowNames, wordOf(json['type'])) ?? '')
  const optional = (key: string): readonly Expr[] =>
    isObject(json[key]) ? [lowerExpr(json[key], types, lowering)] : []
  const args = [
    ...lowerExprs(listOf(json, 'children'), types, lowering),
    ...optional('offset_expr'),
    ...optional('default_expr'),
  ]
  const counted = aggregate ? countsRows(name, args, false) : name
  const given = counted === 'count_star' ? [] : args
  const problem = lowering.raw
    ? undefined
    : checkMeasure(
        { name: counted, args: given, distinct: false },
        aggregate ? 'aggregate' : 'window',
      )
  if (problem !== undefined) lowering.problems.push({ ...problem, ...placeOf(json, lowering) })
  const [filter] = optional('filters')
  return {
    name: counted,
    args: [...given],
    partitions: [...lowerExprs(listOf(json, 'partitions'), types, lowering)],
    orders: lowerOrders(listOf(json, 'orders'), types, lowering),
    frame: lowerFrame(json, types, lowering),
    ...(filter === undefined ? {} : { filter }),
    type: typeAt(json, 'return_type', lowering),
    ...(given[0]?.at === undefined ? {} : { at: given[0].at }),
  }
}

type Frame = WindowExpr['frame']

const lowerFrame = (json: JsonObject, types: readonly DataType[], lowering: Lowering): Frame => {
  const [start, end] = [wordOf(json['start']), wordOf(json['end'])]
  const boundAt = (key: string): Expr | undefined =>
    isObject(json[key]) ? lowerExpr(json[key], types, lowering) : undefined
  const units = [start, end].map((bound) => /_(ROWS|RANGE|GROUPS)$/.exec(bound)?.[1])
  const unit = units.includes('ROWS') ? 'rows' : units.includes('GROUPS') ? 'groups' : 'range'
  return {
    unit,
    start: lowerBound(start, boundAt('start_expr'), lowering),
    end: lowerBound(end, boundAt('end_expr'), lowering),
  }
}

const lowerBound = (bound: string, value: Expr | undefined, lowering: Lowering): Frame['start'] => {
  if (bound === 'UNBOUNDED_PRECEDING') return { kind: 'unboundedPreceding' }
  if (bound === 'UNBOUNDED_FOLLOWING') return { kind: 'unboundedFollowing' }
  if (/^CURRENT_ROW_(?:ROWS|RANGE|GROUPS)$/.test(bound)) return { kind: 'currentRow' }
  const kinds = { EXPR_PRECEDING_ROWS: 'preceding', EXPR_FOLLOWING_ROWS: 'following' } as const
  const kind = kinds[bound as keyof typeof kinds]
  const constant = value?.op === 'tryCast' ? value.input : value
  if (kind === undefined || constant?.op !== 'literal' || !/^\d{1,5}$/.test(constant.value ?? ''))
    return giveUp(lowering, { code: 'query/window-frame' })
  return { kind, rows: Number(constant.value) }
}
