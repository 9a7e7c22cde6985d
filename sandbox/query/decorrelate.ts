import { replaceColumns, type Expr } from '../../policies/relation/expression.ts'
import type { Problem } from './gate-rule.ts'
import { dropKeys, type Kept } from './drop-keys.ts'
import { lift } from './lift.ts'
import { isUniqueOn } from './unique.ts'
import {
  columnsAt,
  inputsOfWork,
  nodeAt,
  push,
  rebuild,
  typesAt,
  withInputs,
  type Graph,
  type WorkJoin,
} from './work.ts'

type Keys = readonly (readonly Expr[])[]

/**
 * Removes the lists of keys of correlated subqueries. A plan computes the subquery for the distinct keys of the outer
 * rows and joins it back; where inside it the keys are only compared with columns of its own, those columns can stand
 * for them, and the subquery is computed without the outer rows (Neumann and Kemper, Unnesting Arbitrary Queries, BTW
 * 2015). Where that is not so the list becomes a grouping of the outer rows, as the plan means it.
 */
export const decorrelate = (
  graph: Graph,
  keys: Keys,
): { readonly graph: Graph; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = []
  const result = rebuild(graph, (node, into) => {
    if (node.op !== 'join') return push(into, node)
    const number = node.correlated
    const bare = withoutNumber(node)
    if (number === undefined) return push(into, bare)
    return joinBack(into, bare, { number, keys: keys[number] ?? [] }, problems)
  })
  return { graph: result, problems }
}

const withoutNumber = (join: WorkJoin): WorkJoin => ({ ...join, correlated: undefined })

type Correlation = { readonly number: number; readonly keys: readonly Expr[] }

const joinBack = (
  into: Graph,
  node: WorkJoin,
  correlation: Correlation,
  problems: Problem[],
): number => {
  const dropped = dropKeys(into, node.right, correlation.number)
  if (dropped === undefined) {
    const lifted = lift(into, node, correlation)
    if (lifted !== undefined) return lifted
    const right = withKeyList(into, node, correlation)
    return finish(into, { ...node, right }, problems)
  }
  if (dropped.outer === undefined) {
    const on = node.on.map((one) => ({ ...one, kind: kindFor(one, dropped) }))
    return finish(into, { ...node, right: dropped.at, on }, problems)
  }
  return joinOuter(into, node, { ...correlation, dropped }, problems)
}

/** Equal keys met by `=` inside cannot be NULL, so the join back on them is an `=` as well. */
const kindFor = ({ right, kind }: WorkJoin['on'][number], { keyOf, equal }: Kept): typeof kind => {
  const key = right.op === 'column' ? keyOf[right.index] : undefined
  return kind === 'notDistinct' && key !== undefined && equal.has(key) ? '=' : kind
}

/**
 * A subquery with a value also for keys without rows (count): the left join that gives it is made with the outer rows
 * themselves, and what is computed from it is computed above.
 */
const joinOuter = (
  into: Graph,
  node: WorkJoin,
  { keys, dropped }: Correlation & { readonly dropped: Kept },
  problems: Problem[],
): number => {
  const { outer, at } = dropped
  if (outer === undefined) throw new Error('no outer join was found')
  const width = typesAt(into, node.left).length
  const on = outer.on.map(({ key, column, kind }) => ({
    left: keys[key] as Expr,
    right: column,
    kind,
  }))
  const left = push(into, { op: 'join', kind: 'left', left: node.left, right: at, on })
  if (!isUniqueRight(into, { ...node, right: at, on }))
    problems.push({ code: 'query/scalar-subquery' })
  const exprs = outer.exprs.map((expr) =>
    replaceColumns(expr, (index, type) =>
      index < keys.length
        ? (keys[index] as Expr)
        : { op: 'column', index: index - keys.length + width, type },
    ),
  )
  return push(into, {
    op: 'project',
    input: left,
    exprs: [...columnsAt(into, node.left), ...exprs],
  })
}

const isUniqueRight = (into: Graph, node: WorkJoin): boolean => {
  const compared = node.on.flatMap(({ right, kind }) =>
    right.op === 'column' && (kind === '=' || kind === 'notDistinct') ? [right.index] : [],
  )
  return isUniqueOn(into, node.right, new Set(compared))
}

/** A subquery used as a value is a left join where it has at most one row for each outer row, and refused elsewhere. */
const finish = (into: Graph, node: WorkJoin, problems: Problem[]): number => {
  if (node.kind !== 'single') return push(into, node)
  if (!isUniqueRight(into, node)) problems.push({ code: 'query/scalar-subquery' })
  return push(into, { ...node, kind: 'left' })
}

/** The right side with its lists of keys as a grouping of the left side. */
const withKeyList = (into: Graph, node: WorkJoin, { number, keys }: Correlation): number => {
  const project = push(into, { op: 'project', input: node.left, exprs: [...keys] })
  const list = push(into, {
    op: 'aggregate',
    input: project,
    keys: keys.map((_, index) => index),
    measures: [],
  })
  return replaceKeys(into, node.right, { number, list })
}

const replaceKeys = (
  into: Graph,
  root: number,
  { number, list }: { readonly number: number; readonly list: number },
): number => {
  const places = new Map<number, number>()
  const visit = (position: number): number => {
    const known = places.get(position)
    if (known !== undefined) return known
    const node = nodeAt(into, position)
    const place =
      node.op === 'keys' ? (node.of === number ? list : position) : copied(into, position, visit)
    places.set(position, place)
    return place
  }
  return visit(root)
}

const copied = (into: Graph, position: number, visit: (position: number) => number): number => {
  const node = nodeAt(into, position)
  const moved = new Map(inputsOfWork(node).map((input) => [input, visit(input)]))
  if ([...moved].every(([from, to]) => from === to)) return position
  return push(
    into,
    withInputs(node, (input) => moved.get(input) ?? input),
  )
}
