import { call, cast, compare, onlyWhen, within } from '../build.ts'
import { typeOf, type Expr } from '../expression.ts'
import { BIGINT, HUGEINT, integerDigits, isInteger, type DataType } from '../type.ts'
import type { ScalarFunction } from './entry.ts'

const decimal = (width: number, scale: number): DataType => ({ id: 'DECIMAL', width, scale })

/** The next wider integer: sums, differences and products of two values of a type never leave it. */
const wider: Partial<Record<DataType['id'], DataType>> = {
  TINYINT: { id: 'INTEGER' },
  SMALLINT: { id: 'INTEGER' },
  INTEGER: BIGINT,
  BIGINT: HUGEINT,
}

type Shape = { readonly width: number; readonly scale: number }

const shapeOf = (type: DataType): Shape =>
  type.id === 'DECIMAL'
    ? { width: type.width, scale: type.scale }
    : { width: Math.min(38, integerDigits(type)), scale: 0 }

/** Looks through a cast that only widens an exact number: the binder widens arguments, their values stay narrow. */
const narrow = (expr: Expr): Expr => {
  if (expr.op !== 'tryCast' || expr.type.id !== 'DECIMAL') return expr
  const inner = typeOf(expr.input)
  if (inner.id !== 'DECIMAL') return expr
  const widens = inner.scale === expr.type.scale && inner.width <= expr.type.width
  return widens ? narrow(expr.input) : expr
}

/** How many digits a literal needs; a column may use all of its type. */
const widthOf = (expr: Expr): number => {
  const { width } = shapeOf(typeOf(expr))
  if (expr.op !== 'literal' || expr.value === null) return width
  return Math.min(width, Math.max(expr.value.replaceAll(/[^0-9]/g, '').length, 1))
}

/**
 * The engine checks decimal results of at most 18 digits for overflow and raises; 19 to 38 digits are checked at 38.
 * Sums of arguments of at most 37 digits therefore never raise; the result's own type is reached by a cast.
 */
const decimalSum = (name: string, args: readonly Expr[], type: DataType): Expr => {
  const shape = shapeOf(type)
  const width =
    shape.width < 18 && type.id === 'DECIMAL'
      ? shape.width
      : Math.min(37, Math.max(19, shape.width))
  const inputs = args.map((arg) => cast(arg, decimal(width, shape.scale)))
  return pin(call(name, inputs, decimal(Math.min(38, width + 1), shape.scale)), type)
}

/** Widths of the factors are cut so that they add up to at most 38 digits; a factor with more digits is NULL. */
const decimalProduct = (args: readonly Expr[], type: DataType): Expr => {
  const [left, right] = args.map(narrow) as [Expr, Expr]
  const [a, b] = [shapeOf(typeOf(left)), shapeOf(typeOf(right))]
  let widths = [Math.max(widthOf(left), a.scale, 1), Math.max(widthOf(right), b.scale, 1)] as [
    number,
    number,
  ]
  if (widths[0] + widths[1] >= 18) widths = share(widths)
  const inputs = [cast(left, decimal(widths[0], a.scale)), cast(right, decimal(widths[1], b.scale))]
  return pin(call('*', inputs, decimal(widths[0] + widths[1], a.scale + b.scale)), type)
}

/** One factor has at least 19 digits, so that the engine multiplies in 128 bits; together at most 38. */
const share = ([left, right]: [number, number]): [number, number] => {
  if (left >= right) {
    const first = Math.max(left, 19)
    return first + right <= 38 ? [first, right] : [Math.max(19, 38 - right), Math.min(right, 19)]
  }
  const [second, first] = share([right, left])
  return [first, second]
}

/** Casts even to the same type: pins a decimal result whose width the engine may widen when the text is bound again. */
const pin = (input: Expr, type: DataType): Expr => ({ op: 'tryCast', input, type })

const sum =
  (name: '+' | '-') =>
  (args: readonly Expr[], type: DataType): Expr => {
    if (type.id === 'DOUBLE') return call(name, args, type)
    const wide = wider[type.id]
    if (wide !== undefined)
      return pin(
        call(
          name,
          args.map((arg) => cast(arg, wide)),
          wide,
        ),
        type,
      )
    return decimalSum(name, args, type)
  }

const product = (args: readonly Expr[], type: DataType): Expr => {
  if (type.id === 'DOUBLE') return call('*', args, type)
  const wide = wider[type.id]
  if (wide !== undefined)
    return pin(
      call(
        '*',
        args.map((arg) => cast(arg, wide)),
        wide,
      ),
      type,
    )
  return decimalProduct(args, type)
}

const zeroOf = (type: DataType): Expr => ({
  op: 'literal',
  value: type.id === 'DOUBLE' ? '0.0' : type.id === 'DECIMAL' ? (0).toFixed(type.scale) : '0',
  type,
})

/** The divisor where it is not zero: what is divided by zero has no value. */
const divisor = (expr: Expr): Expr => onlyWhen(compare('<>', expr, zeroOf(typeOf(expr))), expr)

/** Integer division and remainder of the smallest integer by -1 overflow in its own type, not in the wider one. */
const integerDivision =
  (name: '//' | '%') =>
  (args: readonly Expr[], type: DataType): Expr => {
    const [left, right] = args as [Expr, Expr]
    const wide = wider[type.id] ?? type
    const guarded =
      type.id === 'HUGEINT' ? within(left, `-${'9'.repeat(38)}`, '9'.repeat(38)) : cast(left, wide)
    return pin(call(name, [guarded, divisor(cast(right, wide))], wide), type)
  }

const division = (name: '//' | '%', args: readonly Expr[], type: DataType): Expr => {
  if (isInteger(type)) return integerDivision(name)(args, type)
  return pin(call(name, [args[0] as Expr, divisor(args[1] as Expr)], type), type)
}

export const arithmetic: readonly ScalarFunction[] = [
  { name: '+', takes: ['exact exact', 'double double'], total: sum('+') },
  { name: '-', takes: ['exact exact', 'double double'], total: sum('-') },
  { name: '*', takes: ['exact exact', 'double double'], total: product },
  {
    name: '/',
    takes: ['double double'],
    total: ([left, right], type) => call('/', [left as Expr, divisor(right as Expr)], type),
  },
  {
    name: '//',
    takes: ['integer integer', 'double double'],
    total: (args, type) => division('//', args, type),
  },
  {
    name: '%',
    takes: ['exact exact', 'double double'],
    total: (args, type) => division('%', args, type),
  },
  {
    name: 'negate',
    takes: ['number'],
    total: (args, type) =>
      isInteger(type) ? sum('-')([zeroOf(type), ...args], type) : call('-', args, type),
  },
]
