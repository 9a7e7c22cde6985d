import { typeOf, type Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { Measure, NodeOf, SortKey, WindowExpr } from '../relation/tree.ts'
import { BIGINT } from '../relation/type.ts'
import { boundsIn } from './feature-unsteady.ts'
import { amongExtremes, extremeOf, steadyFeature, windowTies } from './steady.ts'
import {
  columnAt,
  identity,
  moved,
  movedOrder,
  movedTo,
  none,
  plain,
  type Hidden,
  type Threaded,
  type Writer,
} from './threaded.ts'
import { sure } from '../sure.ts'

const movedMeasure = (measure: Measure, input: Threaded): Measure => ({
  ...measure,
  args: measure.args.map((arg) => moved(arg, input)),
  ...(measure.filter && { filter: moved(measure.filter, input) }),
})

/** The fact of an aggregate, and of its input. */
type Facts = { readonly fact: NodeFact; readonly of: NodeFact }

export const writeAggregate = (
  node: NodeOf<'aggregate'>,
  facts: Facts,
  input: Threaded,
  writer: Writer,
): Threaded => {
  const { privacy } = facts.fact
  if (privacy.private) return writeFeatures(node, { ...facts, unit: privacy.unit }, input, writer)
  const keys = node.keys.map((key) => movedTo(key, input))
  const measures = node.measures.map((measure) => movedMeasure(measure, input))
  const made = writer.add({ ...node, input: input.node, keys, measures })
  return plain(made, node.keys.length + node.measures.length)
}

/**
 * Features keep their unit among the keys, and are written so that the order of rows does not matter. Of another kind's
 * surrogates one for each row of features is kept: the floor then counts fewer distinct entities than there are.
 */
const writeFeatures = (
  node: NodeOf<'aggregate'>,
  { fact, of, unit }: Facts & { readonly unit: string },
  input: Threaded,
  writer: Writer,
): Threaded => {
  const keys = node.keys.map((key) => movedTo(key, input))
  const measures = writeExtremes(node, keys, input, writer)
  const steady = measures.map(({ measure }, index) =>
    steadyFeature(measure, boundsIn(sure(node.measures[index], 'a measure').args, of)),
  )
  const others = [...input.hidden].filter(([name]) => name !== 'unit')
  const parts = steady.flatMap((one) => one.parts)
  const kept = others.map(([, { index }]): Measure => ({
    name: 'min',
    args: [columnAt(index, BIGINT)],
    distinct: false,
    type: BIGINT,
  }))
  const made = writer.add({
    op: 'aggregate',
    input: measures[0]?.input ?? input.node,
    keys,
    measures: [...parts, ...kept],
  })
  const columns = writer.columnsOf(made)
  let next = keys.length
  const results = steady.map((one): Expr => {
    const own = columns.slice(next, next + one.parts.length)
    next += one.parts.length
    return one.result(own)
  })
  const exprs = [...columns.slice(0, keys.length), ...results, ...columns.slice(next)]
  return {
    node: writer.add({ op: 'project', input: made, exprs }),
    width: exprs.length,
    map: identity(keys.length + results.length),
    hidden: hiddenOf(unit, fact, others, keys.length + results.length),
    companions: none,
  }
}

const hiddenOf = (
  unit: string,
  fact: NodeFact,
  others: readonly (readonly [string, Hidden])[],
  start: number,
): ReadonlyMap<string, Hidden> => {
  const index = fact.columns.findIndex(
    ({ surrogate, nullable }) => surrogate?.own === true && surrogate.kind === unit && !nullable,
  )
  return new Map([
    ['unit', { index, kind: unit }],
    ...others.map(([name, { kind }], place) => [name, { index: start + place, kind }] as const),
  ])
}

/** Puts the extreme of each `arg_min` and `arg_max` beside the rows of its group; the measures over those rows. */
const writeExtremes = (
  node: NodeOf<'aggregate'>,
  keys: readonly number[],
  input: Threaded,
  { add, columnsOf }: Writer,
): readonly { readonly measure: Measure; readonly input: number }[] => {
  const own = columnsOf(input.node)
  const partitions = keys.map((key) => own[key]).filter((key) => key !== undefined)
  const measures = node.measures.map((measure) => movedMeasure(measure, input))
  const exprs: WindowExpr[] = []
  const placed = measures.map((measure): Measure => {
    const found = extremeOf(measure)
    if (found === undefined) return measure
    const { key, extreme } = found
    const type = typeOf(key)
    exprs.push({
      name: extreme,
      args: [key],
      partitions: [...partitions],
      orders: [],
      frame: {
        unit: 'range',
        start: { kind: 'unboundedPreceding' },
        end: { kind: 'unboundedFollowing' },
      },
      type,
    })
    return amongExtremes(measure, key, columnAt(own.length + exprs.length - 1, type))
  })
  const from = exprs.length === 0 ? input.node : add({ op: 'window', input: input.node, exprs })
  return placed.map((measure) => ({ measure, input: from }))
}

/** A window over private rows gets further keys where its own leave an order open that would show. */
export const writeWindow = (
  node: NodeOf<'window'>,
  of: NodeFact,
  input: Threaded,
  { add, columnsOf }: Writer,
): Threaded => {
  const all = columnsOf(input.node).map((expr): SortKey => ({
    expr,
    descending: false,
    nullsFirst: true,
  }))
  const exprs = node.exprs.map((expr) => {
    const orders = expr.orders.map((order) => movedOrder(order, input))
    const ties = of.privacy.private ? windowTies(expr, boundsIn(expr.args, of)) : 'none'
    return {
      ...expr,
      args: expr.args.map((arg) => moved(arg, input)),
      partitions: expr.partitions.map((part) => moved(part, input)),
      orders: ties === 'broken' ? [...orders, ...all] : orders,
      ...(expr.filter && { filter: moved(expr.filter, input) }),
    }
  })
  return {
    ...input,
    node: add({ op: 'window', input: input.node, exprs }),
    width: input.width + exprs.length,
    map: [...input.map, ...exprs.map((_, index) => input.width + index)],
  }
}
