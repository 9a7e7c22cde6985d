import { allOf } from '../../policies/relation/build.ts'
import {
  columnsIn,
  replaceColumns,
  shiftColumns,
  type Comparison,
  type Expr,
} from '../../policies/relation/expression.ts'
import type { NodeOf } from '../../policies/relation/tree.ts'
import type { DataType } from '../../policies/relation/type.ts'
import { type JsonObject, wordOf } from './json.ts'
import { comparisonOf, lowerExpr } from './lower-expression.ts'
import { closed, giveUp, listOf, objectOf, type Lowering } from './lowering.ts'
import { columnAt, push, typesAt } from './work.ts'

type Condition = NodeOf<'join'>['on'][number]
type Sides = { readonly left: number; readonly right: number }

const comparisonKeys = new Set([
  'type',
  'children',
  'join_type',
  'mark_index',
  'conditions',
  'duplicate_eliminated_columns',
])

const kinds = {
  INNER: 'inner',
  LEFT: 'left',
  SEMI: 'semi',
  ANTI: 'anti',
  MARK: 'mark',
} as const

export const kindOf = (json: JsonObject, lowering: Lowering): NodeOf<'join'>['kind'] =>
  kinds[wordOf(json['join_type']) as keyof typeof kinds] ??
  giveUp(lowering, { code: 'query/join-kind', params: { kind: wordOf(json['join_type']) } })

const conditionKeys = new Set(['left', 'right', 'comparison'])

export const lowerConditions = (
  json: JsonObject,
  { left, right }: Sides,
  lowering: Lowering,
): Condition[] =>
  listOf(json, 'conditions').map((item) => {
    const condition = objectOf(item, 'condition')
    closed(condition, conditionKeys, lowering)
    const side = (key: string, node: number): Expr =>
      lowerExpr(objectOf(condition[key], key), typesAt(lowering, node), lowering)
    return {
      left: side('left', left),
      right: side('right', right),
      kind: comparisonOf(condition['comparison'], lowering),
    }
  })

/** A join on two-sided comparisons. A right join is a left join the other way round. */
export const lowerComparisonJoin = (json: JsonObject, sides: Sides, lowering: Lowering): number => {
  closed(json, comparisonKeys, lowering)
  if (json['join_type'] === 'RIGHT') {
    const on = lowerConditions(json, sides, lowering).map(flipped)
    return swapped({ left: sides.right, right: sides.left, on }, lowering)
  }
  const on = lowerConditions(json, sides, lowering)
  return push(lowering, { op: 'join', kind: kindOf(json, lowering), ...sides, on })
}

const opposite: Record<Comparison, Comparison> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  distinct: 'distinct',
  notDistinct: 'notDistinct',
}

const flipped = ({ left, right, kind }: Condition): Condition => ({
  left: right,
  right: left,
  kind: opposite[kind],
})

/** A left join whose columns are put back in the order they were written in. */
const swapped = (
  join: Sides & { readonly on: Condition[]; readonly residual?: Expr },
  lowering: Lowering,
): number => {
  const node = push(lowering, { op: 'join', kind: 'left', ...join })
  const types = typesAt(lowering, node)
  const width = typesAt(lowering, join.left).length
  const order = [...types.keys()]
  return push(lowering, {
    op: 'project',
    input: node,
    exprs: [...order.slice(width), ...order.slice(0, width)].map((index) => columnAt(types, index)),
  })
}

export const lowerCrossProduct = (json: JsonObject, sides: Sides, lowering: Lowering): number => {
  closed(json, new Set(['type', 'children']), lowering)
  return push(lowering, { op: 'join', kind: 'inner', ...sides, on: [] })
}

/** A join on any condition: its two-sided comparisons are sorted out, so that the one on the unit is found. */
export const lowerAnyJoin = (json: JsonObject, sides: Sides, lowering: Lowering): number => {
  closed(json, new Set(['type', 'children', 'join_type', 'condition', 'mark_index']), lowering)
  const right = json['join_type'] === 'RIGHT'
  const left = typesAt(lowering, sides.left)
  const types = [...left, ...typesAt(lowering, sides.right)]
  const condition = lowerExpr(objectOf(json['condition'], 'condition'), types, lowering)
  const { on, rest } = splitCondition(condition, left.length)
  if (right) {
    const turned = rest.map((expr) => turn(expr, left.length, types))
    return swapped(
      {
        left: sides.right,
        right: sides.left,
        on: on.map(flipped),
        ...(turned.length === 0 ? {} : { residual: allOf(turned) }),
      },
      lowering,
    )
  }
  const kind = kindOf(json, lowering)
  if (rest.length === 0) return push(lowering, { op: 'join', kind, ...sides, on })
  if (kind === 'inner' || kind === 'left')
    return push(lowering, { op: 'join', kind, ...sides, on, residual: allOf(rest) })
  return giveUp(lowering, { code: 'query/join-kind', params: { kind } })
}

/** The expression over right ++ left instead of left ++ right. */
const turn = (expr: Expr, width: number, types: readonly DataType[]): Expr =>
  replaceColumns(expr, (index, type) => ({
    op: 'column',
    index: index < width ? index + types.length - width : index - width,
    type,
  }))

/** Splits a condition over left ++ right into two-sided comparisons and the rest. */
export const splitCondition = (
  condition: Expr,
  width: number,
): { readonly on: Condition[]; readonly rest: Expr[] } => {
  const on: Condition[] = []
  const rest: Expr[] = []
  for (const conjunct of condition.op === 'and' ? condition.args : [condition]) {
    const found = twoSided(conjunct, width)
    if (found === undefined) rest.push(conjunct)
    else on.push(found)
  }
  return { on, rest }
}

const twoSided = (expr: Expr, width: number): Condition | undefined => {
  if (expr.op !== 'compare') return undefined
  const [left, right] = [columnsIn(expr.left), columnsIn(expr.right)]
  if (left.size === 0 || right.size === 0) return undefined
  const isLeft = (columns: ReadonlySet<number>): boolean =>
    [...columns].every((index) => index < width)
  const isRight = (columns: ReadonlySet<number>): boolean =>
    [...columns].every((index) => index >= width)
  if (isLeft(left) && isRight(right))
    return { left: expr.left, right: shiftColumns(expr.right, -width), kind: expr.kind }
  if (isRight(left) && isLeft(right))
    return {
      left: expr.right,
      right: shiftColumns(expr.left, -width),
      kind: opposite[expr.kind],
    }
  return undefined
}
