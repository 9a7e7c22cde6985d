import { exprText } from '../../policies/relation/digest.ts'
import { partsOf, replaceColumns, type Expr } from '../../policies/relation/expression.ts'
import { isUniqueOn } from './unique.ts'
import {
  columnsAt,
  inputsOfWork,
  nodeAt,
  push,
  typesAt,
  type Graph,
  type WorkJoin,
} from './work.ts'

type Correlation = { readonly number: number; readonly keys: readonly Expr[] }
type Condition = WorkJoin['on'][number]

/**
 * A correlated subquery that is no more than rows compared with the keys in some way (`<`, or with an expression of
 * them): the comparison is made with the outer rows themselves. Undefined where the subquery has another shape.
 */
export const lift = (into: Graph, node: WorkJoin, correlation: Correlation): number | undefined => {
  const found = joinOfKeys(into, node.right, correlation.number)
  if (found === undefined || mentions(into, found.rows, correlation.number)) return undefined
  const onKeys = node.on.every(({ left, right, kind }) => {
    const key = right.op === 'column' ? keyOf(found.exprs[right.index], found) : undefined
    const outer = key === undefined ? undefined : correlation.keys[key]
    return kind === 'notDistinct' && outer !== undefined && exprText(left) === exprText(outer)
  })
  if (!onKeys) return undefined
  const { kind } = node
  if (kind === 'exists' || kind === 'semi' || kind === 'anti')
    return found.join.residual === undefined
      ? push(into, bare(node, found, correlation))
      : undefined
  if (kind === 'inner' || kind === 'left' || kind === 'single')
    return liftValues(into, { ...node, kind }, found, correlation)
  return undefined
}

type Found = {
  readonly join: WorkJoin
  /** The side of the join that is not the keys. */
  readonly rows: number
  /** Columns of the join before which, or after which, the keys stand. */
  readonly keysFrom: number
  readonly rowsFrom: number
  readonly width: number
  /** What the subquery gives, over the columns of the join. */
  readonly exprs: readonly Expr[]
}

/** Which of the keys an expression over the join is. */
const keyOf = (expr: Expr | undefined, { keysFrom, width }: Found): number | undefined => {
  const key = expr?.op === 'column' ? expr.index - keysFrom : -1
  return key >= 0 && key < width ? key : undefined
}

const bare = (node: WorkJoin, found: Found, correlation: Correlation): WorkJoin => ({
  op: 'join',
  kind: node.kind,
  left: node.left,
  right: found.rows,
  on: conditions(found, correlation),
})

const mirrored: Record<Condition['kind'], Condition['kind']> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  distinct: 'distinct',
  notDistinct: 'notDistinct',
}

/** The join's conditions with the outer rows' expressions in place of the keys, these on the left. */
const conditions = ({ join, keysFrom }: Found, { keys }: Correlation): Condition[] => {
  const outer = (expr: Expr): Expr => replaceColumns(expr, (index) => keys[index] as Expr)
  return join.on.map((one) =>
    keysFrom === 0
      ? { ...one, left: outer(one.left) }
      : { left: outer(one.right), right: one.left, kind: mirrored[one.kind] },
  )
}

/**
 * Values of such a subquery. For outer rows without a partner a left join gives NULL, so what it gives must be columns;
 * a subquery used as a value must have at most one partner.
 */
const liftValues = (
  into: Graph,
  node: WorkJoin & { readonly kind: 'inner' | 'left' | 'single' },
  found: Found,
  correlation: Correlation,
): number | undefined => {
  const { keys } = correlation
  const isPlain = found.exprs.every((expr) => expr.op === 'column')
  if (node.kind !== 'inner' && !isPlain) return undefined
  const on = conditions(found, correlation)
  const compared = on.flatMap(({ right, kind }) =>
    right.op === 'column' && (kind === '=' || kind === 'notDistinct') ? [right.index] : [],
  )
  if (node.kind === 'single' && !isUniqueOn(into, found.rows, new Set(compared))) return undefined
  const width = typesAt(into, node.left).length
  const above = (expr: Expr): Expr =>
    replaceColumns(expr, (index, type) => {
      const key = keyOf({ op: 'column', index, type }, found)
      return key === undefined
        ? { op: 'column', index: index - found.rowsFrom + width, type }
        : (keys[key] as Expr)
    })
  const { residual } = found.join
  const join = push(into, {
    op: 'join',
    kind: node.kind === 'inner' ? 'inner' : 'left',
    left: node.left,
    right: found.rows,
    on,
    ...(residual === undefined ? {} : { residual: above(residual) }),
  })
  return push(into, {
    op: 'project',
    input: join,
    exprs: [...columnsAt(into, node.left), ...found.exprs.map(above)],
  })
}

const mentions = (into: Graph, position: number, number: number): boolean => {
  const node = nodeAt(into, position)
  if (node.op === 'keys') return node.of === number
  return inputsOfWork(node).some((input) => mentions(into, input, number))
}

/** Most parts that projections come to when they are written into each other. */
const partsMax = 2000
const sizeOf = (expr: Expr): number => partsOf(expr).reduce((sum, part) => sum + sizeOf(part), 1)

const joinOfKeys = (into: Graph, position: number, number: number): Found | undefined => {
  const node = nodeAt(into, position)
  if (node.op === 'project') {
    const below = joinOfKeys(into, node.input, number)
    if (below === undefined) return undefined
    const exprs = node.exprs.map((expr) =>
      replaceColumns(expr, (index) => below.exprs[index] as Expr),
    )
    const size = exprs.reduce((sum, expr) => sum + sizeOf(expr), 0)
    return size > partsMax ? undefined : { ...below, exprs }
  }
  if (node.op !== 'join' || node.kind !== 'inner') return undefined
  const isKeys = (side: number): boolean => {
    const one = nodeAt(into, side)
    return one.op === 'keys' && one.of === number
  }
  const keysLeft = isKeys(node.left)
  if (!keysLeft && !isKeys(node.right)) return undefined
  const [left, right] = [typesAt(into, node.left).length, typesAt(into, node.right).length]
  return {
    join: node,
    rows: keysLeft ? node.right : node.left,
    keysFrom: keysLeft ? 0 : left,
    rowsFrom: keysLeft ? left : 0,
    width: keysLeft ? left : right,
    exprs: columnsAt(into, position),
  }
}
