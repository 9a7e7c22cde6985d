import { mapParts, type Expr } from './expression.ts'
import { aggregates } from './functions/aggregates.ts'
import { arithmetic } from './functions/arithmetic.ts'
import { type AggregateFunction, type ScalarFunction } from './functions/entry.ts'
import type { Measure, WindowExpr } from './tree.ts'

/** Every permitted scalar function, by its name in the tree. */
export const scalarFunctions: ReadonlyMap<string, ScalarFunction> = new Map(
  [...arithmetic].map((entry) => [entry.name, entry]),
)

/** Every permitted aggregate function, by its name in the tree. */
export const aggregateFunctions: ReadonlyMap<string, AggregateFunction> = new Map(
  aggregates.map((entry) => [entry.name, entry]),
)

/**
 * Writes an expression in the engine's own functions, guarded so that no value makes it fail. Names of calls in the
 * result are the engine's, no longer those of the table: it is for emitting SQL only.
 */
export const totalOf = (expr: Expr): Expr => {
  const total = mapParts(expr, totalOf)
  if (total.op !== 'call') return total
  const entry = scalarFunctions.get(total.name)
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
