import {
  columnsIn,
  partsOf,
  replaceColumns,
  type Expr,
} from '../../policies/relation/expression.ts'
import type { Measure, NodeOf } from '../../policies/relation/tree.ts'
import { nodeAt, push, rebuild, typesAt, usesOf, type Graph, type WorkNode } from './work.ts'

/**
 * Makes one projection of two, takes plain projections into the grouping above them, and drops those that change
 * nothing. An expression that is computed below and used twice above stays where it is: texts could otherwise double
 * with every step.
 */
export const mergeProjections = (graph: Graph): Graph => {
  const uses = usesOf(graph)
  const shared = new Set<number>()
  return rebuild(graph, (node, into, position) => {
    const place = merge(node, into, shared)
    if ((uses[position] ?? 0) > 1) shared.add(place)
    return place
  })
}

const merge = (node: WorkNode, into: Graph, shared: ReadonlySet<number>): number => {
  if (node.op === 'project') return mergeProject(node, into, shared)
  if (node.op === 'aggregate') return mergeAggregate(node, into, shared)
  return push(into, node)
}

const mergeProject = (
  node: NodeOf<'project'>,
  into: Graph,
  shared: ReadonlySet<number>,
): number => {
  const below = nodeAt(into, node.input)
  const combined =
    below.op === 'project' && mayCombine(node.exprs, below.exprs, shared.has(node.input))
      ? {
          ...node,
          input: below.input,
          exprs: node.exprs.map((expr) => substitute(expr, below.exprs)),
        }
      : node
  const types = typesAt(into, combined.input)
  const same =
    combined.exprs.length === types.length &&
    combined.exprs.every((expr, index) => expr.op === 'column' && expr.index === index)
  return same ? combined.input : push(into, combined)
}

const substitute = (expr: Expr, below: readonly Expr[]): Expr =>
  replaceColumns(expr, (index) => below[index] as Expr)

const isTrivial = (expr: Expr | undefined): boolean =>
  expr !== undefined && (expr.op === 'column' || expr.op === 'literal')

/** What is not trivial below is used once above; of a shared projection only the trivial is copied. */
const mayCombine = (above: readonly Expr[], below: readonly Expr[], isShared: boolean): boolean => {
  const counts = below.map(() => 0)
  for (const expr of above) countColumns(expr, counts)
  return below.every((expr, index) => isTrivial(expr) || (counts[index] ?? 0) <= (isShared ? 0 : 1))
}

const countColumns = (expr: Expr, counts: number[]): void => {
  if (expr.op === 'column') counts[expr.index] = (counts[expr.index] ?? 0) + 1
  else for (const part of partsOf(expr)) countColumns(part, counts)
}

/** Grouping needs columns as keys; what is counted and added may be an expression. */
const mergeAggregate = (
  node: NodeOf<'aggregate'>,
  into: Graph,
  shared: ReadonlySet<number>,
): number => {
  const below = nodeAt(into, node.input)
  if (below.op !== 'project') return push(into, node)
  const keys = node.keys.map((key) => below.exprs[key])
  const parts = node.measures.flatMap(({ args, filter }) => [
    ...args,
    ...(filter === undefined ? [] : [filter]),
  ])
  const used = new Set(parts.flatMap((part) => [...columnsIn(part)]))
  const relevant = below.exprs.map((expr, index) =>
    used.has(index) || node.keys.includes(index) ? expr : ({ op: 'column', index: 0 } as Expr),
  )
  const plainKeys = keys.every((key) => key?.op === 'column')
  if (!plainKeys || !mayCombine(parts, relevant, shared.has(node.input))) return push(into, node)
  return push(into, {
    ...node,
    input: below.input,
    keys: keys.map((key) => (key?.op === 'column' ? key.index : 0)),
    measures: node.measures.map((measure) => substituteMeasure(measure, below.exprs)),
  })
}

const substituteMeasure = (measure: Measure, below: readonly Expr[]): Measure => ({
  ...measure,
  args: measure.args.map((arg) => substitute(arg, below)),
  ...(measure.filter === undefined ? {} : { filter: substitute(measure.filter, below) }),
})
