import { allOf, compare } from '../../policies/relation/build.ts'
import {
  partsOf,
  replaceColumns,
  shiftColumns,
  type Expr,
} from '../../policies/relation/expression.ts'
import type { NodeOf } from '../../policies/relation/tree.ts'
import {
  columnsAt,
  inputsOfWork,
  nodeAt,
  push,
  typesAt,
  withInputs,
  type Graph,
  type KeyList,
  type WorkJoin,
} from './work.ts'

/** A relation freed of a list of keys. */
export type Kept = {
  readonly at: number
  /** For each column the key it stands for. Columns are those the relation had before, except under `outer`. */
  readonly keyOf: readonly (number | undefined)[]
  /** Keys that every comparison with them inside was an `=` of: their columns are joined back by `=`. */
  readonly equal: ReadonlySet<number>
  /**
   * The relation is a left join of the keys with `at`: on which columns of `at`, and what is computed of keys (first)
   * and columns of `at` (after them).
   */
  readonly outer?: {
    readonly on: readonly {
      readonly key: number
      readonly column: Expr
      readonly kind: '=' | 'notDistinct'
    }[]
    readonly exprs: readonly Expr[]
  }
}

type Dropping = {
  readonly into: Graph
  readonly number: number
  /** How each key was compared with columns of the subquery's own tables. */
  readonly kinds: Map<number, Set<'=' | 'notDistinct'>>
  readonly done: Map<number, Kept | undefined>
}

/**
 * The relation at `root` without the lists of keys of one correlated join: a column that is compared with a key stands
 * for it. Rows for keys that no outer row has are computed in addition and find no partner. Undefined: not possible.
 */
export const dropKeys = (into: Graph, root: number, number: number): Kept | undefined => {
  const dropping: Dropping = { into, number, kinds: new Map(), done: new Map() }
  const kept = drop(dropping, root)
  if (kept === undefined) return undefined
  const equal = new Set<number>()
  for (const [key, kinds] of dropping.kinds) {
    // One branch compares with `=` and another with IS NOT DISTINCT FROM: they differ on NULL.
    if (kinds.size > 1) return undefined
    if (kinds.has('=')) equal.add(key)
  }
  const outer = kept.outer && {
    ...kept.outer,
    on: kept.outer.on.map((one) => ({
      ...one,
      kind: equal.has(one.key) ? ('=' as const) : one.kind,
    })),
  }
  return { ...kept, equal, ...(outer && { outer }) }
}

const drop = (dropping: Dropping, position: number): Kept | undefined => {
  if (dropping.done.has(position)) return dropping.done.get(position)
  const kept = hasKeys(dropping, position)
    ? dropFrom(dropping, position)
    : untouched(dropping.into, position)
  dropping.done.set(position, kept)
  return kept
}

const nothing: ReadonlySet<number> = new Set()

const untouched = (into: Graph, at: number): Kept => ({
  at,
  keyOf: typesAt(into, at).map(() => undefined),
  equal: nothing,
})

const isKeys = ({ into, number }: Dropping, position: number): boolean => {
  const node = nodeAt(into, position)
  return node.op === 'keys' && node.of === number
}

const hasKeys = (dropping: Dropping, position: number): boolean =>
  isKeys(dropping, position) ||
  inputsOfWork(nodeAt(dropping.into, position)).some((input) => hasKeys(dropping, input))

const dropFrom = (dropping: Dropping, position: number): Kept | undefined => {
  const node = nodeAt(dropping.into, position)
  switch (node.op) {
    case 'filter':
    case 'sort': {
      const input = drop(dropping, node.input)
      if (input === undefined || input.outer !== undefined) return undefined
      return { ...input, at: push(dropping.into, { ...node, input: input.at }) }
    }
    case 'project':
      return dropProject(dropping, node)
    case 'aggregate':
      return dropAggregate(dropping, node)
    case 'window':
      return dropWindow(dropping, node)
    case 'join':
      return dropJoin(dropping, node)
    case 'union':
      return dropUnion(dropping, node)
    case 'scan':
    case 'values':
    case 'limit':
    case 'keys':
      return undefined
  }
}

/** Most parts that projections over an outer join may come to when they are written into each other. */
const outerPartsMax = 2000

const sizeOf = (expr: Expr): number => partsOf(expr).reduce((sum, part) => sum + sizeOf(part), 1)

const keyOfExpr = (expr: Expr, keyOf: Kept['keyOf']): number | undefined =>
  expr.op === 'column' ? keyOf[expr.index] : undefined

const dropProject = (dropping: Dropping, node: NodeOf<'project'>): Kept | undefined => {
  const input = drop(dropping, node.input)
  if (input === undefined) return undefined
  const keyOf = node.exprs.map((expr) => keyOfExpr(expr, input.keyOf))
  const { outer } = input
  if (outer !== undefined) {
    const exprs = node.exprs.map((expr) =>
      replaceColumns(expr, (index) => outer.exprs[index] as Expr),
    )
    return exprs.reduce((sum, expr) => sum + sizeOf(expr), 0) > outerPartsMax
      ? undefined
      : { ...input, keyOf, outer: { ...outer, exprs } }
  }
  return { ...input, keyOf, at: push(dropping.into, { ...node, input: input.at }) }
}

/** All keys there are among some columns. */
const keysAmong = (keyOf: readonly (number | undefined)[]): ReadonlySet<number> =>
  new Set(keyOf.filter((key) => key !== undefined))

const coversAll = (some: ReadonlySet<number>, all: ReadonlySet<number>): boolean =>
  [...all].every((key) => some.has(key))

/** Groups must not reach across keys: each key is one of the columns grouped by. */
const dropAggregate = (dropping: Dropping, node: NodeOf<'aggregate'>): Kept | undefined => {
  const input = drop(dropping, node.input)
  if (input === undefined || input.outer !== undefined) return undefined
  const keyOf = node.keys.map((key) => input.keyOf[key])
  if (!coversAll(keysAmong(keyOf), keysAmong(input.keyOf))) return undefined
  const rest = node.measures.map(() => undefined)
  return {
    ...input,
    keyOf: [...keyOf, ...rest],
    at: push(dropping.into, { ...node, input: input.at }),
  }
}

const dropWindow = (dropping: Dropping, node: NodeOf<'window'>): Kept | undefined => {
  const input = drop(dropping, node.input)
  if (input === undefined || input.outer !== undefined) return undefined
  const all = keysAmong(input.keyOf)
  const within = node.exprs.every(({ partitions }) =>
    coversAll(keysAmong(partitions.map((by) => keyOfExpr(by, input.keyOf))), all),
  )
  if (!within) return undefined
  return {
    ...input,
    keyOf: [...input.keyOf, ...node.exprs.map(() => undefined)],
    at: push(dropping.into, { ...node, input: input.at }),
  }
}

const dropUnion = (dropping: Dropping, node: NodeOf<'union'>): Kept | undefined => {
  const inputs = node.inputs.map((input) => drop(dropping, input))
  const kept = inputs.filter((input) => input !== undefined && input.outer === undefined) as Kept[]
  const [first] = kept
  if (first === undefined || kept.length !== inputs.length) return undefined
  const alike = kept.every(({ keyOf }) => keyOf.every((key, index) => key === first.keyOf[index]))
  if (!alike || keysAmong(first.keyOf).size === 0) return undefined
  return { ...first, at: push(dropping.into, { ...node, inputs: kept.map(({ at }) => at) }) }
}

const dropJoin = (dropping: Dropping, node: WorkJoin): Kept | undefined => {
  if (isKeys(dropping, node.left)) {
    if (node.kind === 'left') return dropOuter(dropping, node)
    return node.kind === 'inner' ? dropList(dropping, node, 'left') : undefined
  }
  if (isKeys(dropping, node.right))
    return node.kind === 'inner' ? dropList(dropping, node, 'right') : undefined
  return dropBoth(dropping, node)
}

/** The keys joined with a relation: columns of the relation compared with the keys take their place. */
const dropList = (dropping: Dropping, node: WorkJoin, side: 'left' | 'right'): Kept | undefined => {
  const { into } = dropping
  const other = side === 'left' ? node.right : node.left
  const list = nodeAt(into, side === 'left' ? node.left : node.right) as KeyList
  const kept = drop(dropping, other)
  if (kept === undefined || kept.outer !== undefined) return undefined
  const pairs = node.on.map((one) => ({
    key: side === 'left' ? one.left : one.right,
    expr: side === 'left' ? one.right : one.left,
    kind: one.kind,
  }))
  const standing = list.columns.map((_, key) => standIn(dropping, pairs, { key, kept }))
  if (standing.some((one) => one === undefined)) return undefined
  const exprs = (standing as Standing[]).map(({ expr }) => expr)
  const used = new Set((standing as Standing[]).map(({ pair }) => pair))
  const width = kept.keyOf.length
  const place = (expr: Expr): Expr => placed(expr, { side, exprs, width })
  const rest = [
    ...pairs
      .filter((_, index) => !used.has(index))
      .map(({ key, expr, kind }) =>
        compare(
          kind,
          replaceColumns(key, (index) => exprs[index] as Expr),
          expr,
        ),
      ),
    ...(node.residual === undefined ? [] : [place(node.residual)]),
  ]
  const input =
    rest.length === 0
      ? kept.at
      : push(into, { op: 'filter', input: kept.at, predicate: allOf(rest) })
  const columns = columnsAt(into, kept.at)
  const numbers = exprs.map((_, key) => key)
  return {
    equal: nothing,
    keyOf: side === 'left' ? [...numbers, ...kept.keyOf] : [...kept.keyOf, ...numbers],
    at: push(into, {
      op: 'project',
      input,
      exprs: side === 'left' ? [...exprs, ...columns] : [...columns, ...exprs],
    }),
  }
}

type Standing = { readonly expr: Expr; readonly pair: number }
type Pair = { readonly key: Expr; readonly expr: Expr; readonly kind: string }

const standIn = (
  { kinds }: Dropping,
  pairs: readonly Pair[],
  { key, kept }: { readonly key: number; readonly kept: Kept },
): Standing | undefined => {
  const of = (test: (pair: Pair) => boolean): number =>
    pairs.findIndex((pair) => pair.key.op === 'column' && pair.key.index === key && test(pair))
  const same = of(({ expr, kind }) => kind === 'notDistinct' && keyOfExpr(expr, kept.keyOf) === key)
  if (same >= 0) return { expr: (pairs[same] as Pair).expr, pair: same }
  const found = of(({ kind }) => kind === '=' || kind === 'notDistinct')
  const pair = pairs[found]
  if (pair === undefined) return undefined
  const known = kinds.get(key) ?? new Set()
  kinds.set(key, known.add(pair.kind as '=' | 'notDistinct'))
  return { expr: pair.expr, pair: found }
}

/** A condition over the join's columns, over those of the relation alone. */
const placed = (
  expr: Expr,
  {
    side,
    exprs,
    width,
  }: { readonly side: 'left' | 'right'; readonly exprs: readonly Expr[]; readonly width: number },
): Expr =>
  replaceColumns(expr, (index, type) => {
    const key = side === 'left' ? index : index - width
    const own = side === 'left' ? index - exprs.length : index
    if (key >= 0 && key < exprs.length && (side === 'left' || index >= width))
      return exprs[key] as Expr
    return { op: 'column', index: own, type }
  })

/** The keys left-joined with a relation on columns that stand for the keys in it. */
const dropOuter = (dropping: Dropping, node: WorkJoin): Kept | undefined => {
  const kept = drop(dropping, node.right)
  const keys = typesAt(dropping.into, node.left)
  if (kept === undefined || kept.outer !== undefined || node.residual !== undefined)
    return undefined
  const on = node.on.map(({ left, right, kind }) => ({
    key: left.op === 'column' ? left.index : -1,
    column: right,
    kind: kind as '=' | 'notDistinct',
  }))
  const plain = node.on.every(
    ({ left, right, kind }) =>
      kind === 'notDistinct' && left.op === 'column' && keyOfExpr(right, kept.keyOf) === left.index,
  )
  if (!plain || new Set(on.map(({ key }) => key)).size !== keys.length) return undefined
  const columns = columnsAt(dropping.into, kept.at).map((column) =>
    shiftColumns(column, keys.length),
  )
  const own: readonly Expr[] = keys.map((type, index) => ({ op: 'column', index, type }))
  return {
    at: kept.at,
    equal: nothing,
    keyOf: [...keys.map((_, key) => key), ...kept.keyOf.map(() => undefined)],
    outer: { on, exprs: [...own, ...columns] },
  }
}

/** A join inside the subquery. Where both sides depend on the keys, they must be compared key by key. */
const dropBoth = (dropping: Dropping, node: WorkJoin): Kept | undefined => {
  const [left, right] = [drop(dropping, node.left), drop(dropping, node.right)]
  if (left === undefined || right === undefined) return undefined
  if (left.outer !== undefined || right.outer !== undefined) return undefined
  const [leftKeys, rightKeys] = [keysAmong(left.keyOf), keysAmong(right.keyOf)]
  const joined = node.on.flatMap((one) => {
    const key = keyOfExpr(one.left, left.keyOf)
    const same = key !== undefined && key === keyOfExpr(one.right, right.keyOf)
    return same && one.kind === 'notDistinct' ? [key] : []
  })
  const rightAlone = leftKeys.size === 0 && rightKeys.size > 0
  if (rightAlone && node.kind !== 'inner') return undefined
  if (!rightAlone && !coversAll(new Set(joined), rightKeys)) return undefined
  const wide = node.kind === 'inner' || node.kind === 'left' || node.kind === 'single'
  const mark = node.kind === 'mark' || node.kind === 'exists' ? [undefined] : []
  const far = right.keyOf.map((key) => (node.kind === 'inner' ? key : undefined))
  return {
    equal: nothing,
    keyOf: [...left.keyOf, ...(wide ? far : mark)],
    at: push(
      dropping.into,
      withInputs(node, (input) => (input === node.left ? left.at : right.at)),
    ),
  }
}
