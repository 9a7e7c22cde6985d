import { columnsIn, type Expr } from '../../policies/relation/expression.ts'
import { nodeAt, typesAt, type Graph, type WorkJoin, type WorkScan } from './work.ts'

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
      return node.keys.every((_, index) => columns.has(index))
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
      return node.key?.every((name) => hasColumn(node, name, columns)) ?? false
    case 'values':
    case 'union':
      return false
  }
}

const hasColumn = (node: WorkScan, name: string, columns: ReadonlySet<number>): boolean =>
  node.columns.some((column, index) => column.name === name && columns.has(index))

/** Columns that a condition holds at one value: compared by `=` with something without columns. */
const fixedBy = (predicate: Expr): ReadonlySet<number> =>
  new Set(
    (predicate.op === 'and' ? predicate.args : [predicate]).flatMap((part) => {
      if (part.op !== 'compare' || part.kind !== '=') return []
      const [left, right] = [part.left, part.right]
      if (left.op === 'column' && columnsIn(right).size === 0) return [left.index]
      return right.op === 'column' && columnsIn(left).size === 0 ? [right.index] : []
    }),
  )

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
  if (
    isLeftUnique &&
    (node.kind === 'single' || isUniqueOn(graph, node.right, compared(node, 'right')))
  )
    return true
  // A left join repeats rows of the right side, an inner one where several rows of the left find it.
  const right = new Set([...columns].flatMap((index) => (index < width ? [] : [index - width])))
  return (
    node.kind === 'inner' &&
    isUniqueOn(graph, node.right, right) &&
    isUniqueOn(graph, node.left, compared(node, 'left'))
  )
}

/** Columns of one side that are held equal to something of the other. */
const compared = ({ on }: WorkJoin, side: 'left' | 'right'): ReadonlySet<number> =>
  new Set(
    on.flatMap(({ [side]: expr, kind }) =>
      expr.op === 'column' && (kind === '=' || kind === 'notDistinct') ? [expr.index] : [],
    ),
  )

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

/** Whether a relation has exactly one row, whatever the data. */
export const hasOneRow = (graph: Graph, position: number): boolean => {
  const node = nodeAt(graph, position)
  switch (node.op) {
    case 'aggregate':
      return node.keys.length === 0
    case 'values':
      return node.rows.length === 1
    case 'project':
    case 'window':
    case 'sort':
      return hasOneRow(graph, node.input)
    case 'join':
      if (node.kind === 'semi' || node.kind === 'anti' || node.kind === 'nullAwareAnti')
        return false
      if (node.kind === 'mark' || node.kind === 'exists' || node.kind === 'single')
        return hasOneRow(graph, node.left)
      if (node.kind === 'left')
        return hasOneRow(graph, node.left) && hasOneRowAtMost(graph, node.right)
      return (
        node.on.length === 0 &&
        node.residual === undefined &&
        hasOneRow(graph, node.left) &&
        hasOneRow(graph, node.right)
      )
    case 'scan':
    case 'filter':
    case 'union':
    case 'limit':
    case 'keys':
      return false
  }
}

/** Whether a relation has at most one row, whatever the data. */
export const hasOneRowAtMost = (graph: Graph, position: number): boolean => {
  const node = nodeAt(graph, position)
  if (hasOneRow(graph, position)) return true
  switch (node.op) {
    case 'limit':
      return (node.limit ?? 2) <= 1 || hasOneRowAtMost(graph, node.input)
    case 'filter':
      return (
        hasOneRowAtMost(graph, node.input) || isUniqueOn(graph, node.input, fixedBy(node.predicate))
      )
    case 'project':
    case 'window':
    case 'sort':
      return hasOneRowAtMost(graph, node.input)
    case 'values':
      return node.rows.length <= 1
    case 'aggregate':
      return hasOneRowAtMost(graph, node.input)
    case 'join':
      if (node.kind === 'inner' || node.kind === 'left')
        return hasOneRowAtMost(graph, node.left) && hasOneRowAtMost(graph, node.right)
      return hasOneRowAtMost(graph, node.left)
    case 'scan':
    case 'union':
    case 'keys':
      return false
  }
}
