import { replaceColumns, type Expr } from '../relation/expression.ts'
import type { Node, SortKey } from '../relation/tree.ts'
import type { DataType } from '../relation/type.ts'
import type { Companion } from './plan.ts'
import type { Question } from './question.ts'
import { sure } from '../sure.ts'

/**
 * A node written anew: its position, where each of its columns went, and the hidden columns it carries: `unit`, and
 * at the people door the surrogates of other kinds.
 */
export type Threaded = {
  readonly node: number
  readonly width: number
  readonly map: readonly number[]
  readonly hidden: ReadonlyMap<string, Hidden>
  /** Above the barriers: what accompanies a figure (its interval, or that it is withheld), by the figure's column. */
  readonly companions: Companions
}
type Companions = ReadonlyMap<number, readonly number[]>
export type Hidden = { readonly index: number; readonly kind: string }

/**
 * Writes a private sub-tree anew so that the unit's surrogate is in every relation, whatever the text selected. Rows
 * without a unit, and rows beyond the number that one entity of another kind may stand behind, are left out at the scan.
 */
export type Thread = {
  readonly nodes: Node[]
  readonly thread: (position: number) => Threaded
  readonly add: (node: Node) => number
  /** All columns of a written node, as expressions over it. */
  readonly columnsOf: (node: number) => readonly Expr[]
}

export type Writer = Pick<Thread, 'add' | 'thread' | 'columnsOf'> & {
  readonly question: Question
  readonly stages: ReadonlyMap<number, number>
  readonly companions: readonly Companion[]
}

export const columnAt = (index: number, type: DataType): Expr => ({ op: 'column', index, type })
/** Where a column of a relation went. */
export const movedTo = (index: number, { map }: Pick<Threaded, 'map'>): number =>
  sure(map[index], 'a column of its relation')
export const moved = (expr: Expr, input: Pick<Threaded, 'map'>): Expr =>
  replaceColumns(expr, (index, type) => columnAt(movedTo(index, input), type))

export const identity = (width: number): number[] =>
  Array.from({ length: width }, (_, index) => index)
export const plain = (node: number, width: number): Threaded => ({
  node,
  width,
  map: identity(width),
  hidden: new Map(),
  companions: none,
})
export const none: Companions = new Map()

export const movedOrder = (order: SortKey, input: Threaded): SortKey => ({
  ...order,
  expr: moved(order.expr, input),
})
