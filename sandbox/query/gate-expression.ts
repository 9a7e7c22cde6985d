import { isWritable, writtenName } from '../../policies/relation/functions.ts'
import {
  absent,
  entries,
  expression,
  expressions,
  fields,
  gateLimits,
  gateShape,
  ignored,
  oneOf,
  orderShape,
  report,
  statement,
  type Gate,
  type Rule,
  type Shape,
} from './gate-rule.ts'
import { isObject, type Json, wordOf, own } from './json.ts'
import { typeFrom } from './type.ts'

const shared: Shape = { class: ignored, alias: ignored, query_location: ignored }

/** What an expression has that `type` says no more of than its class. */
const typed = (...types: readonly string[]): Shape => ({ ...shared, type: oneOf(types) })

/** Names without brackets that are calls all the same, and what they would read. */
const clockNames = new Set([
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'current_time',
  'user',
  'current_user',
  'session_user',
  'current_role',
  'current_catalog',
  'current_schema',
])

const columnNames: Rule = (value, gate) => {
  const names = (value as readonly string[]).map((name) => name.toLowerCase())
  if (names.length > 2) return report(gate, 'query/qualified-name')
  const name = names.at(-1) ?? ''
  if (name === 'rowid' || name.startsWith('__')) report(gate, 'query/row-id', { name })
  else if (names.length === 1 && clockNames.has(name)) report(gate, 'query/function', { name })
}

const functionName: Rule = (value, gate, owner) => {
  const name = wordOf(value)
  if (
    isObject(owner) &&
    owner['is_operator'] === false &&
    /^(?:list|struct|map|array|union|unpivot)_|^(?:row|map)$/.test(name)
  )
    return report(gate, 'query/nested-value', { name })
  if (!isWritable(name)) report(gate, 'query/function', { name: writtenName(name).slice(0, 100) })
}

const inMain = oneOf(['', 'main'], 'query/qualified-function')

const castType: Rule = (value, gate) => {
  const id = isObject(value) ? wordOf(value['id']) : ''
  if (typeFrom(value) === undefined)
    report(gate, 'query/type', { type: id === 'UNBOUND' ? '' : id })
}

const constant: Rule = fields({ type: castType, is_null: ignored, value: ignored })

const operators: Readonly<Record<string, Parameters<typeof report>[1] | undefined>> = {
  OPERATOR_NOT: undefined,
  OPERATOR_IS_NULL: undefined,
  OPERATOR_IS_NOT_NULL: undefined,
  OPERATOR_COALESCE: undefined,
  COMPARE_IN: undefined,
  COMPARE_NOT_IN: undefined,
  GROUPING_FUNCTION: undefined,
  ARRAY_EXTRACT: 'query/nested-value',
  ARRAY_SLICE: 'query/nested-value',
  STRUCT_EXTRACT: 'query/nested-value',
  ARRAY_CONSTRUCTOR: 'query/nested-value',
  OPERATOR_UNPACK: 'query/columns-expression',
}

const operatorType: Rule = (value, gate) => {
  const name = wordOf(value)
  if (!(name in operators)) return report(gate, 'query/unsupported', { what: name })
  const code = operators[name]
  if (code !== undefined) report(gate, code)
}

const operands: Rule = (value, gate, owner) => {
  const isList = wordOf(owner['type']).startsWith('COMPARE_')
  if (isList && (value as readonly Json[]).length > gateLimits.listMax)
    return report(gate, 'query/long-list', { max: gateLimits.listMax })
  expressions(value, gate, owner)
}

const noOrder = fields({
  type: oneOf(['ORDER_MODIFIER']),
  orders: absent('query/ordered-aggregate'),
})
const orders = entries(orderShape)

const frameBounds = [
  'UNBOUNDED_PRECEDING',
  'UNBOUNDED_FOLLOWING',
  'CURRENT_ROW_RANGE',
  'CURRENT_ROW_ROWS',
  'CURRENT_ROW_GROUPS',
  'EXPR_PRECEDING_ROWS',
  'EXPR_FOLLOWING_ROWS',
]

const shapes: Readonly<Record<string, Shape>> = {
  COLUMN_REF: { ...typed('COLUMN_REF'), column_names: columnNames },
  CONSTANT: { ...typed('VALUE_CONSTANT'), value: constant },
  COMPARISON: {
    ...typed(
      'COMPARE_EQUAL',
      'COMPARE_NOTEQUAL',
      'COMPARE_LESSTHAN',
      'COMPARE_GREATERTHAN',
      'COMPARE_LESSTHANOREQUALTO',
      'COMPARE_GREATERTHANOREQUALTO',
      'COMPARE_DISTINCT_FROM',
      'COMPARE_NOT_DISTINCT_FROM',
    ),
    left: expression,
    right: expression,
  },
  CONJUNCTION: { ...typed('CONJUNCTION_AND', 'CONJUNCTION_OR'), children: expressions },
  BETWEEN: { ...typed('COMPARE_BETWEEN'), input: expression, lower: expression, upper: expression },
  CAST: { ...typed('OPERATOR_CAST'), child: expression, cast_type: castType, try_cast: ignored },
  CASE: {
    ...typed('CASE_EXPR'),
    case_checks: entries({ when_expr: expression, then_expr: expression }),
    else_expr: expression,
  },
  OPERATOR: { ...shared, type: operatorType, children: operands },
  FUNCTION: {
    ...typed('FUNCTION'),
    function_name: functionName,
    schema: inMain,
    catalog: absent('query/qualified-function'),
    children: expressions,
    filter: expression,
    order_bys: noOrder,
    distinct: ignored,
    is_operator: ignored,
    export_state: absent(),
  },
  WINDOW: {
    ...typed(
      'WINDOW_AGGREGATE',
      'WINDOW_ROW_NUMBER',
      'WINDOW_RANK',
      'WINDOW_RANK_DENSE',
      'WINDOW_PERCENT_RANK',
      'WINDOW_CUME_DIST',
      'WINDOW_NTILE',
      'WINDOW_LAG',
      'WINDOW_LEAD',
      'WINDOW_FIRST_VALUE',
      'WINDOW_LAST_VALUE',
      'WINDOW_NTH_VALUE',
    ),
    function_name: functionName,
    schema: inMain,
    catalog: absent('query/qualified-function'),
    children: expressions,
    partitions: expressions,
    orders,
    start: oneOf(frameBounds, 'query/window-frame'),
    end: oneOf(frameBounds, 'query/window-frame'),
    start_expr: expression,
    end_expr: expression,
    offset_expr: expression,
    default_expr: expression,
    ignore_nulls: absent('query/window-frame'),
    filter_expr: expression,
    exclude_clause: oneOf(['NO_OTHER'], 'query/window-frame'),
    distinct: absent('query/window-frame'),
    arg_orders: absent('query/ordered-aggregate'),
  },
  SUBQUERY: {
    ...typed('SUBQUERY'),
    subquery_type: oneOf(['SCALAR', 'EXISTS', 'NOT_EXISTS', 'ANY']),
    subquery: statement,
    child: expression,
    comparison_type: ignored,
  },
  STAR: {
    ...typed('STAR'),
    relation_name: ignored,
    exclude_list: ignored,
    qualified_exclude_list: ignored,
    replace_list: entries({ key: ignored, value: expression }),
    rename_list: ignored,
    columns: absent('query/columns-expression'),
    expr: absent('query/columns-expression'),
    unpacked: absent('query/columns-expression'),
  },
  POSITIONAL_REFERENCE: { ...typed('POSITIONAL_REFERENCE'), index: ignored },
}

const others: Readonly<Record<string, Parameters<typeof report>[1]>> = {
  PARAMETER: 'query/parameter',
  LAMBDA: 'query/lambda',
  LAMBDA_REF: 'query/lambda',
  COLLATE: 'query/collation',
}

/** An expression of the syntax tree: classes, operators, functions and types that are on a list. */
export const gateExpression = (value: Json, gate: Gate): void => {
  const kind = isObject(value) ? wordOf(value['class']) : ''
  const shape = own(shapes, kind)
  if (shape !== undefined) return gateShape(value, shape, gate)
  const outer = gate.at
  if (isObject(value) && typeof value['query_location'] === 'number')
    gate.at = value['query_location']
  report(gate, own(others, kind) ?? 'query/unsupported', { what: kind })
  gate.at = outer
}
