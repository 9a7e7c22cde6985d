import { mapParts, type Expr } from './expression.ts'
import { aggregates } from './functions/aggregates.ts'
import { arithmetic } from './functions/arithmetic.ts'
import { takesTypes, type AggregateFunction, type ScalarFunction } from './functions/entry.ts'
import { aliases, macros } from './functions/names.ts'
import { system } from './functions/system.ts'
import type { RefusalCode } from '../refusal.ts'
import type { Measure, WindowExpr } from './tree.ts'

/** Every permitted scalar function, by its name in the tree. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [...arithmetic].map((entry) => [entry.name, entry]),
)

/** Functions of plans, which no text can name. */
const systemFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  system.map((entry) => [entry.name, entry]),
)

/** Every permitted aggregate function, by its name in the tree. */
export const aggregateFunctions: ReadonlyMap<string, AggregateFunction> = new Map(
  aggregates.map((entry) => [entry.name, entry]),
)

/** The table's name of a function the engine calls by another. */
export const boundName = (name: string): string => {
  const lower = name.toLowerCase()
  return Object.hasOwn(aliases, lower) ? (aliases[lower] ?? lower) : lower
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

type CallProblem = { readonly code: RefusalCode; readonly params: { readonly name: string } }

/** What is wrong with a call of a scalar function: it is not permitted, or not on these arguments. */
export const checkCall = (name: string, args: readonly Expr[]): CallProblem | undefined => {
  const entry = scalarFunctions.get(name)
  const params = { name }
  if (entry === undefined) return { code: 'query/function', params }
  if (!takesTypes(entry.takes, args)) return { code: 'query/argument-types', params }
  const problem = entry.problem?.(args)
  if (problem === 'growth') return { code: 'query/growth', params }
  return problem === undefined ? undefined : { code: 'query/function-arguments', params }
}

/** What is wrong with an aggregate: it is not permitted, or not on these arguments. */
export const checkMeasure = (
  name: string,
  args: readonly Expr[],
  distinct: boolean,
  window = false,
): CallProblem | undefined => {
  const params = { name }
  if (window) return windowFunctions.has(name) ? undefined : { code: 'query/function', params }
  const entry = aggregateFunctions.get(name)
  if (entry === undefined) return { code: 'query/function', params }
  if (distinct && args.length !== 1) return { code: 'query/argument-types', params }
  return takesTypes(entry.takes, args) ? undefined : { code: 'query/argument-types', params }
}

/** Window functions that are no aggregates: positions and neighbours of a row. */
export const windowFunctions: ReadonlySet<string> = new Set([
  'row_number',
  'rank',
  'dense_rank',
  'percent_rank',
  'cume_dist',
  'ntile',
  'lag',
  'lead',
  'first_value',
  'last_value',
  'nth_value',
])

/**
 * Writes an expression in the engine's own functions, guarded so that no value makes it fail. Names of calls in the
 * result are the engine's, no longer those of the table: it is for emitting SQL only.
 */
export const totalOf = (expr: Expr): Expr => {
  const total = mapParts(expr, totalOf)
  if (total.op !== 'call') return total
  const entry = scalarFunctions.get(total.name) ?? systemFunctions.get(total.name)
  if (entry === undefined) throw new Error(`no function ${total.name} in the table`)
  return entry.total(total.args, total.type)
}

/** The arguments of an aggregate as the engine may meet them; `filter` likewise. */
export const totalMeasure = <M extends Measure | WindowExpr>(measure: M): M => {
  const entry = aggregateFunctions.get(measure.name)
  const args = measure.args.map(totalOf)
  return {
    ...measure,
    args: entry === undefined ? args : entry.total(args),
    ...(measure.filter === undefined ? {} : { filter: totalOf(measure.filter) }),
  }
}

export { canCast } from './functions/cast.ts'
