import { typesOf } from '../../policies/relation/columns.ts'
import { BOOLEAN, type DataType } from '../../policies/relation/type.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import {
  inputsOf,
  type Measure,
  type Node,
  type NodeOf,
  type SortKey,
  type WindowExpr,
} from '../../policies/relation/tree.ts'

/**
 * A relation on its way into the tree. Three things of bound plans have no place in a tree and are gone when the passes
 * are through: `keys`, the distinct keys a correlated subquery is asked about; joins of kind `single`, whose right side
 * must have at most one row for each left one; and `exists`, a mark join that knows only true and false.
 */
export type WorkJoin = Omit<NodeOf<'join'>, 'kind'> & {
  readonly kind: NodeOf<'join'>['kind'] | 'single' | 'exists'
  /** Which keys its right side may contain, where that is a correlated subquery. */
  readonly correlated?: number | undefined
}
export type KeyList = {
  readonly op: 'keys'
  /** The number of the correlated join whose keys these are. */
  readonly of: number
  readonly columns: readonly DataType[]
  readonly at?: number | undefined
}
/** A scan with the columns that together are never the same in two rows. */
export type WorkScan = NodeOf<'scan'> & { readonly key?: readonly string[] | undefined }
export type WorkNode = Exclude<Node, { op: 'join' | 'scan' }> | WorkJoin | WorkScan | KeyList

/** Nodes in order, inputs before users, with the types of their output columns. */
export type Graph = { readonly nodes: WorkNode[]; readonly types: (readonly DataType[])[] }

export const emptyGraph = (): Graph => ({ nodes: [], types: [] })

export const inputsOfWork = (node: WorkNode): readonly number[] => {
  if (node.op === 'keys') return []
  return node.op === 'join' ? [node.left, node.right] : inputsOf(node)
}

/** The node with other inputs. */
export const withInputs = (node: WorkNode, at: (input: number) => number): WorkNode => {
  switch (node.op) {
    case 'scan':
    case 'values':
    case 'keys':
      return node
    case 'join':
      return { ...node, left: at(node.left), right: at(node.right) }
    case 'union':
      return { ...node, inputs: node.inputs.map(at) }
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'limit':
      return { ...node, input: at(node.input) }
  }
}

const typesOfWork = (
  node: WorkNode,
  types: readonly (readonly DataType[])[],
): readonly DataType[] => {
  if (node.op === 'keys') return node.columns
  if (node.op !== 'join') return typesOf(node, types)
  const kind = node.kind === 'single' ? 'left' : node.kind
  if (kind === 'exists') return [...(types[node.left] ?? []), BOOLEAN]
  return typesOf({ ...node, kind }, types)
}

/** Adds a node; its inputs stand in the graph already. */
export const push = (graph: Graph, node: WorkNode): number => {
  graph.types.push(typesOfWork(node, graph.types))
  return graph.nodes.push(node) - 1
}

export const nodeAt = (graph: Graph, position: number): WorkNode => {
  const node = graph.nodes[position]
  if (node === undefined) throw new Error('a node refers to one that stands before it')
  return node
}

export const typesAt = (graph: Graph, position: number): readonly DataType[] => {
  const types = graph.types[position]
  if (types === undefined) throw new Error('a node refers to one that stands before it')
  return types
}

export const columnAt = (types: readonly DataType[], index: number): Expr => {
  const type = types[index]
  if (type === undefined) throw new Error('a column beyond the width of its relation')
  return { op: 'column', index, type }
}

export const columnsAt = (graph: Graph, position: number): readonly Expr[] => {
  const types = typesAt(graph, position)
  return types.map((_, index) => columnAt(types, index))
}

/** How many nodes use each node; the last one is used by the answer. */
export const usesOf = (graph: Graph): readonly number[] => {
  const uses = graph.nodes.map(() => 0)
  for (const node of graph.nodes)
    for (const input of inputsOfWork(node)) uses[input] = (uses[input] ?? 0) + 1
  return uses
}

/**
 * Builds a graph anew, node by node in order. `visit` gets a node whose inputs are already those of the new graph and
 * says where in the new graph its result stands.
 */
export const rebuild = (
  graph: Graph,
  visit: (node: WorkNode, into: Graph, position: number) => number,
): Graph => {
  const into = emptyGraph()
  const places: number[] = []
  for (const [position, node] of graph.nodes.entries()) {
    const moved = withInputs(node, (input) => places[input] as number)
    places.push(visit(moved, into, position))
  }
  return endingAt(into, places.at(-1) ?? -1)
}

/** The graph with only what its last relation needs; that relation stands last. */
export const endingAt = (graph: Graph, last: number): Graph => {
  const needed = new Set([last])
  for (let position = last; position >= 0; position -= 1)
    if (needed.has(position))
      for (const input of inputsOfWork(nodeAt(graph, position))) needed.add(input)
  const into = emptyGraph()
  const places = new Map<number, number>()
  for (const [position, node] of graph.nodes.entries())
    if (needed.has(position))
      places.set(
        position,
        push(
          into,
          withInputs(node, (input) => places.get(input) as number),
        ),
      )
  return into
}

type Change = (expr: Expr) => Expr

const changeMeasure = <M extends Measure | WindowExpr>(measure: M, change: Change): M => ({
  ...measure,
  args: measure.args.map(change),
  ...(measure.filter === undefined ? {} : { filter: change(measure.filter) }),
})

const changeOrders = (orders: readonly SortKey[], change: Change): SortKey[] =>
  orders.map((order) => ({ ...order, expr: change(order.expr) }))

/** The node with each of its expressions replaced. */
export const mapExprs = (node: WorkNode, change: Change): WorkNode => {
  switch (node.op) {
    case 'scan':
    case 'keys':
    case 'union':
    case 'limit':
      return node
    case 'values':
      return { ...node, rows: node.rows.map((row) => row.map(change)) }
    case 'filter':
      return { ...node, predicate: change(node.predicate) }
    case 'project':
      return { ...node, exprs: node.exprs.map(change) }
    case 'join':
      return {
        ...node,
        on: node.on.map(({ left, right, kind }) => ({
          left: change(left),
          right: change(right),
          kind,
        })),
        ...(node.residual === undefined ? {} : { residual: change(node.residual) }),
      }
    case 'aggregate':
      return { ...node, measures: node.measures.map((measure) => changeMeasure(measure, change)) }
    case 'window':
      return {
        ...node,
        exprs: node.exprs.map((expr) => ({
          ...changeMeasure(expr, change),
          partitions: expr.partitions.map(change),
          orders: changeOrders(expr.orders, change),
        })),
      }
    case 'sort':
      return { ...node, orders: changeOrders(node.orders, change) }
  }
}

/** Every expression that stands directly in a node. */
export const exprsOf = (node: WorkNode): readonly Expr[] => {
  const found: Expr[] = []
  mapExprs(node, (expr) => {
    found.push(expr)
    return expr
  })
  return found
}
