import { literal, nullOf } from '../../policies/relation/build.ts'
import { typeOf, type Expr } from '../../policies/relation/expression.ts'
import type { NodeOf } from '../../policies/relation/tree.ts'
import { BIGINT } from '../../policies/relation/type.ts'
import { giveUp, type Lowering } from './lowering.ts'
import { columnsAt, push } from './work.ts'

/** Most groupings of one aggregate: CUBE of five, or ROLLUP of more than anybody reads. */
const setsMax = 32

type Sets = {
  /** Each a list of positions in the keys. */
  readonly sets: readonly (readonly number[])[]
  /** One list of positions in the keys for each GROUPING(). */
  readonly groupings: readonly (readonly number[])[]
}

/**
 * GROUPING SETS, and so ROLLUP and CUBE, as what they are: the rows of one aggregate for each set, with NULL for the keys
 * that are not in it. So nothing after this has to know of them, and each set is protected, and paid for, on its own. A
 * set that is named twice is one aggregate, shown twice.
 */
export const lowerSets = (
  node: NodeOf<'aggregate'>,
  { sets, groupings }: Sets,
  lowering: Lowering,
): number => {
  if (sets.length > setsMax)
    giveUp(lowering, {
      code: 'query/too-many-groupings',
      params: { count: sets.length, max: setsMax },
    })
  const known = new Map<string, number>()
  const parts = sets.map((set) => {
    const own = [...new Set(set)].sort((one, two) => one - two)
    const name = own.join(' ')
    const part = known.get(name) ?? lowerSet(node, own, groupings, lowering)
    known.set(name, part)
    return part
  })
  const [only, more] = parts
  return only !== undefined && more === undefined
    ? only
    : push(lowering, { op: 'union', inputs: parts })
}

const lowerSet = (
  node: NodeOf<'aggregate'>,
  set: readonly number[],
  groupings: Sets['groupings'],
  lowering: Lowering,
): number => {
  const types = columnsAt(lowering, node.input).map(typeOf)
  const keys = set.map((position) => node.keys[position] ?? -1)
  const made = push(lowering, { ...node, keys })
  const columns = columnsAt(lowering, made)
  const shown = node.keys.map((key, position): Expr => {
    const place = set.indexOf(position)
    return columns[place] ?? nullOf(types[key] ?? BIGINT)
  })
  const bits = groupings.map((list) => literal(String(groupingOf(list, set)), BIGINT))
  return push(lowering, {
    op: 'project',
    input: made,
    exprs: [...shown, ...columns.slice(set.length), ...bits],
  })
}

/** GROUPING(a, b): one bit for each key that is not in the set, the last named the lowest. */
const groupingOf = (list: readonly number[], set: readonly number[]): bigint =>
  list.reduce((bits, position) => bits * 2n + (set.includes(position) ? 0n : 1n), 0n)
