import { compare, literal, onlyWhen, within } from '../build.ts'
import { typeOf, type Expr } from '../expression.ts'

/** The one argument, the two, the three: signatures have been checked before a function is written out. */
export const one = (args: readonly Expr[]): Expr => args[0] as Expr
export const two = (args: readonly Expr[]): readonly [Expr, Expr] => [
  args[0] as Expr,
  args[1] as Expr,
]

/** The text of a literal, undefined for anything else and for NULL. */
export const textOf = (expr: Expr | undefined): string | undefined =>
  expr?.op === 'literal' && expr.value !== null ? expr.value : undefined

/** The integer a literal says, undefined for anything else. */
export const integerOf = (expr: Expr | undefined): number | undefined => {
  const text = textOf(expr)
  return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** A double that is neither infinite nor no number. */
export const finite = (expr: Expr): Expr =>
  within(expr, '-1.7976931348623157e+308', '1.7976931348623157e+308')

export const positive = (expr: Expr): Expr =>
  onlyWhen(compare('>', expr, literal('0', typeOf(expr))), expr)

/**
 * A date or timestamp of the years 1 to 9999. Arithmetic with at most as many years stays within what the engine can
 * count, and `infinity`, upon which it raises, is outside.
 */
export const ordinary = (expr: Expr): Expr =>
  typeOf(expr).id === 'DATE'
    ? within(expr, '0001-01-01', '9999-12-31')
    : within(expr, '0001-01-01 00:00:00', '9999-12-31 23:59:59')

/** A number of characters or days far from where the engine counts in 32 bits. */
export const moderate = (expr: Expr): Expr => within(expr, '-2000000', '2000000')
