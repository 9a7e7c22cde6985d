import { cast, within } from '../build.ts'
import { typeOf, type Expr } from '../expression.ts'
import { BIGINT, type DataType } from '../type.ts'
import type { AggregateFunction } from './entry.ts'

/**
 * Sums are kept in 128 bits. Values of at most 64 bits, or of at most 28 digits, need more rows than any table has to
 * overflow them; larger values are left out (NULL).
 */
const summable = (args: readonly Expr[]): readonly Expr[] => args.map(summableOne)
const summableOne = (arg: Expr): Expr => {
  const type: DataType = typeOf(arg)
  if (type.id === 'HUGEINT') return cast(arg, BIGINT)
  if (type.id === 'DECIMAL' && type.width > 28)
    return cast(cast(arg, { ...type, width: Math.max(28, type.scale) }), type)
  return arg
}

/** Squares of larger values leave the range of doubles, upon which the engine raises (measured: 1e200). */
const squarable = (args: readonly Expr[]): readonly Expr[] =>
  args.map((arg) => within(arg, '-1e+140', '1e+140'))

const same = (args: readonly Expr[]): readonly Expr[] => args

export const aggregates: readonly AggregateFunction[] = [
  { name: 'count_star', use: 'measure', takes: [''], total: same },
  { name: 'count', use: 'measure', takes: ['value'], total: same },
  { name: 'sum', use: 'measure', takes: ['number', 'boolean'], total: summable },
  { name: 'avg', use: 'measure', takes: ['number'], total: summable },
  ...['stddev_samp', 'stddev_pop', 'var_samp', 'var_pop'].map((name): AggregateFunction => ({
    name,
    use: 'measure',
    takes: ['double'],
    total: squarable,
  })),
  ...['corr', 'covar_samp', 'covar_pop'].map((name): AggregateFunction => ({
    name,
    use: 'measure',
    takes: ['double double'],
    total: squarable,
  })),
  { name: 'min', use: 'feature', takes: ['value'], total: same },
  { name: 'max', use: 'feature', takes: ['value'], total: same },
]
