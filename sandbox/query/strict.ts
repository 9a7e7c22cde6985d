import { partsOf, type Expr } from '../../policies/relation/expression.ts'

/** Functions with a value although an argument is NULL. */
const lenient = new Set(['coalesce', 'least', 'greatest', 'concat', 'concat_ws'])

/** Whether an expression is NULL whenever all columns of a set are: through functions and casts, not through CASE. */
const isStrict = (expr: Expr, inSet: (index: number) => boolean): boolean => {
  switch (expr.op) {
    case 'column':
      return inSet(expr.index)
    case 'call':
      return !lenient.has(expr.name) && expr.args.some((arg) => isStrict(arg, inSet))
    case 'tryCast':
      return isStrict(expr.input, inSet)
    case 'literal':
    case 'case':
    case 'in':
    case 'isNull':
    case 'not':
    case 'and':
    case 'or':
    case 'compare':
      return false
  }
}

/**
 * Whether a condition cannot hold where all columns of a set are NULL. Above a left join, of whose right side the set
 * is, such a condition drops exactly the rows without a partner: the join is an inner one.
 */
export const rejectsNull = (expr: Expr, inSet: (index: number) => boolean): boolean => {
  switch (expr.op) {
    case 'compare':
      if (expr.kind === 'distinct' || expr.kind === 'notDistinct') return false
      return isStrict(expr.left, inSet) || isStrict(expr.right, inSet)
    case 'isNull':
      return expr.negated && isStrict(expr.input, inSet)
    case 'in':
      return isStrict(expr.input, inSet)
    case 'column':
    case 'call':
      return isStrict(expr, inSet)
    case 'and':
      return partsOf(expr).some((part) => rejectsNull(part, inSet))
    case 'or':
      return partsOf(expr).every((part) => rejectsNull(part, inSet))
    case 'not':
      return isStrict(expr.input, inSet)
    case 'literal':
    case 'case':
    case 'tryCast':
      return false
  }
}
