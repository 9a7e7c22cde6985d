import { allOf, call, cast, compare, literal, onlyWhen, within } from '../build.ts'
import { typeOf, type Expr } from '../expression.ts'
import { BIGINT, DOUBLE, HUGEINT, isInteger, type DataType } from '../type.ts'
import type { ScalarFunction } from './entry.ts'
import { finite, integerOf, one, positive, two } from './guard.ts'

/** Largest magnitude of a 128-bit integer whose negative is one as well. */
const hugeMax = '170141183460469231731687303715884105727'

/** The magnitude of the smallest integer of a type is not of that type: it has no value. */
const absolute = (args: readonly Expr[], type: DataType): Expr => {
  if (!isInteger(type)) return call('abs', args, type)
  if (type.id === 'HUGEINT') return call('abs', [within(one(args), `-${hugeMax}`, hugeMax)], type)
  const wide = type.id === 'BIGINT' ? HUGEINT : BIGINT
  return { op: 'tryCast', input: call('abs', [cast(one(args), wide)], wide), type }
}

/**
 * Rounds to a constant number of digits. Integers to tens and hundreds are rounded as decimals of more digits, since
 * rounding up the largest of a type leaves it.
 */
const round = (args: readonly Expr[], type: DataType): Expr => {
  const digits = integerOf(args[1])
  if (!isInteger(type)) return call('round', args, type)
  if (digits === undefined || digits >= 0) return one(args)
  const decimal: DataType = { id: 'DECIMAL', width: 38, scale: 0 }
  const narrow: DataType = { id: 'DECIMAL', width: 37, scale: 0 }
  const input = cast(cast(one(args), narrow), decimal)
  return { op: 'tryCast', input: call('round', [input, args[1] as Expr], decimal), type }
}

const digitsProblem = (args: readonly Expr[]): 'argument' | undefined => {
  if (args.length < 2) return undefined
  const digits = integerOf(args[1])
  return digits === undefined || Math.abs(digits) > 15 ? 'argument' : undefined
}

/** A function of doubles that IEEE 754 makes total: it may be infinite or no number, and never raises. */
const plain = (name: string, takes: string, count = 1): ScalarFunction => ({
  name,
  takes: [Array.from({ length: count }, () => takes).join(' ')],
  total: (args, type) => call(name, args, type),
})

const guarded = (name: string, guard: (expr: Expr) => Expr): ScalarFunction => ({
  name,
  takes: ['double'],
  total: (args, type) => call(name, [guard(one(args))], type),
})

const logarithm = (args: readonly Expr[], type: DataType): Expr => {
  if (args.length === 1) return call('log', [positive(one(args))], type)
  const [base, value] = two(args)
  const one1 = literal('1', DOUBLE)
  const useful = onlyWhen(
    allOf([compare('>', base, literal('0', DOUBLE)), compare('<>', base, one1)]),
    base,
  )
  return call('log', [useful, positive(value)], type)
}

export const numbers: readonly ScalarFunction[] = [
  { name: 'abs', takes: ['number'], total: absolute },
  plain('sign', 'number'),
  {
    name: 'round',
    takes: ['number', 'number integer'],
    literals: [1],
    problem: digitsProblem,
    total: round,
  },
  ...['floor', 'ceil', 'trunc'].map((name): ScalarFunction => ({
    name,
    takes: ['number', ...(name === 'trunc' ? ['decimal integer', 'double integer'] : [])],
    literals: [1],
    problem: digitsProblem,
    total: (args, type) =>
      isInteger(typeOf(one(args))) && isInteger(type) ? one(args) : call(name, args, type),
  })),
  guarded('sqrt', (expr) => onlyWhen(compare('>=', expr, literal('0', DOUBLE)), expr)),
  plain('cbrt', 'double'),
  plain('exp', 'double'),
  guarded('ln', positive),
  guarded('log2', positive),
  guarded('log10', positive),
  { name: 'log', takes: ['double', 'double double'], total: logarithm },
  plain('pow', 'double', 2),
  { name: 'pi', takes: [''], total: (args, type) => call('pi', args, type) },
  plain('degrees', 'double'),
  plain('radians', 'double'),
  guarded('sin', finite),
  guarded('cos', finite),
  guarded('tan', finite),
  guarded('asin', (expr) => within(expr, '-1', '1')),
  guarded('acos', (expr) => within(expr, '-1', '1')),
  plain('atan', 'double'),
  plain('atan2', 'double', 2),
  plain('isnan', 'double'),
  plain('isinf', 'double'),
  plain('isfinite', 'double'),
  { name: 'least', takes: ['value ...'], total: (args, type) => call('least', args, type) },
  { name: 'greatest', takes: ['value ...'], total: (args, type) => call('greatest', args, type) },
  { name: 'coalesce', takes: ['value ...'], total: (args, type) => call('coalesce', args, type) },
]
