import { factOf, scopeOf } from '../relation/derive.ts'
import { booleanDomain } from '../relation/domain.ts'
import type { ColumnFact, Link, NodeFact, PrivateFact, PublicFact } from '../relation/fact.ts'
import type { NodeOf } from '../relation/tree.ts'
import { BOOLEAN } from '../relation/type.ts'

type Join = NodeOf<'join'>

const testing = new Set<Join['kind']>(['semi', 'anti', 'nullAwareAnti', 'mark'])

export const typeJoin = (node: Join, left: NodeFact, right: NodeFact): NodeFact => {
  const link = linkOf(node, left, right)
  return {
    columns: columnsOf(node, left, right),
    privacy: privacyOf(node, left, right),
    ...(link && { link }),
  }
}

/**
 * Unit locality survives exactly where equal units meet, or where the other side is public and cannot multiply rows.
 */
const linkOf = (node: Join, left: NodeFact, right: NodeFact): Link | undefined => {
  if (left.privacy.private && right.privacy.private)
    return left.privacy.unit === right.privacy.unit && meetOnUnit(node, left, right)
      ? 'unit'
      : 'none'
  if (left.privacy.private && !right.privacy.private) {
    if (testing.has(node.kind)) return 'lookup'
    return isUniqueFor(node, right.privacy, 'right') ? 'publicKey' : 'none'
  }
  if (!left.privacy.private && right.privacy.private)
    return node.kind === 'inner' && isUniqueFor(node, left.privacy, 'left') ? 'publicKey' : 'none'
  return undefined
}

/**
 * A mark join and a null-aware anti join know three answers: one NULL of anybody's on the right turns everybody's "no"
 * into NULL. Over private rows they are let through only where no compared value can be NULL.
 */
const meetOnUnit = (node: Join, left: NodeFact, right: NodeFact): boolean => {
  const pairs = node.on.map(({ kind, ...sides }) => ({
    kind,
    one: factOf(sides.left, scopeOf(left.columns)),
    two: factOf(sides.right, scopeOf(right.columns)),
    plain: sides.left.op === 'column' && sides.right.op === 'column',
  }))
  if (node.kind === 'mark' || node.kind === 'nullAwareAnti')
    if (pairs.length !== 1 || pairs.some(({ one, two }) => one.nullable || two.nullable))
      return false
  // Where `=` holds neither side is NULL. IS NOT DISTINCT FROM would let the NULLs of two different units meet.
  return pairs.some(
    ({ kind, one, two, plain }) =>
      plain &&
      (one.surrogate?.own ?? false) &&
      (two.surrogate?.own ?? false) &&
      (kind === '=' || (kind === 'notDistinct' && !(one.nullable && two.nullable))),
  )
}

/** Is the public side unique on the columns that are compared for equality with the other side? */
const isUniqueFor = (node: Join, side: PublicFact, name: 'left' | 'right'): boolean => {
  const equal = new Set(
    node.on
      .filter(({ kind }) => kind === '=')
      .map((condition) => condition[name])
      .map((expr) => (expr.op === 'column' ? expr.index : -1)),
  )
  return side.uniqueKeys.some((key) => key.every((column) => equal.has(column)))
}

const columnsOf = (node: Join, left: NodeFact, right: NodeFact): readonly ColumnFact[] => {
  if (node.kind === 'mark') return [...left.columns, markFact(node, left, right)]
  if (testing.has(node.kind)) return left.columns
  return [...follow(node, left, right, 'left'), ...follow(node, right, left, 'right')]
}

/** One fact about a unit, unless what is tested differs between its rows. */
const markFact = (node: Join, left: NodeFact, right: NodeFact): ColumnFact => {
  const scope = scopeOf(left.columns)
  return {
    type: BOOLEAN,
    nullable: !(left.privacy.private && right.privacy.private),
    key: true,
    domain: booleanDomain,
    ofEntity: node.on.every((condition) => factOf(condition.left, scope).ofEntity),
    sources: [...new Set([...left.columns, ...right.columns].flatMap(({ sources }) => sources))],
  }
}

/**
 * A side's columns after the join. What a public side adds is the same in all rows of a unit if what it was looked up by
 * is; what a left join adds, if in addition the same rows find it. The far side of a left join may be NULL.
 */
const follow = (
  node: Join,
  side: NodeFact,
  other: NodeFact,
  name: 'left' | 'right',
): readonly ColumnFact[] => {
  const far = node.kind === 'left' && name === 'right'
  const scope = scopeOf(other.columns)
  const by = node.on.map((condition) =>
    factOf(condition[name === 'left' ? 'right' : 'left'], scope),
  )
  const looked = other.privacy.private && !side.privacy.private
  const steady =
    (!looked && !far) ||
    (by.every(({ ofEntity }) => ofEntity) && (!far || node.residual === undefined))
  const alone = !far || looked || node.on.length === 1
  return side.columns.map((column) => ({
    ...column,
    nullable: column.nullable || far,
    ofEntity: column.ofEntity && steady && alone,
  }))
}

const union = <T>(...lists: readonly (readonly T[])[]): readonly T[] => [...new Set(lists.flat())]

const privacyOf = (node: Join, left: NodeFact, right: NodeFact): PrivateFact | PublicFact => {
  const [one, two] = [left.privacy, right.privacy]
  const stages = union(one.stages, two.stages)
  if (one.private && two.private) return { ...bothPrivate(node, one, two), stages }
  if (one.private) return { ...one, stages }
  if (two.private) return { ...two, stages }
  return { private: false, stages, uniqueKeys: keysOf(node, one, two, left.columns.length) }
}

/** Rows of a unit multiply; a test adds none. Without rows on the left there is nothing; on the right, as the kind says. */
const bothPrivate = (node: Join, one: PrivateFact, two: PrivateFact): PrivateFact => {
  const datasets = union(one.datasets, two.datasets)
  const anchors =
    node.kind === 'inner' || node.kind === 'semi' ? union(one.anchors, two.anchors) : one.anchors
  if (testing.has(node.kind)) return { ...one, datasets, anchors }
  return {
    ...one,
    datasets,
    anchors,
    single: one.single && two.single,
    rowsMax: Math.min(one.rowsMax * two.rowsMax, 1_000_000_000),
    groupsMax: Math.max(one.groupsMax, two.groupsMax),
  }
}

/** Keys of a join of public sides: the left ones where no left row is doubled, otherwise one of each together. */
const keysOf = (
  node: Join,
  one: PublicFact,
  two: PublicFact,
  width: number,
): PublicFact['uniqueKeys'] => {
  if (testing.has(node.kind) || isUniqueFor(node, two, 'right')) return one.uniqueKeys
  return one.uniqueKeys.flatMap((left) =>
    two.uniqueKeys.map((right) => [...left, ...right.map((column) => column + width)]),
  )
}
