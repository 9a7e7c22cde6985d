import { cast, within } from '../build.ts'
import { typeOf, type Expr } from '../expression.ts'
import { BIGINT, type DataType } from '../type.ts'
import type { AggregateFunction } from './entry.ts'
import { textOf } from './guard.ts'

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

/** Exact quantiles: interpolation computes differences, so values keep clear of the ends of their type. */
const quantile = ([value, fraction]: readonly Expr[]): readonly Expr[] => [
  ...summable([value as Expr]),
  fraction as Expr,
]

const fraction = (args: readonly Expr[]): 'argument' | undefined => {
  const text = textOf(args[1])
  return text !== undefined && Number(text) >= 0 && Number(text) <= 1 ? undefined : 'argument'
}

const ofDoubles = (name: string, takes: string): AggregateFunction => ({
  name,
  use: 'measure',
  takes: [takes],
  total: squarable,
})

const feature = (name: string, ...takes: readonly string[]): AggregateFunction => ({
  name,
  use: 'feature',
  takes,
  total: same,
})

export const aggregates: readonly AggregateFunction[] = [
  { name: 'count_star', use: 'measure', takes: [''], total: same },
  { name: 'count', use: 'measure', takes: ['value'], total: same },
  { name: 'sum', use: 'measure', takes: ['number', 'boolean'], total: summable },
  { name: 'avg', use: 'measure', takes: ['number'], total: summable },
  ...['stddev_samp', 'stddev_pop', 'var_samp', 'var_pop'].map((name) => ofDoubles(name, 'double')),
  ...['corr', 'covar_samp', 'covar_pop'].map((name) => ofDoubles(name, 'double double')),
  ...['slope', 'intercept', 'r2', 'avgx', 'avgy', 'sxx', 'sxy', 'syy'].map((name) =>
    ofDoubles(`regr_${name}`, 'double double'),
  ),
  {
    name: 'quantile_cont',
    use: 'measure',
    takes: ['number number'],
    literals: [1],
    problem: fraction,
    total: quantile,
  },
  {
    name: 'quantile_disc',
    use: 'measure',
    takes: ['value number'],
    literals: [1],
    problem: fraction,
    total: same,
  },
  feature('min', 'value'),
  feature('max', 'value'),
  feature('arg_min', 'value value'),
  feature('arg_max', 'value value'),
  feature('bool_and', 'boolean'),
  feature('bool_or', 'boolean'),
]
