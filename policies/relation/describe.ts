import type { Language } from '../refusal.ts'
import type { Expr } from './expression.ts'
import {
  inputsOf,
  type Measure,
  type Node,
  type SortKey,
  type Tree,
  type WindowExpr,
} from './tree.ts'
import { typeSql } from './type.ts'
import { sure } from '../sure.ts'

/**
 * The tree in words, one step a line, inputs before users, so that a submitter sees what was understood. Steps are
 * numbered from 1; names are those of the catalogue, expressions are written as SQL would.
 */
export const describeTree = (tree: Tree, language: Language): string[] => {
  const names: string[][] = []
  return tree.nodes.map((node, position) => {
    const inputs = inputsOf(node).map((input) => sure(names[input], 'an input'))
    names.push(outputNames(node, inputs))
    const steps = inputsOf(node).map((input) => `#${input + 1}`)
    return `#${position + 1} ${sentence(node, inputs, steps, words[language])}`
  })
}

const words = {
  en: {
    read: 'read',
    values: 'values',
    keep: 'of {0} keep rows where',
    compute: 'of {0} compute',
    join: '{kind} join of {0} and {1}',
    on: 'where',
    group: 'of {0} group by',
    whole: 'of {0} take all rows together',
    measure: 'and compute',
    union: 'rows of',
    window: 'of {0} add',
    sort: 'of {0} sort by',
    limit: 'of {0} take',
    from: 'from row',
  },
  zh: {
    read: '读取',
    values: '常量表',
    keep: '{0} 中保留满足条件的行：',
    compute: '由 {0} 计算',
    join: '{0} 与 {1} 的 {kind} 连接',
    on: '条件',
    group: '{0} 分组：',
    whole: '{0} 全部行合并',
    measure: '并计算',
    union: '合并各行：',
    window: '{0} 增加列',
    sort: '{0} 排序：',
    limit: '{0} 取前',
    from: '起始行',
  },
} as const
type Words = (typeof words)[Language]

const sentence = (node: Node, inputs: string[][], steps: string[], say: Words): string => {
  const put = (text: string): string =>
    text.replaceAll(/\{(\d)\}/g, (_, place: string) => sure(steps[Number(place)], 'an input'))
  const [first = [], second = []] = inputs
  const both = [...first, ...second]
  switch (node.op) {
    case 'scan':
      return `${say.read} ${node.dataset}(${node.columns.map(({ name }) => name).join(', ')})`
    case 'values':
      return `${say.values} (${node.columns.length} × ${node.rows.length})`
    case 'filter':
      return `${put(say.keep)} ${exprText(node.predicate, first)}`
    case 'project':
      return `${put(say.compute)} ${node.exprs.map((expr) => exprText(expr, first)).join(', ')}`
    case 'join': {
      const conditions = node.on.map(
        ({ left, right, kind }) => `${exprText(left, first)} ${kind} ${exprText(right, second)}`,
      )
      if (node.residual) conditions.push(exprText(node.residual, both))
      const head = put(say.join.replace('{kind}', node.kind))
      return conditions.length === 0 ? head : `${head} ${say.on} ${conditions.join(' and ')}`
    }
    case 'aggregate': {
      const keys = node.keys.map((key) => sure(first[key], 'a key')).join(', ')
      const head = node.keys.length === 0 ? put(say.whole) : `${put(say.group)} ${keys}`
      const measures = node.measures.map((measure) => measureText(measure, first))
      return measures.length === 0 ? head : `${head} ${say.measure} ${measures.join(', ')}`
    }
    case 'union':
      return `${say.union} ${steps.join(', ')}`
    case 'window':
      return `${put(say.window)} ${node.exprs.map((expr) => windowText(expr, first)).join(', ')}`
    case 'sort':
      return `${put(say.sort)} ${node.orders.map((order) => orderText(order, first)).join(', ')}`
    case 'limit':
      return `${put(say.limit)} ${node.limit ?? '∞'}${node.offset ? ` ${say.from} ${node.offset + 1}` : ''}`
  }
}

const outputNames = (node: Node, inputs: string[][]): string[] => {
  const [first = [], second = []] = inputs
  switch (node.op) {
    case 'scan':
    case 'values':
      return node.columns.map(({ name }) => name)
    case 'filter':
    case 'sort':
    case 'limit':
    case 'union':
      return first
    case 'project':
      return node.exprs.map((expr) => exprText(expr, first))
    case 'join':
      if (node.kind === 'inner' || node.kind === 'left') return [...first, ...second]
      return node.kind === 'mark' ? [...first, 'matched'] : first
    case 'aggregate':
      return [
        ...node.keys.map((key) => sure(first[key], 'a key')),
        ...node.measures.map((measure) => measureText(measure, first)),
      ]
    case 'window':
      return [...first, ...node.exprs.map((expr) => windowText(expr, first))]
  }
}

const measureText = (measure: Measure, names: string[]): string => {
  const inner = measure.args.map((arg) => exprText(arg, names)).join(', ')
  const call = `${measure.name}(${measure.distinct ? 'distinct ' : ''}${inner})`
  return measure.filter ? `${call} filter (${exprText(measure.filter, names)})` : call
}

const orderText = (order: SortKey, names: string[]): string =>
  `${exprText(order.expr, names)}${order.descending ? ' desc' : ''}`

const windowText = (expr: WindowExpr, names: string[]): string => {
  const args = expr.args.map((arg) => exprText(arg, names)).join(', ')
  const partitions = expr.partitions.map((partition) => exprText(partition, names)).join(', ')
  return `${expr.name}(${args}) over (${partitions})`
}

/** An expression as SQL would write it, over named columns; long ones are cut. For reading alone, never executed. */
const exprText = (expr: Expr, names: string[]): string => {
  const text = fullText(expr, names)
  return text.length > 120 ? `${text.slice(0, 117)}…` : text
}

const fullText = (expr: Expr, names: string[]): string => {
  const of = (inner: Expr): string => exprText(inner, names)
  switch (expr.op) {
    case 'column':
      return sure(names[expr.index], 'a column')
    case 'literal':
      if (expr.value === null) return 'null'
      return expr.type.id === 'VARCHAR' || expr.type.id === 'DATE' ? `'${expr.value}'` : expr.value
    case 'call':
      return /^\W+$/.test(expr.name) && expr.args.length === 2
        ? `(${expr.args.map(of).join(` ${expr.name} `)})`
        : `${expr.name}(${expr.args.map(of).join(', ')})`
    case 'case':
      return `case ${expr.whens.map(({ when, value }) => `when ${of(when)} then ${of(value)}`).join(' ')} else ${of(expr.otherwise)} end`
    case 'tryCast':
      return `try_cast(${of(expr.input)} as ${typeSql(expr.type)})`
    case 'in':
      return `${of(expr.input)} ${expr.negated ? 'not in' : 'in'} (${expr.list.map(of).join(', ')})`
    case 'isNull':
      return `${of(expr.input)} is ${expr.negated ? 'not ' : ''}null`
    case 'not':
      return `not ${of(expr.input)}`
    case 'and':
    case 'or':
      return `(${expr.args.map(of).join(` ${expr.op} `)})`
    case 'compare':
      return `${of(expr.left)} ${comparisonText[expr.kind]} ${of(expr.right)}`
  }
}

const comparisonText = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  distinct: 'is distinct from',
  notDistinct: 'is not distinct from',
} as const
