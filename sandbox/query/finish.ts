import { truth } from '../../policies/relation/build.ts'
import { exprText } from '../../policies/relation/digest.ts'
import { partsOf, type Expr } from '../../policies/relation/expression.ts'
import { totalOf } from '../../policies/relation/functions.ts'
import { normal } from '../../policies/relation/normal.ts'
import {
  inputsOf,
  type Measure,
  type Node,
  type NodeOf,
  type WindowExpr,
} from '../../policies/relation/tree.ts'
import { tooComplex, type Problem } from './gate-rule.ts'
import {
  columnAt,
  columnsAt,
  exprsOf,
  mapExprs,
  nodeAt,
  push,
  rebuild,
  typesAt,
  type Graph,
  type WorkJoin,
  type WorkNode,
  type WorkScan,
} from './work.ts'

/** Brings every expression into its normal form, and the conditions of a join into order. */
export const normalise = (graph: Graph): Graph =>
  rebuild(graph, (node, into) => {
    const done = countingRows(mapExprs(node, normal))
    if (done.op !== 'join') return push(into, done)
    const text = ({ left, right, kind }: WorkJoin['on'][number]): string =>
      `${exprText(left)} ${kind} ${exprText(right)}`
    const byText = new Map(done.on.map((one) => [text(one), one]))
    const on = [...byText.keys()].sort().map((key) => byText.get(key) as WorkJoin['on'][number])
    return push(into, { ...done, on })
  })

/** A constant that is not NULL is counted once a row. */
const countingRows = (node: WorkNode): WorkNode => {
  if (node.op === 'aggregate') return { ...node, measures: node.measures.map(countRows) }
  return node.op === 'window' ? { ...node, exprs: node.exprs.map(countRows) } : node
}

const countRows = <M extends Measure | WindowExpr>(measure: M): M => {
  const [arg] = measure.args
  const isDistinct = 'distinct' in measure && measure.distinct
  const constant = arg?.op === 'literal' && arg.value !== null
  return measure.name === 'count' && constant && !isDistinct
    ? { ...measure, name: 'count_star', args: [] }
    : measure
}

/**
 * EXISTS that is no condition of its own but part of one, or a value: a left join with the distinct keys of the right
 * side, each with a flag. It is true or false, never NULL.
 */
export const flagExists = (graph: Graph): Graph =>
  rebuild(graph, (node, into) => {
    if (node.op !== 'join' || node.kind !== 'exists') return push(into, node)
    const keys = push(into, {
      op: 'project',
      input: node.right,
      exprs: node.on.map(({ right }) => right),
    })
    const distinct = push(into, {
      op: 'aggregate',
      input: keys,
      keys: node.on.map((_, index) => index),
      measures: [],
    })
    const types = typesAt(into, distinct)
    const flagged = push(into, {
      op: 'project',
      input: distinct,
      exprs: [...columnsAt(into, distinct), truth(true)],
    })
    const joined = push(into, {
      op: 'join',
      kind: 'left',
      left: node.left,
      right: flagged,
      on: node.on.map(({ left, kind }, index) => ({ left, right: columnAt(types, index), kind })),
    })
    const width = typesAt(into, node.left).length
    const flag = columnAt(typesAt(into, joined), width + types.length)
    return push(into, {
      op: 'project',
      input: joined,
      exprs: [...columnsAt(into, node.left), { op: 'isNull', input: flag, negated: true }],
    })
  })

/** Only the order of the answer and of what a limit cuts off means something. */
export const dropSorts = (graph: Graph): Graph => {
  const kept = new Set<number>()
  const keepBelow = (position: number): void => {
    const node = nodeAt(graph, position)
    if (node.op === 'sort') kept.add(position)
    else if (node.op === 'project' || node.op === 'limit') keepBelow(node.input)
  }
  keepBelow(graph.nodes.length - 1)
  for (const node of graph.nodes) if (node.op === 'limit') keepBelow(node.input)
  return rebuild(graph, (node, into, position) =>
    node.op === 'sort' && !kept.has(position) ? node.input : push(into, node),
  )
}

/** Expressions of one question, written out in the engine's functions, have at most this many parts. */
const partsMax = 50_000

/** The nodes of a tree, or why these are none. */
export const finishNodes = (
  graph: Graph,
): { readonly nodes: readonly Node[]; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = []
  const nodes = graph.nodes.flatMap((node) => finishNode(node, problems))
  const sizes = new Map<Expr, number>()
  const size = graph.nodes
    .flatMap(exprsOf)
    .reduce((sum, expr) => sum + sizeOf(totalOf(expr), sizes), graph.nodes.length)
  if (problems.length === 0 && size > partsMax)
    problems.push({
      code: 'query/too-complex',
      params: tooComplex,
    })
  return { nodes: problems.length > 0 ? nodes : placed(nodes), problems }
}

/** Every node gets a place in the text: of an expression of its own, or else of what it is made from. */
const placed = (nodes: readonly Node[]): readonly Node[] => {
  const places: (number | undefined)[] = []
  return nodes.map((node) => {
    const own = node.at ?? placeIn(exprsOf(node))
    const at =
      own ??
      inputsOf(node)
        .map((input) => places[input])
        .findLast((place) => place !== undefined)
    places.push(at)
    return at === undefined ? node : { ...node, at }
  })
}

const placeIn = (exprs: readonly Expr[]): number | undefined => {
  for (const expr of exprs) {
    const at = expr.at ?? placeIn(partsOf(expr))
    if (at !== undefined) return at
  }
  return undefined
}

/** Guards repeat what they guard by reference, so each expression is counted once however often it will be written. */
const sizeOf = (expr: Expr, known: Map<Expr, number>): number => {
  const before = known.get(expr)
  if (before !== undefined) return before
  const size = partsOf(expr).reduce((sum, part) => sum + sizeOf(part, known), 1)
  known.set(expr, size)
  return size
}

const plainScan = ({ op, dataset, columns, at }: WorkScan): NodeOf<'scan'> =>
  at === undefined ? { op, dataset, columns } : { op, dataset, columns, at }

const finishNode = (node: WorkNode, problems: Problem[]): readonly Node[] => {
  if (node.op === 'keys') throw new Error('keys of a correlated subquery are left')
  if (node.op === 'scan') return [plainScan(node)]
  if (node.op !== 'join') return [node]
  const { kind, correlated: _, ...rest } = node
  if (kind === 'single' || kind === 'exists') throw new Error(`a join of kind ${kind} is left`)
  const [first, more] = node.on
  const nullAware = kind === 'mark' || kind === 'nullAwareAnti'
  if (nullAware && (first?.kind !== '=' || more !== undefined)) {
    problems.push({ code: 'query/not-in', at: first?.left.at ?? first?.right.at })
    return []
  }
  return [{ ...rest, kind }]
}
