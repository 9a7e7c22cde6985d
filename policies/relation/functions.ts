import type { RefusalCode } from '../refusal.ts'
import { mapParts, type Expr } from './expression.ts'
import { aggregates } from './functions/aggregates.ts'
import { arithmetic } from './functions/arithmetic.ts'
import { takesTypes, type AggregateFunction, type ScalarFunction } from './functions/entry.ts'
import { moments, shifts } from './functions/moment.ts'
import { aliases, macros } from './functions/names.ts'
import { numbers } from './functions/number.ts'
import { system, systemAggregates } from './functions/system.ts'
import { texts } from './functions/text.ts'
import { positions } from './functions/window.ts'
import type { Measure, WindowExpr } from './tree.ts'

/**
 * The table of permitted functions. A name may have several entries with different signatures (`+` of numbers and of
 * dates). What is not in it is not permitted, whatever the engine can do.
 */
const scalars: readonly ScalarFunction[] = [
  ...arithmetic,
  ...shifts,
  ...numbers,
  ...texts,
  ...moments,
]

const byName = <T extends { readonly name: string }>(
  entries: readonly T[],
): ReadonlyMap<string, readonly T[]> => Map.groupBy(entries, ({ name }) => name)

export const scalarFunctions = byName(scalars)

/** Functions of plans, which no text can name. */
const systemFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  system.map((entry) => [entry.name, entry]),
)

export const aggregateFunctions: ReadonlyMap<string, AggregateFunction> = new Map(
  aggregates.map((entry) => [entry.name, entry]),
)

/** Window functions that are no aggregates: positions and neighbours of a row. */
export const windowFunctions: ReadonlyMap<string, AggregateFunction> = new Map(
  positions.map((entry) => [entry.name, entry]),
)

/** The table's name of a function the engine calls by another. */
export const boundName = (name: string): string => {
  const lower = name.toLowerCase()
  return aliases.get(lower) ?? lower
}

/** Whether a function may be written in a text at all; what it is applied to is looked at after binding. */
export const isWritable = (written: string): boolean => {
  const name = boundName(written)
  return (
    scalarFunctions.has(name) ||
    aggregateFunctions.has(name) ||
    windowFunctions.has(name) ||
    macros.has(name)
  )
}

/** Operators that the engine calls otherwise than they are written. */
const written = new Map([
  ['~~', 'like'],
  ['!~~', 'not like'],
  ['~~*', 'ilike'],
  ['!~~*', 'not ilike'],
  ['~~~', 'glob'],
  ['like_escape', 'like'],
  ['not_like_escape', 'not like'],
  ['ilike_escape', 'ilike'],
  ['not_ilike_escape', 'not ilike'],
  ['negate', '-'],
])

/** A function's name as it stands in a text, for a refusal. */
export const writtenName = (name: string): string => written.get(name) ?? name

type CallProblem = { readonly code: RefusalCode; readonly params: { readonly name: string } }

const entryFor = (name: string, args: readonly Expr[]): ScalarFunction | undefined =>
  scalarFunctions.get(name)?.find(({ takes }) => takesTypes(takes, args))

/** What is wrong with a call of a scalar function by its name and the types of its arguments. */
export const checkCall = (name: string, args: readonly Expr[]): CallProblem | undefined => {
  const params = { name: writtenName(name) }
  if (!scalarFunctions.has(name)) return { code: 'query/function', params }
  return entryFor(name, args) === undefined ? { code: 'query/argument-types', params } : undefined
}

type Uses = 'aggregate' | 'window'

const aggregateFor = (name: string, uses: Uses): AggregateFunction | undefined =>
  (uses === 'window' ? windowFunctions.get(name) : undefined) ?? aggregateFunctions.get(name)

/** What is wrong with an aggregate or window function by its name and the types of its arguments. */
export const checkMeasure = (
  measure: Pick<Measure, 'name' | 'args' | 'distinct'>,
  uses: Uses,
): CallProblem | undefined => {
  const params = { name: measure.name }
  const entry = aggregateFor(measure.name, uses)
  if (entry === undefined) return { code: 'query/function', params }
  const fits =
    takesTypes(entry.takes, measure.args) && !(measure.distinct && measure.args.length !== 1)
  return fits ? undefined : { code: 'query/argument-types', params }
}

/**
 * What is wrong with the constants among the arguments, once constant expressions are computed: what decides the
 * meaning or growth of a call must be a literal within bounds.
 */
export const checkConstants = (expr: Expr): CallProblem | undefined => {
  if (expr.op !== 'call') return undefined
  const entry = entryFor(expr.name, expr.args)
  return entry === undefined ? undefined : constantProblem(entry, expr.name, expr.args)
}

export const checkMeasureConstants = (
  { name, args }: Pick<Measure, 'name' | 'args'>,
  uses: Uses,
): CallProblem | undefined => {
  const entry = aggregateFor(name, uses)
  return entry === undefined ? undefined : constantProblem(entry, name, args)
}

const constantProblem = (
  entry: ScalarFunction | AggregateFunction,
  name: string,
  args: readonly Expr[],
): CallProblem | undefined => {
  const open = entry.literals?.some((position) => {
    const arg = args[position]
    return arg !== undefined && arg.op !== 'literal'
  })
  const problem = open === true ? 'argument' : entry.problem?.(args)
  if (problem === undefined) return undefined
  return {
    code: problem === 'growth' ? 'query/growth' : 'query/function-arguments',
    params: { name: writtenName(name) },
  }
}

/**
 * Writes an expression in the engine's own functions, guarded so that no value makes it fail. Names of calls in the
 * result are the engine's, no longer those of the table: it is for emitting SQL only.
 */
export const totalOf = (expr: Expr): Expr => {
  const total = mapParts(expr, totalOf)
  if (total.op !== 'call') return total
  const entry = entryFor(total.name, total.args) ?? systemFunctions.get(total.name)
  if (entry === undefined) throw new Error(`no function ${total.name} of these types in the table`)
  return entry.total(total.args, total.type)
}

/** The arguments of an aggregate or window function as the engine may meet them; `filter` likewise. */
export const totalMeasure = <M extends Measure | WindowExpr>(measure: M): M => {
  const entry =
    aggregateFor(measure.name, 'orders' in measure ? 'window' : 'aggregate') ??
    systemAggregates.find(({ name }) => name === measure.name)
  if (entry === undefined) throw new Error(`no aggregate ${measure.name} in the table`)
  return {
    ...measure,
    args: entry.total(measure.args.map(totalOf)),
    ...(measure.filter === undefined ? {} : { filter: totalOf(measure.filter) }),
  }
}

export { canCast } from './functions/cast.ts'
