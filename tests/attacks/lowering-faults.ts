import { truth } from '../../policies/relation/build.ts'
import { mapParts, type Comparison, type Expr } from '../../policies/relation/expression.ts'
import type { Measure, Node, Tree } from '../../policies/relation/tree.ts'

/** Errors a lowering could make: each gives another tree that types as the right one does. */
export type LoweringFault = (node: Node) => Node

const everywhere =
  (change: (expr: Expr) => Expr): ((expr: Expr) => Expr) =>
  (expr) =>
    change(mapParts(expr, everywhere(change)))

const inExpressions = (change: (expr: Expr) => Expr): LoweringFault => {
  const all = everywhere(change)
  const measure = (one: Measure): Measure => ({
    ...one,
    args: one.args.map(all),
    ...(one.filter && { filter: all(one.filter) }),
  })
  return (node) => {
    if (node.op === 'filter') return { ...node, predicate: all(node.predicate) }
    if (node.op === 'project') return { ...node, exprs: node.exprs.map(all) }
    if (node.op === 'aggregate') return { ...node, measures: node.measures.map(measure) }
    return node.op === 'join' && node.residual ? { ...node, residual: all(node.residual) } : node
  }
}

const inMeasures =
  (change: (measure: Measure) => Measure): LoweringFault =>
  (node) =>
    node.op === 'aggregate' ? { ...node, measures: node.measures.map(change) } : node

const closed: Partial<Record<Comparison, Comparison>> = {
  '<': '<=',
  '>': '>=',
  '<=': '<',
  '>=': '>',
}
const kinds = { left: 'inner', semi: 'anti', nullAwareAnti: 'anti' } as const

export const loweringFaults: Readonly<Record<string, LoweringFault>> = {
  'a bound counts that does not, or the other way round': inExpressions((expr) =>
    expr.op === 'compare' ? { ...expr, kind: closed[expr.kind] ?? expr.kind } : expr,
  ),
  'AND is OR': inExpressions((expr) => (expr.op === 'and' ? { ...expr, op: 'or' } : expr)),
  'NOT is lost where values are missing': inExpressions((expr) =>
    expr.op === 'isNull' ? { ...expr, negated: !expr.negated } : expr,
  ),
  'a list is the other list': inExpressions((expr) =>
    expr.op === 'in' ? { ...expr, negated: !expr.negated } : expr,
  ),
  'the first case holds always': inExpressions((expr) =>
    expr.op === 'case' ? { ...expr, otherwise: expr.whens[0]!.value } : expr,
  ),
  'a filter before groups is lost': (node) =>
    node.op === 'filter' ? { op: 'filter', input: node.input, predicate: truth(true) } : node,
  'FILTER is lost': inMeasures(({ name, args, distinct, type }) => ({
    name,
    args,
    distinct,
    type,
  })),
  'DISTINCT is lost': inMeasures((measure) => ({ ...measure, distinct: false })),
  'a join keeps other rows': (node) =>
    node.op === 'join' && node.kind in kinds
      ? { ...node, kind: kinds[node.kind as keyof typeof kinds] }
      : node,
  'a missing key finds a missing key': (node) =>
    node.op === 'join'
      ? {
          ...node,
          on: node.on.map((one) => (one.kind === '=' ? { ...one, kind: 'notDistinct' } : one)),
        }
      : node,
  'a union has one of its parts twice': (node) =>
    node.op === 'union' ? { ...node, inputs: node.inputs.map(() => node.inputs[0]!) } : node,
  'a window looks at all rows': (node) =>
    node.op === 'window'
      ? { ...node, exprs: node.exprs.map((one) => ({ ...one, partitions: [] })) }
      : node,
}

export const faulty = (tree: Tree, fault: LoweringFault): Tree => ({
  ...tree,
  nodes: tree.nodes.map(fault),
})
