import { digestOf } from '../canonical.ts'
import type { Expr } from './expression.ts'
import type { Measure, Node, SortKey, Tree, WindowExpr } from './tree.ts'
import { typeSql, type DataType } from './type.ts'

/**
 * An expression as text that is equal exactly where expressions are equal, positions aside: prefix notation, names and
 * literals as JSON strings. Written out and not as nested documents, because canonical JSON has a depth limit.
 */
export const exprText = (expr: Expr): string => {
  switch (expr.op) {
    case 'column':
      return `#${expr.index}`
    case 'literal':
      return `${JSON.stringify(expr.value)}:${typeSql(expr.type)}`
    case 'call':
      return `${JSON.stringify(expr.name)}(${list(expr.args)}):${typeSql(expr.type)}`
    case 'case': {
      const whens = expr.whens.map(({ when, value }) => `${exprText(when)}?${exprText(value)}`)
      return `case(${whens.join(',')},${exprText(expr.otherwise)}):${typeSql(expr.type)}`
    }
    case 'tryCast':
      return `cast(${exprText(expr.input)}):${typeSql(expr.type)}`
    case 'in':
      return `${expr.negated ? 'notIn' : 'in'}(${exprText(expr.input)},${list(expr.list)})`
    case 'isNull':
      return `${expr.negated ? 'isNotNull' : 'isNull'}(${exprText(expr.input)})`
    case 'not':
      return `not(${exprText(expr.input)})`
    case 'and':
    case 'or':
      return `${expr.op}(${list(expr.args)})`
    case 'compare':
      return `${expr.kind}(${exprText(expr.left)},${exprText(expr.right)})`
  }
}

const list = (exprs: readonly Expr[]): string => exprs.map(exprText).join(',')

export const measureText = ({ name, args, distinct, filter, type }: Measure): string =>
  `${JSON.stringify(name)}${distinct ? 'distinct' : ''}(${list(args)}|${filter === undefined ? '' : exprText(filter)}):${typeSql(type)}`

const orderText = ({ expr, descending, nullsFirst }: SortKey): string =>
  `${exprText(expr)}${descending ? ' desc' : ' asc'}${nullsFirst ? ' first' : ' last'}`

const windowText = (expr: WindowExpr): string =>
  [
    measureText({ ...expr, distinct: false }),
    list(expr.partitions),
    expr.orders.map(orderText).join(','),
    JSON.stringify(expr.frame.unit),
    ...[expr.frame.start, expr.frame.end].map((bound) =>
      'rows' in bound ? `${bound.kind}${bound.rows}` : bound.kind,
    ),
  ].join('|')

const columnText = ({ name, type }: { readonly name: string; readonly type: DataType }): string =>
  `${JSON.stringify(name)}:${typeSql(type)}`

const nodeText = (node: Node): readonly unknown[] => {
  switch (node.op) {
    case 'scan':
      return ['scan', node.dataset, node.columns.map(columnText)]
    case 'values':
      return ['values', node.columns.map(({ type }) => typeSql(type)), node.rows.map(list)]
    case 'filter':
      return ['filter', node.input, exprText(node.predicate)]
    case 'project':
      return ['project', node.input, node.exprs.map(exprText)]
    case 'join': {
      const on = node.on.map(({ left, right, kind }) => [exprText(left), kind, exprText(right)])
      const residual = node.residual === undefined ? null : exprText(node.residual)
      return ['join', node.kind, node.left, node.right, on, residual]
    }
    case 'aggregate': {
      const { input, keys, measures } = node
      return ['aggregate', input, keys, measures.map(measureText)]
    }
    case 'union':
      return ['union', node.inputs]
    case 'window':
      return ['window', node.input, node.exprs.map(windowText)]
    case 'sort':
      return ['sort', node.input, node.orders.map(orderText)]
    case 'limit':
      return ['limit', node.input, node.limit ?? null, node.offset ?? null]
  }
}

/**
 * Lower-case hexadecimal SHA-256 of a tree with its column names, positions in the text left out: equal questions have
 * equal digests.
 */
export const treeDigest = (tree: Tree): string =>
  digestOf({ nodes: tree.nodes.map(nodeText), names: tree.names })
