import { emptyGraph, nodeAt, push, type Graph } from './work.ts'

/**
 * A grouping that is the answer gives its columns in the answer's order, so no projection is needed that only puts
 * them there.
 */
export const orderLikeAnswer = (graph: Graph): Graph => {
  const last = graph.nodes.length - 1
  const top = nodeAt(graph, last)
  const below = top.op === 'project' ? nodeAt(graph, top.input) : top
  if (top.op !== 'project' || top.input !== last - 1 || below.op !== 'aggregate') return graph
  const order = top.exprs.map((expr) => (expr.op === 'column' ? expr.index : -1))
  const width = below.keys.length + below.measures.length
  if (order.length !== width || new Set(order).size !== width || order.includes(-1)) return graph
  const keys = order.slice(0, below.keys.length)
  const measures = order.slice(below.keys.length)
  if (keys.some((index) => index >= below.keys.length)) return graph
  const into = emptyGraph()
  for (const node of graph.nodes.slice(0, -2)) push(into, node)
  push(into, {
    ...below,
    keys: keys.map((index) => below.keys[index] as number),
    measures: measures.map(
      (index) => below.measures[index - below.keys.length] as (typeof below.measures)[number],
    ),
  })
  return into
}
