import { measureText } from '../../policies/relation/digest.ts'
import { columnsIn, replaceColumns, type Expr } from '../../policies/relation/expression.ts'
import type { Measure, NodeOf, SortKey } from '../../policies/relation/tree.ts'
import {
  columnAt,
  inputsOfWork,
  mapExprs,
  nodeAt,
  push,
  typesAt,
  emptyGraph,
  endingAt,
  type Graph,
  type WorkJoin,
  type WorkNode,
} from './work.ts'

/**
 * Leaves out every column nobody uses, and puts what has no order of its own into one: columns of a scan by name, keys
 * by position, measures by text and each once. What is read is thereby exactly what a question needs, and the order in
 * which its parts were written does not matter.
 */
export const prune = (graph: Graph): Graph => {
  const needed = neededColumns(graph)
  const into = emptyGraph()
  const placed: Placed[] = []
  for (const [position, node] of graph.nodes.entries())
    placed.push(
      place({ node, into, graph, needed: needed[position] ?? new Set(), placed, position }),
    )
  return endingAt(into, inOldOrder(into, placed.at(-1)))
}

/** The answer's columns stand in the order they were asked for. */
const inOldOrder = (into: Graph, last: Placed | undefined): number => {
  if (last === undefined) return -1
  const types = typesAt(into, last.at)
  const order = [...last.columns].sort(([a], [b]) => a - b).map(([, to]) => to)
  if (order.length === types.length && order.every((to, index) => to === index)) return last.at
  return push(into, {
    op: 'project',
    input: last.at,
    exprs: order.map((index) => columnAt(types, index)),
  })
}

/** Where a node stands now, and at which position each of its old columns is that is still there. */
type Placed = { readonly at: number; readonly columns: ReadonlyMap<number, number> }

type Visit<N extends WorkNode = WorkNode> = {
  readonly node: N
  readonly into: Graph
  readonly graph: Graph
  readonly needed: ReadonlySet<number>
  readonly placed: readonly Placed[]
  readonly position: number
}

const used = (exprs: readonly Expr[]): readonly number[] =>
  exprs.flatMap((expr) => [...columnsIn(expr)])

const sortExprs = (orders: readonly SortKey[]): readonly Expr[] => orders.map(({ expr }) => expr)

const measureExprs = ({ args, filter }: Pick<Measure, 'args' | 'filter'>): readonly Expr[] =>
  filter === undefined ? args : [...args, filter]

/** For each node the columns its users need, users first. */
const neededColumns = (graph: Graph): readonly ReadonlySet<number>[] => {
  const needed = graph.nodes.map(() => new Set<number>())
  const last = graph.nodes.length - 1
  for (const index of graph.types[last]?.keys() ?? []) needed[last]?.add(index)
  for (let position = last; position >= 0; position -= 1) {
    const node = nodeAt(graph, position)
    const wanted = wantedOf(node, needed[position] ?? new Set(), graph)
    for (const [order, input] of inputsOfWork(node).entries())
      for (const index of wanted[order] ?? []) needed[input]?.add(index)
  }
  return needed
}

const wantedOf = (
  node: WorkNode,
  needed: ReadonlySet<number>,
  graph: Graph,
): readonly (readonly number[])[] => {
  switch (node.op) {
    case 'scan':
    case 'values':
    case 'keys':
      return []
    case 'filter':
      return [[...needed, ...used([node.predicate])]]
    case 'limit':
      return [[...needed]]
    case 'sort':
      return [[...needed, ...used(sortExprs(node.orders))]]
    case 'project':
      return [used([...needed].map((index) => node.exprs[index] as Expr))]
    case 'union':
      return node.inputs.map(() => [...needed])
    case 'aggregate': {
      const measures = node.measures.filter((_, index) => needed.has(node.keys.length + index))
      return [[...node.keys, ...used(measures.flatMap(measureExprs))]]
    }
    case 'window':
      return [wantedByWindow(node, needed, graph)]
    case 'join':
      return wantedByJoin(node, needed, graph)
  }
}

const windowExprs = (expr: NodeOf<'window'>['exprs'][number]): readonly Expr[] => [
  ...measureExprs(expr),
  ...expr.partitions,
  ...sortExprs(expr.orders),
]

const wantedByWindow = (
  node: NodeOf<'window'>,
  needed: ReadonlySet<number>,
  graph: Graph,
): readonly number[] => {
  const width = typesAt(graph, node.input).length
  const kept = node.exprs.filter((_, index) => needed.has(width + index))
  return [...[...needed].filter((index) => index < width), ...used(kept.flatMap(windowExprs))]
}

const wantedByJoin = (
  node: WorkJoin,
  needed: ReadonlySet<number>,
  graph: Graph,
): readonly (readonly number[])[] => {
  const width = typesAt(graph, node.left).length
  const rest = node.residual === undefined ? [] : used([node.residual])
  const outer = [...needed, ...rest]
  const left = [...outer.filter((index) => index < width), ...used(node.on.map((one) => one.left))]
  const hasRight = node.kind === 'inner' || node.kind === 'left' || node.kind === 'single'
  const right = hasRight ? outer.filter((index) => index >= width) : []
  return [left, [...right.map((index) => index - width), ...used(node.on.map((one) => one.right))]]
}

const moved = (expr: Expr, columns: ReadonlyMap<number, number>): Expr =>
  replaceColumns(expr, (index, type) => {
    const to = columns.get(index)
    if (to === undefined) throw new Error('a needed column was left out')
    return { op: 'column', index: to, type }
  })

const numbered = (kept: readonly number[]): ReadonlyMap<number, number> =>
  new Map(kept.map((old, index) => [old, index]))

const ascending = (set: Iterable<number>): number[] => [...set].sort((a, b) => a - b)

const inputOf = ({ placed }: Visit, input: number): Placed => {
  const found = placed[input]
  if (found === undefined) throw new Error('an input stands before its user')
  return found
}

const place = (visit: Visit): Placed => {
  const { node, into, needed } = visit
  switch (node.op) {
    case 'scan': {
      const kept = ascending(needed).sort((a, b) =>
        (node.columns[a]?.name ?? '') < (node.columns[b]?.name ?? '') ? -1 : 1,
      )
      const columns = kept.map((index) => node.columns[index] as (typeof node.columns)[number])
      return { at: push(into, { ...node, columns }), columns: numbered(kept) }
    }
    case 'values':
      return placeValues({ ...visit, node })
    case 'keys':
      return { at: push(into, node), columns: numbered([...node.columns.keys()]) }
    case 'filter':
    case 'sort':
    case 'limit': {
      const input = inputOf(visit, node.input)
      const changed = mapExprs(node, (expr) => moved(expr, input.columns))
      return { at: push(into, { ...changed, input: input.at } as WorkNode), columns: input.columns }
    }
    case 'project': {
      const input = inputOf(visit, node.input)
      const kept = ascending(needed)
      const exprs = kept.map((index) => moved(node.exprs[index] as Expr, input.columns))
      return { at: push(into, { ...node, input: input.at, exprs }), columns: numbered(kept) }
    }
    case 'aggregate':
      return placeAggregate({ ...visit, node })
    case 'window':
      return placeWindow({ ...visit, node })
    case 'union':
      return placeUnion({ ...visit, node })
    case 'join':
      return placeJoin({ ...visit, node })
  }
}

const placeValues = ({ node, into, needed }: Visit<NodeOf<'values'>>): Placed => {
  const kept = ascending(needed)
  const columns = kept.map((index, position) => ({
    name: `c${position}`,
    type: (node.columns[index] as (typeof node.columns)[number]).type,
  }))
  const rows = node.rows.map((row) => kept.map((index) => row[index] as Expr))
  return { at: push(into, { ...node, columns, rows }), columns: numbered(kept) }
}

const placeAggregate = (visit: Visit<NodeOf<'aggregate'>>): Placed => {
  const { node, into, needed } = visit
  const input = inputOf(visit, node.input)
  const keyAt = node.keys.map((key) => input.columns.get(key) ?? -1)
  const keys = ascending(new Set(keyAt))
  const wanted = node.measures.map((measure, index) =>
    needed.has(node.keys.length + index)
      ? (mapMeasure(measure, input.columns) satisfies Measure)
      : undefined,
  )
  const texts = wanted.map((measure) => (measure === undefined ? '' : measureText(measure)))
  const order = [...new Set(texts.filter((text) => text !== ''))].sort()
  const measures = order.map((text) => wanted[texts.indexOf(text)] as Measure)
  const columns = new Map<number, number>(keyAt.map((key, index) => [index, keys.indexOf(key)]))
  for (const [index, text] of texts.entries())
    if (text !== '') columns.set(node.keys.length + index, keys.length + order.indexOf(text))
  const at = push(into, {
    op: 'aggregate',
    input: input.at,
    keys,
    measures,
    ...(node.at === undefined ? {} : { at: node.at }),
  })
  return { at, columns }
}

const mapMeasure = <M extends Pick<Measure, 'args' | 'filter'>>(
  measure: M,
  columns: ReadonlyMap<number, number>,
): M => ({
  ...measure,
  args: measure.args.map((arg) => moved(arg, columns)),
  ...(measure.filter === undefined ? {} : { filter: moved(measure.filter, columns) }),
})

const placeWindow = (visit: Visit<NodeOf<'window'>>): Placed => {
  const { node, into, graph, needed } = visit
  const input = inputOf(visit, node.input)
  const width = typesAt(graph, node.input).length
  const kept = [...node.exprs.keys()].filter((index) => needed.has(width + index))
  if (kept.length === 0) return input
  const exprs = kept.map((index) => {
    const expr = node.exprs[index] as (typeof node.exprs)[number]
    return {
      ...mapMeasure(expr, input.columns),
      partitions: expr.partitions.map((part) => moved(part, input.columns)),
      orders: expr.orders.map((order) => ({ ...order, expr: moved(order.expr, input.columns) })),
    }
  })
  const start = typesAt(into, input.at).length
  const columns = new Map(input.columns)
  for (const [position, index] of kept.entries()) columns.set(width + index, start + position)
  return { at: push(into, { ...node, input: input.at, exprs }), columns }
}

/** The inputs of a union have the same columns in the same order, so each gets a projection unless it has them. */
const placeUnion = (visit: Visit<NodeOf<'union'>>): Placed => {
  const { node, into, needed } = visit
  const kept = ascending(needed)
  const inputs = node.inputs.map((input) => {
    const { at, columns } = inputOf(visit, input)
    const types = typesAt(into, at)
    const order = kept.map((index) => columns.get(index) as number)
    const fits = order.length === types.length && order.every((column, index) => column === index)
    if (fits) return at
    return push(into, {
      op: 'project',
      input: at,
      exprs: order.map((index) => columnAt(types, index)),
    })
  })
  return { at: push(into, { ...node, inputs }), columns: numbered(kept) }
}

const placeJoin = (visit: Visit<WorkJoin>): Placed => {
  const { node, into, graph } = visit
  const [left, right] = [inputOf(visit, node.left), inputOf(visit, node.right)]
  const width = typesAt(graph, node.left).length
  const start = typesAt(into, left.at).length
  const both = new Map(left.columns)
  const hasRight = node.kind === 'inner' || node.kind === 'left' || node.kind === 'single'
  if (hasRight) for (const [old, to] of right.columns) both.set(width + old, start + to)
  if (node.kind === 'mark' || node.kind === 'exists') both.set(width, start)
  const on = node.on.map((one) => ({
    left: moved(one.left, left.columns),
    right: moved(one.right, right.columns),
    kind: one.kind,
  }))
  const at = push(into, {
    ...node,
    left: left.at,
    right: right.at,
    on,
    ...(node.residual === undefined ? {} : { residual: moved(node.residual, both) }),
  })
  return { at, columns: both }
}
