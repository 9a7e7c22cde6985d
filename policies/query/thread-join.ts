import type { Expr } from '../relation/expression.ts'
import type { NodeOf } from '../relation/tree.ts'
import { factAt, type Question } from './question.ts'
import { identity, moved, type Threaded, type Writer } from './threaded.ts'

type Sides = { readonly left: Threaded; readonly right: Threaded }

/**
 * A join over rows that carry their unit: what both sides hide is hidden still, and what accompanied a figure does.
 */
export const writeJoin = (node: NodeOf<'join'>, sides: Sides, writer: Writer): Threaded => {
  const { left, right } = sides
  const on = node.on.map((condition) => ({
    ...condition,
    left: moved(condition.left, left),
    right: moved(condition.right, right),
  }))
  if (node.kind !== 'inner' && node.kind !== 'left')
    return writeTest(node, { ...sides, on }, writer)
  const both = [...left.map, ...right.map.map((index) => index + left.width)]
  const joined = writer.add({
    op: 'join',
    kind: node.kind,
    left: left.node,
    right: right.node,
    on,
    ...(node.residual && { residual: moved(node.residual, { map: both }) }),
    ...(isBuiltOfLeft(node, writer.question) && { build: 'left' }),
  })
  const hidden = new Map(left.hidden)
  for (const [name, { index, kind }] of right.hidden)
    if (!hidden.has(name)) hidden.set(name, { index: index + left.width, kind })
    else if (name !== 'unit') hidden.set(`${name}+${joined}`, { index: index + left.width, kind })
  const companions = new Map(left.companions)
  for (const [index, found] of right.companions)
    companions.set(
      index + left.map.length,
      found.map((from) => from + left.width),
    )
  return { node: joined, width: left.width + right.width, map: both, hidden, companions }
}

/**
 * Which side is kept in memory follows from what the policy says of it, as the engine's own choice would tell which of
 * two tables has more rows: public rows rather than private ones, and of two private sides the left where an entity
 * has fewer rows in it.
 */
const isBuiltOfLeft = (node: NodeOf<'join'>, { facts }: Question): boolean => {
  const [left, right] = [factAt(facts, node.left).privacy, factAt(facts, node.right).privacy]
  if (!right.private) return false
  return !left.private || left.rowsMax < right.rowsMax
}

type Tested = Sides & { readonly on: NodeOf<'join'>['on'] }

/** Tests of each left row whether there is one on the right: they add nothing to it, or a mark. */
const writeTest = (node: NodeOf<'join'>, { left, right, on }: Tested, writer: Writer): Threaded => {
  const { question, add, columnsOf } = writer
  const { privacy } = factAt(question.facts, node.right)
  if (!privacy.private) {
    const sides = { left: left.node, right: right.node, on }
    const tested = add({ op: 'join', kind: node.kind, ...sides })
    return node.kind === 'mark'
      ? { ...left, node: tested, width: left.width + 1, map: [...left.map, left.width] }
      : { ...left, node: tested }
  }
  // What is looked up in is as small as it can be, however many rows the right side has.
  const isList = privacy.rowsMax > 1 || node.kind === 'mark'
  const list = isList ? distinctOf(on, right, writer) : { node: right.node, on }
  const sides = { left: left.node, right: list.node, on: list.on }
  // Between private sides no compared value can be NULL (`type-join.ts`), and the two kinds of anti join are the same.
  if (node.kind !== 'mark')
    return {
      ...left,
      node: add({ op: 'join', kind: node.kind === 'semi' ? 'semi' : 'anti', ...sides }),
    }
  // Nor does a mark have three answers then: as a left join it can be padded, and not tell whether anybody is there.
  const found = add({ op: 'join', kind: 'left', ...sides })
  const columns = columnsOf(found)
  const mark: Expr = { op: 'isNull', input: columns[left.width] as Expr, negated: true }
  const marked = add({
    op: 'project',
    input: found,
    exprs: [...columns.slice(0, left.width), mark],
  })
  return { ...left, node: marked, width: left.width + 1, map: [...left.map, left.width] }
}

/** The values a side is compared by, each once. */
const distinctOf = (
  on: NodeOf<'join'>['on'],
  side: Threaded,
  { add, columnsOf }: Writer,
): { readonly node: number; readonly on: NodeOf<'join'>['on'] } => {
  const listed = add({ op: 'project', input: side.node, exprs: on.map((one) => one.right) })
  const node = add({ op: 'aggregate', input: listed, keys: identity(on.length), measures: [] })
  const keys = columnsOf(node)
  return { node, on: on.map((one, index) => ({ ...one, right: keys[index] as Expr })) }
}
