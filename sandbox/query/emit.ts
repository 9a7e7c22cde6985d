import { compare } from '../../policies/relation/build.ts'
import { shiftColumns, type Expr } from '../../policies/relation/expression.ts'
import { totalMeasure, totalOf } from '../../policies/relation/functions.ts'
import {
  inputsOf,
  type Measure,
  type Node,
  type NodeOf,
  type SortKey,
  type Tree,
  type WindowExpr,
} from '../../policies/relation/tree.ts'
import { columnsOf } from '../../policies/relation/columns.ts'
import { quoteName, render } from './render.ts'

/** The SQL of a table by its dataset: quoted and qualified, for example `main."tax"`. */
export type TableSql = (dataset: string) => string
type ColumnName = (index: number) => string

/** An expression of the tree as SQL that cannot fail; `columnName` gives the SQL of a column by position. */
export const emitExpr = (expr: Expr, columnName: ColumnName): string =>
  render(totalOf(expr), columnName)

/** A measure as SQL: `sum(...) FILTER (WHERE ...)`. */
export const emitMeasure = (measure: Measure, columnName: ColumnName): string => {
  const { name, args, distinct, filter } = totalMeasure(measure)
  const texts = args.map((arg) => render(arg, columnName))
  const call =
    name === 'count_star'
      ? 'count(*)'
      : `${quoteName(name)}(${distinct ? 'DISTINCT ' : ''}${texts.join(', ')})`
  return filter === undefined ? call : `${call} FILTER (WHERE ${render(filter, columnName)})`
}

/**
 * A tree as one SELECT: a common table expression a node, in the tree's order, columns `c0`, `c1`, ... A node used
 * twice is computed once (`MATERIALIZED`): a window over ties could otherwise give two answers. Rows that are only read
 * and picked are the same each time and are not kept. Nothing of a submitter stands in the text but literals, quoted
 * and cast. Names begin with `_`, which no dataset's name does.
 */
export const emitTree = (tree: Tree, tableSql: TableSql): string => {
  const { nodes } = tree
  const uses = usesOf(nodes)
  const widths = columnsOf(tree).map((columns) => columns.length)
  const emit = (node: Node): string => emitNode({ node, nodes, widths, tableSql })
  const parts = nodes.slice(0, -1).flatMap((node, position) => {
    const count = uses[position] ?? 0
    const hint = count > 1 && !isPlain(nodes, position) ? 'MATERIALIZED' : 'NOT MATERIALIZED'
    return count === 0 ? [] : [`${nodeName(position)} AS ${hint} (${emit(node)})`]
  })
  const body = emit(nodes.at(-1) as Node)
  return parts.length === 0 ? body : `WITH ${parts.join(',\n')}\n${body}`
}

/** What each node reads: a limit over a sort is one with it and reads what the sort does. */
const readsOf = (node: Node, nodes: readonly Node[]): readonly number[] => {
  const input = node.op === 'limit' ? nodes[node.input] : undefined
  return input?.op === 'sort' ? [input.input] : inputsOf(node)
}

const usesOf = (nodes: readonly Node[]): readonly number[] => {
  const uses = nodes.map(() => 0)
  const last = nodes.length - 1
  for (let position = last; position >= 0; position -= 1)
    if (position === last || (uses[position] ?? 0) > 0)
      for (const input of readsOf(nodes[position] as Node, nodes))
        uses[input] = (uses[input] ?? 0) + 1
  return uses
}

/** Rows of a table as they are, picked and computed one by one. */
const isPlain = (nodes: readonly Node[], position: number): boolean => {
  const node = nodes[position]
  if (node === undefined) return false
  if (node.op === 'filter' || node.op === 'project') return isPlain(nodes, node.input)
  return node.op === 'scan' || node.op === 'values'
}

const nodeName = (position: number): string => quoteName(`_${position}`)
const column =
  (table: string): ColumnName =>
  (index) =>
    `${table}.c${index}`

type Context<N extends Node = Node> = {
  readonly node: N
  readonly nodes: readonly Node[]
  readonly widths: readonly number[]
  readonly tableSql: TableSql
}

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

/** A relation without columns still has rows: one column nobody refers to carries them. */
const selectList = (expressions: readonly string[]): string =>
  expressions.length === 0
    ? 'CAST(NULL AS BOOLEAN) AS c0'
    : expressions.map((text, index) => `${text} AS c${index}`).join(', ')

const allColumns = (width: number, table = 't'): readonly string[] =>
  range(width).map(column(table))

const from = (input: number): string => `FROM ${nodeName(input)} AS t`

const emitNode = (context: Context): string => {
  const { node, widths } = context
  const own = column('t')
  const inputWidth = 'input' in node ? (widths[node.input] ?? 0) : 0
  switch (node.op) {
    case 'scan':
      return `SELECT ${selectList(node.columns.map(({ name }) => `t.${quoteName(name)}`))} FROM ${context.tableSql(node.dataset)} AS t`
    case 'values':
      return emitValues(node)
    case 'filter':
      return `SELECT ${selectList(allColumns(inputWidth))} ${from(node.input)} WHERE ${emitExpr(node.predicate, own)}`
    case 'project':
      return `SELECT ${selectList(node.exprs.map((expr) => emitExpr(expr, own)))} ${from(node.input)}`
    case 'join':
      return emitJoin(node, widths)
    case 'aggregate':
      return emitAggregate(node)
    case 'union':
      return node.inputs
        .map((input) => `SELECT ${selectList(allColumns(widths[input] ?? 0))} ${from(input)}`)
        .join(' UNION ALL ')
    case 'window':
      return `SELECT ${selectList([...allColumns(inputWidth), ...node.exprs.map(emitWindow)])} ${from(node.input)}`
    case 'sort':
      return `SELECT ${selectList(allColumns(inputWidth))} ${from(node.input)} ORDER BY ${emitOrders(node.orders)}`
    case 'limit':
      return emitLimit(node, context)
  }
}

const emitValues = (node: NodeOf<'values'>): string => {
  const noColumn: ColumnName = () => {
    throw new Error('a row of values refers to no column')
  }
  if (node.columns.length === 0 && node.rows.length === 1) return `SELECT ${selectList([])}`
  if (node.rows.length === 0) {
    const nulls = node.columns.map(({ type }) =>
      render({ op: 'literal', value: null, type }, noColumn),
    )
    return `SELECT ${selectList(nulls)} WHERE false`
  }
  const rows = node.rows.map((row) => `(${row.map((expr) => emitExpr(expr, noColumn)).join(', ')})`)
  const names = node.columns.map((_, index) => `c${index}`)
  return `SELECT ${selectList(allColumns(names.length))} FROM (VALUES ${rows.join(', ')}) AS t(${names.join(', ')})`
}

/** The kinds of which the left side can be kept, with the sides the other way round. */
const turnedWords: Partial<Record<NodeOf<'join'>['kind'], string>> = {
  inner: 'INNER',
  left: 'RIGHT',
}

const emitJoin = (node: NodeOf<'join'>, widths: readonly number[]): string => {
  const width = widths[node.left] ?? 0
  const sides = `${nodeName(node.left)} AS l`
  const left = allColumns(width, 'l')
  const both: ColumnName = (index) => (index < width ? `l.c${index}` : `r.c${index - width}`)
  const conditions = node.on.map((one) =>
    render(compare(one.kind, totalOf(one.left), totalOf(shiftColumns(one.right, width))), both),
  )
  const [first] = node.on
  if (node.kind === 'mark' || node.kind === 'nullAwareAnti') {
    if (first === undefined) throw new Error('a null-aware join compares something')
    const inside = `${emitExpr(first.left, column('l'))} IN (SELECT ${emitExpr(first.right, column('r'))} FROM ${nodeName(node.right)} AS r)`
    return node.kind === 'mark'
      ? `SELECT ${selectList([...left, `(${inside})`])} FROM ${sides}`
      : `SELECT ${selectList(left)} FROM ${sides} WHERE NOT (${inside})`
  }
  if (node.residual !== undefined) conditions.push(emitExpr(node.residual, both))
  const columns =
    node.kind === 'semi' || node.kind === 'anti'
      ? left
      : [...left, ...allColumns(widths[node.right] ?? 0, 'r')]
  const on = conditions.length === 0 ? 'true' : conditions.join(' AND ')
  const select = `SELECT ${selectList(columns)} FROM`
  // The engine keeps the side that is written last.
  return node.build === 'left'
    ? `${select} ${nodeName(node.right)} AS r ${turnedWords[node.kind]} JOIN ${sides} ON ${on}`
    : `${select} ${sides} ${node.kind.toUpperCase()} JOIN ${nodeName(node.right)} AS r ON ${on}`
}

const emitAggregate = (node: NodeOf<'aggregate'>): string => {
  const own = column('t')
  const keys = node.keys.map(own)
  const list = [...keys, ...node.measures.map((measure) => emitMeasure(measure, own))]
  const group = keys.join(', ')
  return `SELECT ${selectList(list)} ${from(node.input)}${group === '' ? '' : ` GROUP BY ${group}`}`
}

const emitOrders = (orders: readonly SortKey[]): string =>
  orders
    .map(
      ({ expr, descending, nullsFirst }) =>
        `${emitExpr(expr, column('t'))} ${descending ? 'DESC' : 'ASC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`,
    )
    .join(', ')

const bounds = {
  unboundedPreceding: () => 'UNBOUNDED PRECEDING',
  currentRow: () => 'CURRENT ROW',
  unboundedFollowing: () => 'UNBOUNDED FOLLOWING',
  preceding: (rows: number) => `${rows} PRECEDING`,
  following: (rows: number) => `${rows} FOLLOWING`,
}

const emitWindow = (expr: WindowExpr): string => {
  const own = column('t')
  const { name, args, filter } = totalMeasure(expr)
  const { unit, start, end } = expr.frame
  const bound = (one: typeof start): string => bounds[one.kind]('rows' in one ? one.rows : 0)
  const partitions = expr.partitions.map((part) => emitExpr(part, own)).join(', ')
  const over = [
    partitions === '' ? '' : `PARTITION BY ${partitions}`,
    expr.orders.length === 0 ? '' : `ORDER BY ${emitOrders(expr.orders)}`,
    `${unit.toUpperCase()} BETWEEN ${bound(start)} AND ${bound(end)}`,
  ]
  const call =
    name === 'count_star'
      ? 'count(*)'
      : `${quoteName(name)}(${args.map((arg) => render(arg, own)).join(', ')})`
  const filtered = filter === undefined ? call : `${call} FILTER (WHERE ${render(filter, own)})`
  return `${filtered} OVER (${over.filter((part) => part !== '').join(' ')})`
}

/** A limit over a sort is one SELECT with it, so the order is the limit's and not a subquery's. */
const emitLimit = (node: NodeOf<'limit'>, context: Context): string => {
  const input = context.nodes[node.input]
  const source = input?.op === 'sort' ? input.input : node.input
  const order = input?.op === 'sort' ? ` ORDER BY ${emitOrders(input.orders)}` : ''
  const limit = node.limit === undefined ? '' : ` LIMIT ${node.limit}`
  const offset = node.offset === undefined ? '' : ` OFFSET ${node.offset}`
  return `SELECT ${selectList(allColumns(context.widths[node.input] ?? 0))} ${from(source)}${order}${limit}${offset}`
}
