import type { Domain } from './domain.ts'
import type { Interval } from './interval.ts'
import type { DataType } from './type.ts'

/**
 * What is known of a column without looking at data, from policy, catalogue and text alone.
 * `bounds` and `domain` are where its non-null values are meant to lie: values elsewhere are clamped or fall outside the
 * grid, so nothing private depends on these being true of the data.
 */
export type ColumnFact = {
  readonly type: DataType
  readonly nullable: boolean
  /**
   * Holds surrogates of entities of `kind`. `own`: every non-null value is the surrogate of this row's own unit. A unit
   * on the far side of a left join is its own, or NULL; another kind's surrogate never is.
   */
  readonly surrogate?: { readonly kind: string; readonly own: boolean }
  /** May be a grouping key of a barrier: made of dimensions and public values, or one of finitely many literals. */
  readonly key: boolean
  readonly domain?: Domain
  readonly bounds?: Interval
  /** The same in all rows of one unit. */
  readonly ofEntity: boolean
  /** `dataset.column` of everything it is computed from. */
  readonly sources: readonly string[]
}

/**
 * Public: known to everybody, or computed from protected results. `uniqueKeys`: sets of columns that have no two equal
 * rows; the empty set says that there is at most one row. `stages`: barriers (node positions) it is computed from.
 */
export type PublicFact = {
  readonly private: false
  readonly uniqueKeys: readonly (readonly number[])[]
  readonly stages: readonly number[]
}

/**
 * Private: each row belongs to one unit of kind `unit`, and what a unit's rows are depends on that unit's rows in the
 * private `datasets` and on nothing else that is private (unit locality: the ground of every sensitivity).
 */
export type PrivateFact = {
  readonly private: true
  readonly unit: string
  /** At most one row a unit, proven from declared grain and operators. */
  readonly single: boolean
  /** Rows a unit may count: declared by the policy, enforced by clamping where `single` does not prove it. */
  readonly rowsMax: number
  /** Groups a unit may count in. */
  readonly groupsMax: number
  /** Private datasets that take part anywhere below. */
  readonly datasets: readonly string[]
  /** Those without whose rows of a unit the relation has no rows of that unit. */
  readonly anchors: readonly string[]
  /** Barriers (node positions) whose public results take part below. */
  readonly stages: readonly number[]
}

export type Privacy = PublicFact | PrivateFact

export type NodeFact = {
  readonly columns: readonly ColumnFact[]
  readonly privacy: Privacy
  /** What an operator with a private input rests on. A rule refuses `none`, so what is not understood is refused. */
  readonly link?: Link
}

/**
 * `unit`: a join of two private sides on equal units. `publicKey`: the public side has at most one row for each row of
 * the private one. `lookup`: semi, anti or mark join of a private side with public rows. `features`: grouped by the
 * unit. `barrier`: the one place where private becomes public. `byUnit`: a window within a unit. `sameUnit`: a union.
 */
export type Link =
  | 'unit'
  | 'publicKey'
  | 'lookup'
  | 'features'
  | 'barrier'
  | 'byUnit'
  | 'sameUnit'
  | 'none'
