import { call, cast, literal, within } from '../build.ts'
import { typeOf, type Expr } from '../expression.ts'
import { DATE, VARCHAR } from '../type.ts'
import type { ScalarFunction } from './entry.ts'
import { moderate, one, ordinary, textOf, two } from './guard.ts'

/** Names of a part of a date, also short and plural, in lower case. */
const parts = new Set(
  'year years y quarter quarters month months week weeks day days d hour hours h minute minutes second seconds s'
    .split(' ')
    .concat(
      'isodow isoyear dow dayofweek weekday doy dayofyear decade century yearweek'.split(' '),
    ),
)

const namedPart = (args: readonly Expr[]): 'argument' | undefined =>
  parts.has((textOf(args[0]) ?? '').toLowerCase()) ? undefined : 'argument'

const formatMax = 64
const format =
  (position: (args: readonly Expr[]) => Expr | undefined) =>
  (args: readonly Expr[]): 'argument' | undefined => {
    const text = textOf(position(args))
    return text === undefined || text.length > formatMax ? 'argument' : undefined
  }

/** An interval of at most 9,999 years, as the engine writes one: `1 year 2 months 3 days 04:05:06`. */
const intervalPattern =
  /^(?:-?\d{1,4} years?)?\s?(?:-?\d{1,2} months?)?\s?(?:-?\d{1,6} days?)?\s?(?:-?\d{1,6}:\d\d:\d\d(?:\.\d+)?)?$/

const interval = (args: readonly Expr[]): 'argument' | undefined => {
  const amount = args.find((arg) => typeOf(arg).id === 'INTERVAL')
  return amount === undefined || intervalPattern.test(textOf(amount) ?? 'x')
    ? undefined
    : 'argument'
}

const safe = (expr: Expr): Expr => {
  const { id } = typeOf(expr)
  return id === 'DATE' || id === 'TIMESTAMP'
    ? ordinary(expr)
    : id === 'INTERVAL'
      ? expr
      : moderate(expr)
}

/** Sums and differences with dates. Numbers of days are moderate, intervals are literals, dates are ordinary. */
const shifted = (name: '+' | '-', ...takes: readonly string[]): ScalarFunction => ({
  name,
  takes,
  problem: interval,
  total: (args, type) => call(name, args.map(safe), type),
})

const extracted = (name: string): ScalarFunction => ({
  name,
  takes: ['moment'],
  total: (args, type) => call(name, [ordinary(one(args))], type),
})

/** The engine raises where the three numbers are no date; a text that is no date is NULL. */
const makeDate = (args: readonly Expr[]): Expr => {
  const [year, month, day] = args as readonly [Expr, Expr, Expr]
  const dash = literal('-', VARCHAR)
  const pieces = [within(year, '1', '9999'), within(month, '1', '12'), within(day, '1', '31')].map(
    (piece) =>
      call(
        'lpad',
        [cast(piece, VARCHAR), literal('4', { id: 'INTEGER' }), literal('0', VARCHAR)],
        VARCHAR,
      ),
  )
  const [y, m, d] = pieces as [Expr, Expr, Expr]
  const twoDigits = (piece: Expr): Expr =>
    call('right', [piece, literal('2', { id: 'BIGINT' })], VARCHAR)
  const joined = [y, dash, twoDigits(m), dash, twoDigits(d)].reduce((left, right) =>
    call('||', [left, right], VARCHAR),
  )
  return cast(joined, DATE)
}

/** Only as a constant: an interval that is a literal by the time a question is understood. */
const constant = (name: string): ScalarFunction => ({
  name,
  takes: ['number'],
  literals: [0],
  problem: () => 'argument',
  total: (args, type) => call(name, args, type),
})

export const moments: readonly ScalarFunction[] = [
  ...['year', 'quarter', 'month', 'week', 'day', 'dayofweek', 'isodow', 'dayofyear'].map(extracted),
  ...['isoyear', 'yearweek', 'decade', 'century', 'hour', 'minute', 'second'].map(extracted),
  extracted('dayname'),
  extracted('monthname'),
  extracted('last_day'),
  {
    name: 'date_part',
    takes: ['text moment'],
    literals: [0],
    problem: namedPart,
    total: (args, type) => call('date_part', [one(args), ordinary(two(args)[1])], type),
  },
  {
    name: 'date_trunc',
    takes: ['text moment'],
    literals: [0],
    problem: namedPart,
    total: (args, type) => call('date_trunc', [one(args), ordinary(two(args)[1])], type),
  },
  ...['date_diff', 'date_sub'].map((name): ScalarFunction => ({
    name,
    takes: ['text date date', 'text timestamp timestamp'],
    literals: [0],
    problem: namedPart,
    total: ([part, from, to], type) =>
      call(name, [part as Expr, ordinary(from as Expr), ordinary(to as Expr)], type),
  })),
  { name: 'make_date', takes: ['integer integer integer'], total: makeDate },
  {
    name: 'strftime',
    takes: ['moment text', 'text moment'],
    problem: format((args) => args.find((arg) => typeOf(arg).id === 'VARCHAR')),
    total: (args, type) =>
      call(
        'strftime',
        args.map((arg) => (typeOf(arg).id === 'VARCHAR' ? arg : ordinary(arg))),
        type,
      ),
  },
  {
    name: 'strptime',
    takes: ['text text'],
    literals: [1],
    problem: format((args) => args[1]),
    total: (args, type) => call('try_strptime', args, type),
  },
  ...['to_years', 'to_quarters', 'to_months', 'to_weeks', 'to_days'].map(constant),
  ...['to_hours', 'to_minutes', 'to_seconds'].map(constant),
]

/** Arithmetic with dates, which shares its signs with that of numbers. */
export const shifts: readonly ScalarFunction[] = [
  shifted('+', 'date integer', 'integer date', 'moment interval', 'interval moment'),
  shifted('-', 'date integer', 'date date', 'moment interval'),
]
