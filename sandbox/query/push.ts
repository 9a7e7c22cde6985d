import { allOf, truth } from '../../policies/relation/build.ts'
import {
  columnsIn,
  partsOf,
  replaceColumns,
  shiftColumns,
  type Expr,
} from '../../policies/relation/expression.ts'
import type { NodeOf } from '../../policies/relation/tree.ts'
import { splitCondition } from './lower-join.ts'
import { rejectsNull } from './strict.ts'
import {
  columnsAt,
  nodeAt,
  push,
  rebuild,
  typesAt,
  usesOf,
  type Graph,
  type WorkJoin,
  type WorkNode,
} from './work.ts'

/** A condition is written again below a projection only while it grows by no more parts than these. */
const copiedNodesMax = 20

/**
 * Moves every condition as far down as it keeps its meaning: below projections, sorts and grouping by its columns, to
 * the side of a join it is about, into the condition of an inner join. WHERE stands above the joins of its subqueries
 * in a bound plan; only below them is a comma join seen to be a join on the unit.
 */
export const pushFilters = (graph: Graph): Graph => {
  const uses = usesOf(graph)
  const shared = new Set<number>()
  return rebuild(graph, (node, into, position) => {
    const sink: Sink = { into, shared }
    const place = settle(node, sink)
    if ((uses[position] ?? 0) > 1) shared.add(place)
    return place
  })
}

type Sink = {
  readonly into: Graph
  /** Nodes with several users: what only one of them asks for stays above. */
  readonly shared: ReadonlySet<number>
}

const settle = (node: WorkNode, sink: Sink): number => {
  if (node.op === 'filter') return sinkAll(sink, node.input, conjuncts(node.predicate))
  if (node.op !== 'join' || node.residual === undefined) return push(sink.into, node)
  const { residual, ...bare } = node
  if (node.kind === 'inner') return sinkAll(sink, push(sink.into, bare), conjuncts(residual))
  return node.kind === 'left'
    ? leftResidual(bare, conjuncts(residual), sink)
    : push(sink.into, node)
}

/** Of a left join's condition, what is about the right side alone may be asked of it before. */
const leftResidual = (bare: WorkJoin, parts: readonly Expr[], sink: Sink): number => {
  const width = typesAt(sink.into, bare.left).length
  const onRight = parts.filter((part) => sideOf(part, width) === 'right')
  const rest = parts.filter((part) => sideOf(part, width) !== 'right')
  const right = sinkAll(
    sink,
    bare.right,
    onRight.map((part) => shiftColumns(part, -width)),
  )
  const residual = rest.length === 0 ? {} : { residual: allOf(rest) }
  return push(sink.into, { ...bare, right, ...residual })
}

const conjuncts = (predicate: Expr): readonly Expr[] =>
  predicate.op === 'and' ? predicate.args.flatMap(conjuncts) : [predicate]

const sideOf = (expr: Expr, width: number): 'left' | 'right' | 'both' | 'none' => {
  const columns = [...columnsIn(expr)]
  if (columns.length === 0) return 'none'
  if (columns.every((index) => index < width)) return 'left'
  return columns.every((index) => index >= width) ? 'right' : 'both'
}

const above = ({ into }: Sink, input: number, rest: readonly Expr[]): number => {
  const open = rest.filter((part) => !(part.op === 'literal' && part.value === 'true'))
  return open.length === 0 ? input : push(into, { op: 'filter', input, predicate: allOf(open) })
}

/** Where a relation stands of whose rows exactly those are kept for which all conditions hold. */
const sinkAll = (sink: Sink, input: number, parts: readonly Expr[]): number => {
  const node = nodeAt(sink.into, input)
  if (parts.length === 0) return input
  if (sink.shared.has(input)) return above(sink, input, parts)
  switch (node.op) {
    case 'filter':
      return sinkAll(sink, node.input, [...conjuncts(node.predicate), ...parts])
    case 'project':
      return sinkProject(sink, node, parts)
    case 'sort':
      return push(sink.into, { ...node, input: sinkAll(sink, node.input, parts) })
    case 'union':
      return push(sink.into, {
        ...node,
        inputs: node.inputs.map((one) => sinkAll(sink, one, parts)),
      })
    case 'aggregate':
      return sinkAggregate(sink, node, parts)
    case 'window':
      return sinkWindow(sink, node, parts)
    case 'join':
      return sinkJoin(sink, node, parts)
    case 'scan':
    case 'values':
    case 'limit':
    case 'keys':
      return above(sink, input, parts)
  }
}

const sizeOf = (expr: Expr, columnSize: (index: number) => number): number =>
  expr.op === 'column'
    ? columnSize(expr.index)
    : partsOf(expr).reduce((sum, part) => sum + sizeOf(part, columnSize), 1)

const sinkProject = (sink: Sink, node: NodeOf<'project'>, parts: readonly Expr[]): number => {
  const sizes = node.exprs.map((expr) => sizeOf(expr, () => 1))
  const isCheap = (part: Expr): boolean =>
    sizeOf(part, (index) => sizes[index] ?? 1) <= sizeOf(part, () => 1) + copiedNodesMax
  const below = parts
    .filter(isCheap)
    .map((part) => replaceColumns(part, (index) => node.exprs[index] as Expr))
  const input = sinkAll(sink, node.input, below)
  return above(
    sink,
    push(sink.into, { ...node, input }),
    parts.filter((part) => !isCheap(part)),
  )
}

/** A condition on keys keeps or drops whole groups, so it may be asked of the rows. */
const sinkAggregate = (sink: Sink, node: NodeOf<'aggregate'>, parts: readonly Expr[]): number => {
  const onKeys = (part: Expr): boolean => {
    const columns = [...columnsIn(part)]
    return columns.length > 0 && columns.every((index) => index < node.keys.length)
  }
  const below = parts.filter(onKeys).map((part) =>
    replaceColumns(part, (index, type) => ({
      op: 'column',
      index: node.keys[index] as number,
      type,
    })),
  )
  const input = sinkAll(sink, node.input, below)
  return above(
    sink,
    push(sink.into, { ...node, input }),
    parts.filter((part) => !onKeys(part)),
  )
}

/** A condition on columns by which every window is partitioned keeps or drops whole partitions. */
const sinkWindow = (sink: Sink, node: NodeOf<'window'>, parts: readonly Expr[]): number => {
  const partitioned = (index: number): boolean =>
    node.exprs.every(({ partitions }) =>
      partitions.some((expr) => expr.op === 'column' && expr.index === index),
    )
  const below = parts.filter((part) => {
    const columns = [...columnsIn(part)]
    return columns.length > 0 && columns.every(partitioned)
  })
  const input = sinkAll(sink, node.input, below)
  return above(
    sink,
    push(sink.into, { ...node, input }),
    parts.filter((part) => !below.includes(part)),
  )
}

const sinkJoin = (sink: Sink, node: WorkJoin, parts: readonly Expr[]): number => {
  const width = typesAt(sink.into, node.left).length
  if (node.kind === 'inner') return sinkInner(sink, node, parts)
  if (node.kind === 'left' && parts.some((part) => rejectsNull(part, (index) => index >= width)))
    return sinkInner(sink, { ...node, kind: 'inner' }, parts)
  if (node.kind === 'mark' || node.kind === 'exists') {
    const tested = testFor(node, parts, width)
    if (tested !== undefined) return sinkTested(sink, tested, parts)
  }
  const isLeft = (part: Expr): boolean => sideOf(part, width) === 'left'
  const left = sinkAll(sink, node.left, parts.filter(isLeft))
  return above(
    sink,
    push(sink.into, { ...node, left }),
    parts.filter((part) => !isLeft(part)),
  )
}

const sinkInner = (sink: Sink, node: WorkJoin, parts: readonly Expr[]): number => {
  const width = typesAt(sink.into, node.left).length
  const all = [...parts, ...(node.residual === undefined ? [] : conjuncts(node.residual))]
  const of = (side: ReturnType<typeof sideOf>): readonly Expr[] =>
    all.filter((part) => sideOf(part, width) === side)
  const left = sinkAll(sink, node.left, of('left'))
  const right = sinkAll(
    sink,
    node.right,
    of('right').map((part) => shiftColumns(part, -width)),
  )
  const { on, rest } = splitCondition(allOf(of('both')), width)
  const open = rest.filter((part) => columnsIn(part).size > 0)
  const { residual: _, ...bare } = node
  const join = push(sink.into, {
    ...bare,
    left,
    right,
    on: [...node.on, ...on],
    ...(open.length === 0 ? {} : { residual: allOf(open) }),
  })
  return above(sink, join, of('none'))
}

type Tested = { readonly join: WorkJoin; readonly answer: boolean; readonly width: number }

/**
 * A condition that is the mark itself, or its negation, makes the join a semi or anti join. `IN` answers NULL where a
 * NULL decides, so its negation is the null-aware anti join; for more than one comparison there is none.
 */
const testFor = (node: WorkJoin, parts: readonly Expr[], width: number): Tested | undefined => {
  const isMark = (expr: Expr): boolean => expr.op === 'column' && expr.index === width
  if (parts.some(isMark)) return { join: { ...node, kind: 'semi' }, answer: true, width }
  if (!parts.some((part) => part.op === 'not' && isMark(part.input))) return undefined
  if (node.kind === 'exists') return { join: { ...node, kind: 'anti' }, answer: false, width }
  const [only, more] = node.on
  if (only?.kind !== '=' || more !== undefined) return undefined
  return { join: { ...node, kind: 'nullAwareAnti' }, answer: false, width }
}

/** The mark is known from here on; the other conditions go on down. */
const sinkTested = (
  sink: Sink,
  { join, answer, width }: Tested,
  parts: readonly Expr[],
): number => {
  const tested = push(sink.into, join)
  const project = push(sink.into, {
    op: 'project',
    input: tested,
    exprs: [...columnsAt(sink.into, tested), truth(answer)],
  })
  const isMark = (expr: Expr): boolean => expr.op === 'column' && expr.index === width
  const others = parts.filter(
    (part) => !(answer ? isMark(part) : part.op === 'not' && isMark(part.input)),
  )
  return sinkAll(sink, project, others)
}
