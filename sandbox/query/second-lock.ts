import { createHash } from 'node:crypto'
import { literal } from '../../policies/relation/build.ts'
import { exprText } from '../../policies/relation/digest.ts'
import {
  mapParts,
  replaceColumns,
  shiftColumns,
  type Expr,
} from '../../policies/relation/expression.ts'
import { totalMeasure, totalOf } from '../../policies/relation/functions.ts'
import { normal } from '../../policies/relation/normal.ts'
import type { Measure, NodeOf, SortKey, Tree, WindowExpr } from '../../policies/relation/tree.ts'
import { BOOLEAN, type DataType } from '../../policies/relation/type.ts'
import { isObject, parseJson, type Json } from './json.ts'
import { lowerEmitted } from './lower.ts'
import {
  emptyGraph,
  endingAt,
  mapExprs,
  push,
  typesAt,
  type Graph,
  type WorkJoin,
  type WorkNode,
} from './work.ts'

/**
 * The second lock. A statement written from a tree is bound again by the engine that will run it, and what it then
 * means must be what the tree means: the same columns of the same tables, the same functions on the same arguments, the
 * same casts, conditions, groupings and literals. Decimal results alone may be wider than in the tree, because binding
 * widens them each time. Returns what only one of the two says; empty: they agree. Throws on JSON that is no plan.
 *
 * `planJson` is the engine's `json_serialize_plan(statement, optimize := false)`; scans are compared by table name.
 */
export const checkEmitted = (tree: Tree, planJson: string): readonly string[] => {
  const plan = planIn(parseJson(planJson))
  const emitted = plan === undefined ? undefined : lowerEmitted(plan)
  if (emitted === undefined) return ['the statement does not bind']
  const [wanted, found] = [
    factsOf(totalGraph(tree)),
    factsOf(endingAt(emitted, emitted.nodes.length - 1)),
  ]
  return [
    ...[...wanted].filter((fact) => !found.has(fact)).map((fact) => `missing: ${fact}`),
    ...[...found].filter((fact) => !wanted.has(fact)).map((fact) => `added: ${fact}`),
  ]
}

const planIn = (json: Json): Json | undefined => {
  const plans = isObject(json) && json['error'] === false ? json['plans'] : undefined
  return Array.isArray(plans) && plans.length === 1 ? (plans as readonly Json[])[0] : undefined
}

/** The tree in the engine's own functions, as it is emitted. */
const totalGraph = (tree: Tree): Graph => {
  const graph = emptyGraph()
  for (const node of tree.nodes) {
    if (node.op === 'aggregate')
      push(graph, { ...node, measures: node.measures.map((measure) => totalMeasure(measure)) })
    else if (node.op === 'window')
      push(graph, { ...node, exprs: node.exprs.map((expr) => totalWindow(expr)) })
    else push(graph, mapExprs(node, totalOf))
  }
  return graph
}

const totalWindow = (expr: WindowExpr): WindowExpr => ({
  ...totalMeasure(expr),
  partitions: expr.partitions.map(totalOf),
  orders: expr.orders.map((order) => ({ ...order, expr: totalOf(order.expr) })),
})

/** What a relation says, one fact a line, wherever in it it is said. Columns are named by where they come from. */
const factsOf = (graph: Graph): ReadonlySet<string> => {
  const facts = new Set<string>()
  const origins: (readonly string[])[] = []
  for (const [position, node] of graph.nodes.entries())
    origins.push(originsOf({ graph, node, origins, facts, position }))
  facts.add(`answer ${(origins.at(-1) ?? []).join(' ')}`)
  return facts
}

type Look<N extends WorkNode = WorkNode> = {
  readonly graph: Graph
  readonly node: N
  /** Origin of every column of every node before. */
  readonly origins: readonly (readonly string[])[]
  readonly facts: Set<string>
  readonly position: number
}

const short = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** All decimals of one scale count as one type, and casts between them as none. */
const wide = (type: DataType): DataType => (type.id === 'DECIMAL' ? { ...type, width: 38 } : type)

const widened = (expr: Expr): Expr => {
  const inner = mapParts(expr, widened)
  return 'type' in inner ? { ...inner, type: wide(inner.type) } : inner
}

/** An expression as text over the origins of its columns. */
const textOf = (expr: Expr, origins: readonly string[]): string =>
  exprText(normal(named(widened(expr), origins)))

/** Columns become texts that no literal is, so that one order of arguments is found for both sides. */
const named = (expr: Expr, origins: readonly string[]): Expr =>
  replaceColumns(expr, (index, type) => ({
    op: 'call',
    name: `from ${origins[index] ?? 'nowhere'}`,
    args: [],
    type: wide(type),
  }))

const columnOrigin = (expr: Expr, origins: readonly string[]): string =>
  expr.op === 'column' ? (origins[expr.index] ?? 'nowhere') : short(textOf(expr, origins))

const conjuncts = (expr: Expr): readonly Expr[] =>
  expr.op === 'and' ? expr.args.flatMap(conjuncts) : [expr]

const keepRows = (predicate: Expr, origins: readonly string[], { facts }: Look): void => {
  for (const part of conjuncts(normal(widened(predicate)))) {
    const text = textOf(part, origins)
    if (text !== trueText) facts.add(`keep ${text}`)
  }
}

const originsOf = (look: Look): readonly string[] => {
  const { node, facts, origins } = look
  const input = 'input' in node ? (origins[node.input] ?? []) : []
  switch (node.op) {
    case 'scan': {
      const names = node.columns.map(({ name }) => name)
      facts.add(`read ${node.dataset} ${[...names].sort().join(' ')}`)
      return names.map((name) => `${node.dataset}.${name}`)
    }
    case 'values':
      for (const row of node.rows) facts.add(`row ${row.map((expr) => textOf(expr, [])).join(' ')}`)
      return node.columns.map((_, index) =>
        short(
          `${index} of ${node.rows.map((row) => row.map((expr) => textOf(expr, [])).join(' ')).join('|')}`,
        ),
      )
    case 'filter':
      keepRows(node.predicate, input, look)
      return input
    case 'project':
      return node.exprs.map((expr) => columnOrigin(expr, input))
    case 'sort':
      facts.add(`sort ${ordersText(node.orders, input)}`)
      return input
    case 'limit':
      facts.add(`limit ${node.limit ?? ''} ${node.offset ?? ''}`)
      return input
    case 'union':
      facts.add(`union ${node.inputs.length}`)
      return input.length > 0 ? input : unionOrigins({ ...look, node })
    case 'aggregate':
      return aggregateOrigins({ ...look, node }, input)
    case 'window':
      return [...input, ...node.exprs.map((expr) => windowOrigin(expr, input, facts))]
    case 'join':
      return joinOrigins({ ...look, node })
    case 'keys':
      facts.add('keys')
      return node.columns.map(() => 'key')
  }
}

const unionOrigins = ({ node, origins }: Look<NodeOf<'union'>>): readonly string[] => {
  const sides = node.inputs.map((input) => origins[input] ?? [])
  return (sides[0] ?? []).map((_, index) => short(sides.map((side) => side[index]).join(' union ')))
}

const ordersText = (orders: readonly SortKey[], origins: readonly string[]): string =>
  orders
    .map(
      ({ expr, descending, nullsFirst }) =>
        `${textOf(expr, origins)} ${descending ? 'desc' : 'asc'} ${nullsFirst ? 'first' : 'last'}`,
    )
    .join(', ')

const measureText = (
  { name, args, filter, type }: Pick<Measure, 'name' | 'args' | 'filter' | 'type'>,
  origins: readonly string[],
): string => {
  const list = args.map((arg) => textOf(arg, origins)).join(', ')
  const where = filter === undefined ? '' : ` where ${textOf(filter, origins)}`
  return `${name}(${list})${where} as ${wide(type).id}`
}

const aggregateOrigins = (
  { node, facts }: Look<NodeOf<'aggregate'>>,
  input: readonly string[],
): readonly string[] => {
  const keys = node.keys.map((key) => input[key] ?? 'nowhere')
  const group = `group by ${keys.join(', ')}`
  facts.add(group)
  const measures = node.measures.map(
    (measure) => `${measure.distinct ? 'distinct ' : ''}${measureText(measure, input)}`,
  )
  for (const measure of measures) facts.add(`measure ${measure} ${group}`)
  return [...keys, ...measures.map((measure) => short(`${measure} ${group}`))]
}

const windowOrigin = (expr: WindowExpr, origins: readonly string[], facts: Set<string>): string => {
  const { unit, start, end } = expr.frame
  const partitions = expr.partitions.map((part) => textOf(part, origins)).join(', ')
  const text = `window ${measureText(expr, origins)} by ${partitions} order ${ordersText(expr.orders, origins)} ${framesNothing(expr) ? '' : `${unit} ${JSON.stringify([start, end])}`}`
  facts.add(text)
  return short(text)
}

/** Places of rows do not depend on the frame. */
const framesNothing = ({ name }: WindowExpr): boolean =>
  /^(?:row_number|rank|dense_rank|percent_rank|cume_dist|ntile|lag|lead)$/.test(name)

const joinOrigins = (look: Look<WorkJoin>): readonly string[] => {
  const { node, facts, origins, graph } = look
  const left = origins[node.left] ?? []
  const right = origins[node.right] ?? []
  const both = [...left, ...right]
  const width = typesAt(graph, node.left).length
  const conditions = node.on.map((one): Expr => ({
    op: 'compare',
    kind: one.kind,
    left: one.left,
    right: shiftColumns(one.right, width),
  }))
  const all = [...conditions, ...(node.residual === undefined ? [] : conjuncts(node.residual))]
  const texts = all
    .map((part) => textOf(part, both))
    .filter((text) => text !== trueText)
    .sort()
  if (node.kind === 'inner') {
    for (const part of all) keepRows(part, both, look)
    facts.add('pairs')
    return both
  }
  const kind = node.kind === 'nullAwareAnti' ? 'mark' : node.kind
  const text = `${kind} ${texts.join(' and ')}`
  facts.add(text)
  if (node.kind === 'left' || node.kind === 'single')
    return [...left, ...right.map((one) => short(`${one} ${text}`))]
  if (node.kind === 'semi' || node.kind === 'anti') return left
  const mark = short(text)
  if (node.kind !== 'nullAwareAnti') return [...left, mark]
  const isMarked: Expr = { op: 'column', index: 0, type: BOOLEAN }
  keepRows({ op: 'not', input: isMarked }, [mark], look)
  return left
}

const trueText = exprText(literal('true', BOOLEAN))
