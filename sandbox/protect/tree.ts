import { branching } from '../../policies/query/quantile.ts'
import { numberCell } from '../../policies/query/answer.ts'
import type { Figure, Mechanism } from '../../policies/query/plan.ts'
import { decimalText } from '../../policies/relation/scaled.ts'
import type { Cell } from '../../policies/result.ts'

/** Rows of one group by the leaf they fall into. */
export type Leaves = ReadonlyMap<number, bigint>
export type TreeSpec = NonNullable<Mechanism['tree']>

/**
 * For each boundary between leaves, from before the first to behind the last: a noisy number of rows on either side, and of
 * how many noisy nodes each is the sum.
 */
type Split = {
  readonly before: number
  readonly after: number
  readonly partsBefore: number
  readonly partsAfter: number
}

/** Noise is added to every node that may hold rows, level by level; the rest is arithmetic with what is noisy already. */
export const noisySplits = (
  { levels, leaves }: TreeSpec,
  exact: Leaves,
  draw: () => bigint,
): readonly Split[] => {
  let paths: readonly Split[] = [{ before: 0, after: 0, partsBefore: 0, partsAfter: 0 }]
  let splits: readonly Split[] = []
  for (let level = 1; level <= levels; level += 1) {
    const span = branching ** (levels - level)
    const nodes = noisyNodes(exact, { span, count: Math.ceil(leaves / span) }, draw)
    const made = nodes.map((_, node) => besides(nodes, node, paths))
    splits = nodes.map((own, node) => {
      const isFirst = node % branching === 0
      const known = isFirst ? splits[node / branching] : undefined
      // The boundary before a first child is the one before its parent, of fewer nodes.
      return known ?? including(made[node] as Split, own)
    })
    if (level < levels) paths = made
    else splits = [...splits, behind(made.at(-1) as Split, nodes.at(-1) ?? 0)]
  }
  return splits
}

const noisyNodes = (
  exact: Leaves,
  { span, count }: { readonly span: number; readonly count: number },
  draw: () => bigint,
): readonly number[] => {
  const totals = Array.from({ length: count }, () => 0n)
  for (const [leaf, rows] of exact) {
    const node = Math.floor(leaf / span)
    totals[node] = (totals[node] ?? 0n) + rows
  }
  return totals.slice(0, count).map((total) => Number(total + draw()))
}

/** What is on either side of a node, itself left out: its parent's, and its siblings. */
const besides = (nodes: readonly number[], node: number, paths: readonly Split[]): Split => {
  const parent = Math.floor(node / branching)
  const path = paths[parent]
  if (path === undefined) throw new Error('a node without its parent')
  const first = parent * branching
  const before = nodes.slice(first, node)
  const after = nodes.slice(node + 1, first + branching)
  return {
    before: path.before + sum(before),
    after: path.after + sum(after),
    partsBefore: path.partsBefore + before.length,
    partsAfter: path.partsAfter + after.length,
  }
}

const sum = (list: readonly number[]): number => list.reduce((total, one) => total + one, 0)
const including = (split: Split, own: number): Split => ({
  ...split,
  after: split.after + own,
  partsAfter: split.partsAfter + 1,
})
const behind = (split: Split, own: number): Split => ({
  ...split,
  before: split.before + own,
  partsBefore: split.partsBefore + 1,
})

/** Both tails of a normal variable beyond this have 5 %. */
const z95 = 1.959_963_985

/**
 * The quantile at `fraction` q, and its 95 % interval. With C(x) rows below x of N, let D(x) = C(x) - q (N - 1), which is
 * (1 - q) C(x) - q (N - C(x)) + q: a weighted sum of noisy nodes. The row of rank floor(q (N - 1)) lies below every x with
 * D(x) > 0, the one of rank ceil(q (N - 1)) at or above every x with D(x) < 1, counted from 0; what is asked for lies
 * between them. So the boundary behind the leaf of the first has D > 0 and shows less than minus its width with 2.5 %, the
 * boundary before that of the second has D < 1 and shows more than 1 and its width with 2.5 %: the interval of all leaves
 * between the first boundary that may be the one and the last that may be the other misses with 5 %. The noise's law is
 * taken as normal and a whole row is added, which is more than its being discrete makes up.
 */
export const quantileCell = (
  figure: Figure,
  { scale, tree }: { readonly scale: number; readonly tree: TreeSpec },
  splits: readonly Split[],
  sd: number,
): Cell => {
  const q = figure.fraction ?? 0.5
  const [above, below] = [1 - q, q]
  const shown = splits.map(({ before, after }) => above * before - below * after + q)
  const widths = splits.map(
    ({ partsBefore, partsAfter }) =>
      1 + z95 * sd * Math.sqrt(above ** 2 * partsBefore + below ** 2 * partsAfter),
  )
  const last = tree.leaves - 1
  const width = (boundary: number): number => widths[boundary] ?? Infinity
  const found = shown.findIndex((value, boundary) => boundary > 0 && value >= -width(boundary))
  const first = found < 0 ? last : found - 1
  const beyond = shown.findLastIndex((value, at) => at <= last && value <= 1 + width(at))
  const second = Math.max(first, beyond, 0)
  const text = textsOf(figure, scale, tree)
  const value = crossing(shown.slice(0, -1), shown.slice(1), tree)
  const [low, high] = [text.leafStart(first), text.leafEnd(second)]
  return {
    value: text.number(Math.min(high, Math.max(low, value))),
    low: Number(text.number(low)),
    high: Number(text.number(high)),
  }
}

/** The place, in units from the start of the grid, where the rising curve nearest to what is shown crosses zero. */
const crossing = (
  before: readonly number[],
  after: readonly number[],
  { leaves, width }: TreeSpec,
): number => {
  const rising = isotonic([before[0] ?? 0, ...after])
  const leaf = rising.findIndex((value, boundary) => boundary > 0 && value > 0) - 1
  if (leaf < 0) return (leaves - 1) * Number(width)
  const [from, to] = [rising[leaf] ?? 0, rising[leaf + 1] ?? 1]
  const part = width === '1' || from > 0 ? 0 : -from / (to - from)
  return (leaf + Math.min(1, Math.max(0, part))) * Number(width)
}

/** The non-decreasing sequence of least squared distance, by pooling neighbours that fall. */
const isotonic = (values: readonly number[]): readonly number[] => {
  const pools: { total: number; count: number }[] = []
  for (const value of values) {
    let pool = { total: value, count: 1 }
    for (let last = pools.at(-1); last !== undefined; last = pools.at(-1)) {
      if (last.total / last.count <= pool.total / pool.count) break
      pool = { total: pool.total + last.total, count: pool.count + last.count }
      pools.pop()
    }
    pools.push(pool)
  }
  return pools.flatMap(({ total, count }) => Array.from({ length: count }, () => total / count))
}

/** Places on the grid as values within the bounds, in the figure's own type. */
const textsOf = (
  { type, low = -Infinity, high = Infinity }: Figure,
  scale: number,
  tree: TreeSpec,
) => {
  const width = Number(tree.width)
  // A double may be half a unit from its place on the grid.
  const half = type.id === 'DOUBLE' && scale > 0 ? 0.5 : 0
  return {
    leafStart: (leaf: number): number => leaf * width - half,
    leafEnd: (leaf: number): number => (leaf + 1) * width - 1 + half,
    number: (units: number): number | string => {
      const at = BigInt(tree.low) * 10n + BigInt(Math.round(units * 10))
      const value = Math.min(high, Math.max(low, Number(decimalText(at, scale + 1))))
      if (type.id === 'DOUBLE') return value
      return numberCell(value.toFixed(type.id === 'DECIMAL' ? type.scale : 0))
    },
  }
}
