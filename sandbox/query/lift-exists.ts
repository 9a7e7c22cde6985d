import { replaceColumns, type Expr } from '../../policies/relation/expression.ts'
import { inputsOfWork, nodeAt, push, type Graph, type WorkJoin } from './work.ts'

type Correlation = { readonly number: number; readonly keys: readonly Expr[] }

/**
 * EXISTS over rows that are compared with the keys in any way (`<`, for example): the comparison is made with the outer
 * rows themselves. Undefined where the subquery has another shape.
 */
export const liftExists = (
  into: Graph,
  node: WorkJoin,
  { number, keys }: Correlation,
): number | undefined => {
  if (node.kind !== 'exists' && node.kind !== 'semi' && node.kind !== 'anti') return undefined
  const found = joinOfKeys(into, node.right, number)
  if (found === undefined) return undefined
  const { join, keysLeft, toKeys } = found
  const onKeys = node.on.every(
    ({ right, kind }) => kind === 'notDistinct' && right.op === 'column' && toKeys(right.index),
  )
  const rows = keysLeft ? join.right : join.left
  if (!onKeys || join.residual !== undefined || mentions(into, rows, number)) return undefined
  const outer = (expr: Expr): Expr => replaceColumns(expr, (index) => keys[index] as Expr)
  const on = join.on.map((one) =>
    keysLeft
      ? { ...one, left: outer(one.left) }
      : { left: outer(one.right), right: one.left, kind: mirrored[one.kind] },
  )
  return push(into, { op: 'join', kind: node.kind, left: node.left, right: rows, on })
}

const mirrored: Record<WorkJoin['on'][number]['kind'], WorkJoin['on'][number]['kind']> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  distinct: 'distinct',
  notDistinct: 'notDistinct',
}

const mentions = (into: Graph, position: number, number: number): boolean => {
  const node = nodeAt(into, position)
  if (node.op === 'keys') return node.of === number
  return inputsOfWork(node).some((input) => mentions(into, input, number))
}

type Found = {
  readonly join: WorkJoin
  readonly keysLeft: boolean
  /** Whether a column of the subquery is one of the keys. */
  readonly toKeys: (index: number) => boolean
}

const joinOfKeys = (into: Graph, position: number, number: number): Found | undefined => {
  const node = nodeAt(into, position)
  if (node.op === 'project') {
    const below = joinOfKeys(into, node.input, number)
    return (
      below && {
        ...below,
        toKeys: (index) => {
          const expr = node.exprs[index]
          return expr?.op === 'column' && below.toKeys(expr.index)
        },
      }
    )
  }
  if (node.op !== 'join' || node.kind !== 'inner') return undefined
  const [left, right] = [nodeAt(into, node.left), nodeAt(into, node.right)]
  const isKeys = (one: typeof left): boolean => one.op === 'keys' && one.of === number
  if (!isKeys(left) && !isKeys(right)) return undefined
  const width = into.types[node.left]?.length ?? 0
  return {
    join: node,
    keysLeft: isKeys(left),
    toKeys: (index) => (isKeys(left) ? index < width : index >= width),
  }
}
