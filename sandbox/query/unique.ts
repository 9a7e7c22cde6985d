import type { Expr } from '../../policies/relation/expression.ts'
import { hasOneRowAtMost } from './lower-subquery.ts'
import { nodeAt, typesAt, type Graph, type WorkJoin } from './work.ts'

/**
 * Whether no two rows of a relation agree in all the given columns, whatever the data. NULL agrees with NULL. This is
 * what makes a subquery used as a value have at most one row for each outer row.
 */
export const isUniqueOn = (
  graph: Graph,
  position: number,
  columns: ReadonlySet<number>,
): boolean => {
  if (hasOneRowAtMost(graph, position)) return true
  const node = nodeAt(graph, position)
  switch (node.op) {
    case 'aggregate':
      return node.sets === undefined && node.keys.every((_, index) => columns.has(index))
    case 'filter':
      return isFirstOfEach(graph, node, columns) || isUniqueOn(graph, node.input, columns)
    case 'sort':
    case 'limit':
      return isUniqueOn(graph, node.input, columns)
    case 'project':
      return isUniqueOn(graph, node.input, through(node.exprs, columns))
    case 'window': {
      const width = typesAt(graph, node.input).length
      return isUniqueOn(graph, node.input, new Set([...columns].filter((index) => index < width)))
    }
    case 'join':
      return isUniqueJoin(graph, node, columns)
    case 'keys':
      return node.columns.every((_, index) => columns.has(index))
    case 'scan':
    case 'values':
    case 'union':
      return false
  }
}

const through = (exprs: readonly Expr[], columns: ReadonlySet<number>): ReadonlySet<number> =>
  new Set(
    [...columns].flatMap((index) => {
      const expr = exprs[index]
      return expr?.op === 'column' ? [expr.index] : []
    }),
  )

const isUniqueJoin = (graph: Graph, node: WorkJoin, columns: ReadonlySet<number>): boolean => {
  const width = typesAt(graph, node.left).length
  const left = new Set([...columns].filter((index) => index < width))
  const isLeftUnique = isUniqueOn(graph, node.left, left)
  if (node.kind !== 'inner' && node.kind !== 'left' && node.kind !== 'single') return isLeftUnique
  const compared = new Set(
    node.on.flatMap(({ right, kind }) =>
      right.op === 'column' && (kind === '=' || kind === 'notDistinct') ? [right.index] : [],
    ),
  )
  return isLeftUnique && (node.kind === 'single' || isUniqueOn(graph, node.right, compared))
}

/** `row_number() ... = 1` or `<= 1`: one row of each partition. */
const isFirstOfEach = (
  graph: Graph,
  node: { readonly predicate: Expr; readonly input: number },
  columns: ReadonlySet<number>,
): boolean => {
  const window = nodeAt(graph, node.input)
  if (window.op !== 'window') return false
  const width = typesAt(graph, window.input).length
  const conjuncts = node.predicate.op === 'and' ? node.predicate.args : [node.predicate]
  return conjuncts.some((part) => {
    if (part.op !== 'compare' || part.left.op !== 'column' || part.right.op !== 'literal')
      return false
    const expr = window.exprs[part.left.index - width]
    return (
      (part.kind === '=' || part.kind === '<=') &&
      part.right.value === '1' &&
      expr?.name === 'row_number' &&
      expr.partitions.every((by) => by.op === 'column' && columns.has(by.index))
    )
  })
}
