import { literal } from '../../policies/relation/build.ts'
import { typeOf, type Comparison, type Expr } from '../../policies/relation/expression.ts'
import { boundName, canCast, checkCall, writtenName } from '../../policies/relation/functions.ts'
import { DATE, sameType, type DataType } from '../../policies/relation/type.ts'
import { Fraction, isObject, wordOf, type Json, type JsonObject, own } from './json.ts'
import {
  closed,
  giveUp,
  listOf,
  objectOf,
  placeholder,
  placeOf,
  saysNothing,
  typeAt,
  type Lowering,
} from './lowering.ts'
import { columnAt } from './work.ts'
import { typeFrom } from './type.ts'

const comparisons: Readonly<Record<string, Comparison>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_GREATERTHAN: '>',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHANOREQUALTO: '>=',
  COMPARE_DISTINCT_FROM: 'distinct',
  COMPARE_NOT_DISTINCT_FROM: 'notDistinct',
}

export const comparisonOf = (json: Json | undefined, lowering: Lowering): Comparison =>
  comparisons[wordOf(json)] ??
  giveUp(lowering, { code: 'query/unsupported', params: { what: wordOf(json) } })

type Lower = (json: JsonObject, types: readonly DataType[], lowering: Lowering) => Expr

const known = (...keys: readonly string[]): ReadonlySet<string> =>
  new Set(['expression_class', 'type', 'alias', 'query_location', 'return_type', ...keys])

/** Keys that name the overload of a bound function: the names and types of its arguments say the same. */
const overload = [
  'name',
  'arguments',
  'original_arguments',
  'catalog_name',
  'schema_name',
  'has_serialize',
]

const keys = {
  BOUND_REF: known('index'),
  BOUND_CONSTANT: known('value'),
  BOUND_CAST: known('child', 'try_cast'),
  BOUND_COMPARISON: known('left', 'right'),
  BOUND_CONJUNCTION: known('children'),
  BOUND_OPERATOR: known('children'),
  BOUND_CASE: known('case_checks', 'else_expr'),
  BOUND_FUNCTION: known(...overload, 'children', 'is_operator', 'function_data'),
} as const

/** What `type` may say of an expression of each class; of most it only repeats the class. */
const typesOfClass: Readonly<Record<keyof typeof keys, readonly string[]>> = {
  BOUND_REF: ['BOUND_REF'],
  BOUND_CONSTANT: ['VALUE_CONSTANT'],
  BOUND_CAST: ['OPERATOR_CAST'],
  BOUND_COMPARISON: Object.keys(comparisons),
  BOUND_CONJUNCTION: ['CONJUNCTION_AND', 'CONJUNCTION_OR'],
  BOUND_OPERATOR: [
    'OPERATOR_NOT',
    'OPERATOR_IS_NULL',
    'OPERATOR_IS_NOT_NULL',
    'COMPARE_IN',
    'COMPARE_NOT_IN',
    'OPERATOR_COALESCE',
  ],
  BOUND_CASE: ['CASE_EXPR'],
  BOUND_FUNCTION: ['BOUND_FUNCTION'],
}

/** Lowers a bound expression over a relation whose columns have the given types. */
export const lowerExpr: Lower = (json, types, lowering) => {
  const kind = wordOf(json['expression_class'])
  const lower = own(lowerers, kind)
  const expected = keys[kind as keyof typeof keys]
  if (lower === undefined || expected === undefined)
    return giveUp(lowering, {
      code: 'query/unsupported',
      params: { what: kind },
      ...placeOf(json, lowering),
    })
  closed(json, expected, lowering)
  checkOverload(json, lowering)
  if (json['return_type'] !== undefined && kind !== 'BOUND_REF')
    typeAt(json, 'return_type', lowering)
  const type = wordOf(json['type'])
  if (!typesOfClass[kind as keyof typeof keys].includes(type))
    return giveUp(lowering, {
      code: 'query/unsupported',
      params: { what: type },
      ...placeOf(json, lowering),
    })
  return lower(json, types, lowering)
}

/** The types of a bound function's parameters say what its arguments say; they are looked at all the same. */
export const checkOverload = (json: JsonObject, lowering: Lowering): void => {
  if (json['arguments'] === undefined) return
  for (const type of [...listOf(json, 'arguments'), ...listOf(json, 'original_arguments')]) {
    if (!isObject(type)) throw new Error('a parameter without a type')
    const info = type['type_info']
    closed(type, parameterKeys, lowering)
    if (!isObject(info)) continue
    closed(info, informationKeys, lowering)
    if (info['type'] !== 'DECIMAL_TYPE_INFO')
      giveUp(lowering, { code: 'query/type', params: { type: '' } })
  }
}

const parameterKeys = new Set(['id', 'type_info'])
const informationKeys = new Set(['type', 'width', 'scale'])

export const lowerExprs = (
  list: readonly Json[],
  types: readonly DataType[],
  lowering: Lowering,
): readonly Expr[] => list.map((item) => lowerExpr(objectOf(item, 'expression'), types, lowering))

const partAt = (
  json: JsonObject,
  key: string,
  types: readonly DataType[],
  lowering: Lowering,
): Expr => lowerExpr(objectOf(json[key], key), types, lowering)

const lowerReference: Lower = (json, types, lowering) => {
  const index = json['index']
  if (typeof index !== 'number') throw new Error('a reference without a position')
  const column = columnAt(types, index)
  // Nothing that is lowered has this type in the engine but `regr_count`, which is a BIGINT here.
  const given = json['return_type']
  const isPairs = isObject(given) && given['id'] === 'UINTEGER' && typeOf(column).id === 'BIGINT'
  const type = isPairs ? typeOf(column) : typeAt(json, 'return_type', lowering)
  if (!sameType(typeOf(column), type))
    throw new Error('a reference of another type than its column')
  return { ...column, ...placeOf(json, lowering) }
}

const valueKeys = new Set(['type', 'is_null', 'value'])

const lowerConstant: Lower = (json, _types, lowering) => {
  const value = objectOf(json['value'], 'value')
  closed(value, valueKeys, lowering)
  const type = typeFrom(value['type'])
  if (type === undefined)
    return giveUp(lowering, {
      code: 'query/type',
      params: { type: '' },
      ...placeOf(json, lowering),
    })
  const text = value['is_null'] === true ? null : constantText(value['value'], type)
  return { ...literal(text, type), ...placeOf(json, lowering) }
}

/** Canonical text of a constant: 128-bit values are two words, decimals are scaled integers. */
export const constantText = (value: Json | undefined, type: DataType): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return wordOf(value)
  if (value === undefined || value === null) throw new Error('a constant without a value')
  if (value instanceof Fraction) return doubleText(value.text)
  if (isObject(value) && Object.keys(value).sort().join() !== 'lower,upper')
    throw new Error('a constant of a shape that nobody knows')
  const integer = isObject(value)
    ? (BigInt(wordOf(value['upper'])) << 64n) + BigInt(wordOf(value['lower']))
    : BigInt(wordOf(value))
  if (type.id === 'DECIMAL') return decimalText(integer, type.scale)
  return type.id === 'DOUBLE' ? doubleText(String(integer)) : String(integer)
}

/** A scaled integer with its decimal point: `-5` at scale 2 is `-0.05`. */
export const decimalText = (scaled: bigint, scale: number): string => {
  if (scale === 0) return String(scaled)
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(scale + 1, '0')
  return `${scaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** The shortest text that reads back as the same double. */
export const doubleText = (text: string): string => {
  if (/^-?(?:inf|infinity|nan)$/i.test(text)) return text.toLowerCase().replace('infinity', 'inf')
  return String(Number(text))
}

const lowerCast: Lower = (json, types, lowering) => {
  const input = partAt(json, 'child', types, lowering)
  const type = typeAt(json, 'return_type', lowering)
  const from = typeOf(input)
  if (sameType(from, type)) return input
  const at = placeOf(json, lowering)
  if (lowering.raw) return rawCast(input, type, json['try_cast'] === true)
  if (canCast(from, type)) return { op: 'tryCast', input, type, ...at }
  lowering.problems.push({ code: 'query/cast', params: { from: from.id, to: type.id }, ...at })
  return placeholder(type)
}

/** A cast in a statement of ours: a typed literal, a trying cast, or one the binder added to widen a decimal. */
const rawCast = (input: Expr, type: DataType, tries: boolean): Expr => {
  if (input.op === 'literal' && !tries) return literal(input.value, type)
  const from = typeOf(input)
  const widens =
    from.id === 'DECIMAL' &&
    type.id === 'DECIMAL' &&
    from.scale === type.scale &&
    from.width <= type.width
  return tries || widens
    ? { op: 'tryCast', input, type }
    : { op: 'call', name: 'cast that may fail', args: [input], type }
}

const lowerComparison: Lower = (json, types, lowering) => ({
  op: 'compare',
  kind: comparisonOf(json['type'], lowering),
  left: partAt(json, 'left', types, lowering),
  right: partAt(json, 'right', types, lowering),
  ...placeOf(json, lowering),
})

const lowerConjunction: Lower = (json, types, lowering) => {
  const args = lowerExprs(listOf(json, 'children'), types, lowering)
  const [only] = args
  if (args.length === 1 && only !== undefined) return only
  return {
    op: json['type'] === 'CONJUNCTION_OR' ? 'or' : 'and',
    args,
    ...placeOf(json, lowering),
  }
}

const lowerOperator: Lower = (json, types, lowering) => {
  const args = lowerExprs(listOf(json, 'children'), types, lowering)
  const [input, ...list] = args
  const at = placeOf(json, lowering)
  if (input === undefined) throw new Error('an operator without operands')
  switch (wordOf(json['type'])) {
    case 'OPERATOR_NOT':
      return { op: 'not', input, ...at }
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL':
      return { op: 'isNull', input, negated: json['type'] === 'OPERATOR_IS_NOT_NULL', ...at }
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN':
      return { op: 'in', input, list, negated: json['type'] === 'COMPARE_NOT_IN', ...at }
    case 'OPERATOR_COALESCE':
      return { op: 'call', name: 'coalesce', args, type: typeOf(input), ...at }
    default:
      return giveUp(lowering, {
        code: 'query/unsupported',
        params: { what: wordOf(json['type']) },
        ...at,
      })
  }
}

const caseKeys = new Set(['when_expr', 'then_expr'])

const lowerCase: Lower = (json, types, lowering) => {
  const whens = listOf(json, 'case_checks').map((item) => {
    const check = objectOf(item, 'case')
    closed(check, caseKeys, lowering)
    return {
      when: partAt(check, 'when_expr', types, lowering),
      value: partAt(check, 'then_expr', types, lowering),
    }
  })
  const otherwise = partAt(json, 'else_expr', types, lowering)
  return {
    op: 'case',
    whens,
    otherwise,
    type: typeAt(json, 'return_type', lowering),
    ...placeOf(json, lowering),
  }
}

/** Functions whose data says how an overflow is treated; arguments of any other function may have vanished into it. */
const keepsArguments = new Set(['+', '-', '*'])

const overflowKeys = new Set(['check_overflow', 'return_type', 'arguments'])

const lowerFunction: Lower = (json, types, lowering) => {
  const at = placeOf(json, lowering)
  const type = typeAt(json, 'return_type', lowering)
  if (lowering.raw) {
    const args = lowerExprs(listOf(json, 'children'), types, lowering)
    return { op: 'call', name: wordOf(json['name']), args, type }
  }
  const name = boundName(wordOf(json['name']))
  if (name === 'current_date') return { ...literal(lowering.today, DATE), ...at }
  if (!saysNothing(json['function_data'])) {
    if (!keepsArguments.has(name)) {
      const params = { name: writtenName(name) }
      return giveUp(lowering, { code: 'query/function-arguments', params, ...at })
    }
    closed(objectOf(json['function_data'], 'data'), overflowKeys, lowering)
  }
  const args = lowerExprs(listOf(json, 'children'), types, lowering)
  const tree = name === '-' && args.length === 1 ? 'negate' : name
  const problem = checkCall(tree, args)
  if (problem === undefined) return { op: 'call', name: tree, args, type, ...at }
  lowering.problems.push({ ...problem, ...at })
  return placeholder(type)
}

const lowerers: Readonly<Record<string, Lower>> = {
  BOUND_REF: lowerReference,
  BOUND_CONSTANT: lowerConstant,
  BOUND_CAST: lowerCast,
  BOUND_COMPARISON: lowerComparison,
  BOUND_CONJUNCTION: lowerConjunction,
  BOUND_OPERATOR: lowerOperator,
  BOUND_CASE: lowerCase,
  BOUND_FUNCTION: lowerFunction,
}
