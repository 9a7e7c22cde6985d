import { partsOf, type Expr } from '../relation/expression.ts'
import type { ColumnFact, NodeFact } from '../relation/fact.ts'
import type { Measure, NodeOf } from '../relation/tree.ts'
import { refuse, type Refusal } from '../refusal.ts'
import { placeOf, type Context } from './context.ts'
import { typedNodes, type Rule, type Typed } from './question.ts'
import { sure } from '../sure.ts'

/**
 * A surrogate is compared with a surrogate of the same kind, counted as distinct, and groups features. Any other use of
 * it names entities: `floor(5 * sqrt(2 * id) + 0.5) = ...` picks a random half of them (Cohen and Nissim on Diffix).
 */
export const checkIdentifierUsed: Rule = (question) =>
  typedNodes(question).flatMap((typed) =>
    usesOf(typed).map((use) => refusalOf(use, typed, question.context)),
  )

type Use = { readonly kind: string; readonly at?: number | undefined }

const refusalOf = ({ kind, at }: Use, { node }: Typed, context: Context): Refusal =>
  refuse('query/identifier-used', { kind }, placeOf(context, { at: at ?? node.at }))

const usesOf = ({ node, fact, inputs }: Typed): readonly Use[] => {
  const [input] = inputs
  const columns = input?.columns ?? []
  const plain = (exprs: readonly Expr[]): readonly Use[] =>
    exprs.flatMap((expr) => valuesIn(expr, columns))
  switch (node.op) {
    case 'scan':
    case 'values':
    case 'limit':
      return []
    case 'filter':
      return comparedIn(node.predicate, columns)
    case 'project':
      return plain(node.exprs.filter(({ op }) => op !== 'column'))
    case 'join':
      return usesOfJoin(node, inputs)
    case 'aggregate':
      return [
        ...(fact.link === 'barrier' ? keysOf(node, columns) : []),
        ...node.measures.flatMap((measure) => usesOfMeasure(measure, columns)),
      ]
    case 'union':
      return usesOfUnion(fact, inputs)
    case 'window':
      return node.exprs.flatMap((expr) => [
        ...plain([...expr.args, ...expr.orders.map((order) => order.expr)]),
        ...plain(expr.partitions.filter(({ op }) => op !== 'column')),
        ...(expr.filter ? comparedIn(expr.filter, columns) : []),
      ])
    case 'sort':
      return plain(node.orders.map(({ expr }) => expr))
  }
}

/** Every surrogate in an expression. */
const valuesIn = (expr: Expr, columns: readonly ColumnFact[]): readonly Use[] => {
  const kind = kindOf(expr, columns)
  if (kind !== undefined) return [{ kind, at: expr.at }]
  return partsOf(expr).flatMap((part) => valuesIn(part, columns))
}

const kindOf = (expr: Expr, columns: readonly ColumnFact[]): string | undefined =>
  expr.op === 'column' ? columns[expr.index]?.surrogate?.kind : undefined

/** Every surrogate in a condition but those compared for equality with one of the same kind. */
const comparedIn = (expr: Expr, columns: readonly ColumnFact[]): readonly Use[] => {
  if (expr.op === 'and' || expr.op === 'or' || expr.op === 'not')
    return partsOf(expr).flatMap((part) => comparedIn(part, columns))
  if (expr.op !== 'compare') return valuesIn(expr, columns)
  const [left, right] = [kindOf(expr.left, columns), kindOf(expr.right, columns)]
  const equal = expr.kind === '=' || expr.kind === 'notDistinct'
  return equal && left !== undefined && left === right ? [] : valuesIn(expr, columns)
}

const usesOfJoin = (node: NodeOf<'join'>, inputs: readonly NodeFact[]): readonly Use[] => {
  const [left, right] = [sure(inputs[0], 'a side').columns, sure(inputs[1], 'a side').columns]
  const pairs = node.on.flatMap((condition) => {
    const [one, two] = [kindOf(condition.left, left), kindOf(condition.right, right)]
    const equal = condition.kind === '=' || condition.kind === 'notDistinct'
    if (equal && one !== undefined && one === two) return []
    return [...valuesIn(condition.left, left), ...valuesIn(condition.right, right)]
  })
  return node.residual ? [...pairs, ...comparedIn(node.residual, [...left, ...right])] : pairs
}

const keysOf = (node: NodeOf<'aggregate'>, columns: readonly ColumnFact[]): readonly Use[] =>
  node.keys.flatMap((key) => {
    const kind = columns[key]?.surrogate?.kind
    return kind === undefined ? [] : [{ kind, at: node.at }]
  })

const usesOfMeasure = (measure: Measure, columns: readonly ColumnFact[]): readonly Use[] => {
  const [only] = measure.args
  const counted = measure.name === 'count' && measure.distinct && only?.op === 'column'
  const args = counted ? [] : measure.args.flatMap((arg) => valuesIn(arg, columns))
  return measure.filter ? [...args, ...comparedIn(measure.filter, columns)] : args
}

/** A union in which one part has a surrogate and another has not would hide it among ordinary values. */
const usesOfUnion = (fact: NodeFact, inputs: readonly NodeFact[]): readonly Use[] =>
  fact.columns.flatMap((column, index) => {
    if (column.surrogate !== undefined) return []
    const kind = inputs
      .map((input) => input.columns[index]?.surrogate?.kind)
      .find((found) => found !== undefined)
    return kind === undefined ? [] : [{ kind }]
  })
