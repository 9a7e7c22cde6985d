import type { PrivateFact } from '../relation/fact.ts'
import type { Context } from './context.ts'
import { isSingle } from './type-scan.ts'
import { sure } from '../sure.ts'

/**
 * How far one entity of a kind reaches: the squared L2 sensitivity of a vector of groups is `factor` times the square of
 * the most that one unit adds to one group. `units`: how many units' contributions may change; `groups`: how many groups
 * may exist in one of two neighbouring databases and not in the other.
 *
 * Proof. By unit locality (`typing.ts`) the answer is a sum over units of c(u), a function of u's rows and public things,
 * and c of no rows is zero. The statement enforces that c(u) is non-zero in at most m groups and at most B in each, so
 * |c(u)| <= sqrt(m) B.
 *
 * 1. Unit kind, no rank in force. Neighbours differ in all rows of one unit u: c(u) becomes 0 and no other unit changes.
 *    |change| <= sqrt(m) B: factor m.
 * 2. Another kind K. Rows with a rank over `unitsMax` are left out at the scan, so an entity of K stands behind at most
 *    unitsMax rows of each table with a column of K, hence N = unitsMax * tables units. Where each such table holds one
 *    row a unit and the relation has no rows of a unit without it (`anchors`), each of the N units' contributions becomes
 *    0: |change| <= N sqrt(m) B. Otherwise c(u) may become any other contribution, and |c - c'| <= 2 sqrt(m) B. With
 *    s = 1 or 2 in these cases: factor m (N s)^2. The contributions may all lie in the same cell, so the sum is over N,
 *    not over sqrt N.
 * 3. Unit kind with ranks in force. Removing u's one row of a ranked table lets at most one other row of the same entity
 *    of K move up to rank unitsMax, so one other unit may change for each ranked table. With S such tables:
 *    |change| <= (1 + S s) sqrt(m) B: factor m (1 + S s)^2; for one anchored table the sensitivity doubles.
 *    This needs one row a unit in the ranked table: else the number of rows that move up is not bounded, and
 *    `contribution-unbounded.ts` refuses. The same rule refuses two ranked kinds in one table, where removing one entity
 *    of the first kind would move up rows of any number of entities of the second.
 * 4. Distinct values are no sum over units, but the statement lets a unit have at most v pairs of group and value. A pair
 *    more or less changes one count by at most 1, so a unit that comes or goes changes the vector by at most v in L1, one
 *    that changes by 2 v: with c = N s, or 1 + S s as above, |change| <= c v in L1 and so in L2: factor (c v)^2.
 * 5. The nodes of one level of a tree are a vector of groups and nodes. The statement lets a unit count at most B rows in
 *    a group over all nodes of the level, so |c(u)| <= sqrt(m) B as for one count; levels compose like figures.
 */
export type Reach = {
  readonly kind: string
  readonly factor: bigint
  /** Units that may come, go or change, counted twice where they change: the root of `factor` for one group. */
  readonly changes: bigint
  readonly units: number
  readonly groups: number
}

export const reachesOf = (
  relation: PrivateFact,
  groupsMax: number,
  context: Context,
): readonly Reach[] => {
  const ranked = rankedTables(relation, context)
  const swap = ranked.every(({ anchored }) => anchored) ? 1 : 2
  const kinds = [...new Set(ranked.map(({ kind }) => kind))]
  const touched = 1 + ranked.length * swap
  const unit = reach(relation.unit, touched, groupsMax, 1 + ranked.length)
  const others = kinds.map((kind) => {
    const tables = ranked.filter((table) => table.kind === kind)
    const steady = tables.every(({ anchored }) => anchored) ? 1 : 2
    const units = sure(context.policy.kinds[kind]?.unitsMax, 'a bound') * tables.length
    return reach(kind, units * steady, groupsMax, units)
  })
  return [unit, ...others]
}

const reach = (kind: string, changes: number, groupsMax: number, units: number): Reach => ({
  kind,
  factor: BigInt(groupsMax) * BigInt(changes) ** 2n,
  changes: BigInt(changes),
  units,
  groups: groupsMax * changes,
})

type Ranked = { readonly kind: string; readonly anchored: boolean }

/** Every table below that has a column of another kind, once for each such kind. */
const rankedTables = (relation: PrivateFact, context: Context): readonly Ranked[] =>
  relation.datasets.flatMap((name) => {
    const dataset = sure(context.datasets[name], 'a dataset of the question')
    const anchored = relation.anchors.includes(name) && isSingle(dataset)
    return dataset.entities.slice(1).map(({ kind }) => ({ kind, anchored }))
  })
