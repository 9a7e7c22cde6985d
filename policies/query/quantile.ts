import { call, literal } from '../relation/build.ts'
import { typeOf, type Expr } from '../relation/expression.ts'
import type { Interval } from '../relation/interval.ts'
import type { Measure } from '../relation/tree.ts'
import { BIGINT, type DataType } from '../relation/type.ts'
import { gridScale, onGrid } from './clamp.ts'
import type { Draft, Wanted } from './draft.ts'
import { exactArgument } from './measure-bounds.ts'
import type { Figure } from './plan.ts'

/** Children of a node. With four the sum of what separates two leaves of 4,096 has the least variance (27 against 28, 36). */
export const branching = 4
/** Leaves at most: 4^6. */
const levelsMax = 6
/** Noisy nodes of one stage at most: half a second of drawing. */
const nodesMax = 2 ** 19

/** Levels that the trees of a stage may have, by how many cells it has and trees in each. */
export const levelsFor = (cells: number, trees: number): number => {
  const each = nodesMax / Math.max(1, cells * trees)
  let levels = 1
  while (levels < levelsMax && (branching ** (levels + 2) - branching) / (branching - 1) <= each)
    levels += 1
  return levels
}

/**
 * A quantile from a tree of noisy counts over a public grid of the values' bounds (Hay and others, "Boosting the accuracy
 * of differentially private histograms through consistency", 2010): leaves of equal width, as many as there are values if
 * these are few. Quantiles of one value under one condition share a tree.
 */
export const quantileOf = (
  measure: Measure,
  bounds: Interval,
  flags: readonly Expr[],
  levels: number,
): Wanted => {
  const [only, fraction] = measure.args
  if (only === undefined || fraction?.op !== 'literal') throw new Error('a quantile of nothing')
  const value = exactArgument(only)
  const grid = onGrid(value, bounds, scaleOf(typeOf(value), bounds))
  const values = grid.high - grid.low + 1n
  const most = BigInt(branching ** levels)
  const width = (values + most - 1n) / most
  const leaves = Number((values + width - 1n) / width)
  const own = (levelsUsed: number): number =>
    branching ** levelsUsed >= leaves ? levelsUsed : own(levelsUsed + 1)
  const at = call('-', [grid.expr, literal(String(grid.low), BIGINT)], BIGINT)
  const leaf = call('//', [at, literal(String(width), BIGINT)], BIGINT)
  const draft: Draft = {
    kind: 'tree',
    flags,
    leaf,
    scale: grid.scale,
    tree: { levels: own(1), leaves, width: String(width), low: String(grid.low) },
  }
  return {
    drafts: [draft],
    figure: {
      name: measure.name as Figure['name'],
      type: measure.type,
      ...bounds,
      fraction: Number(fraction.value),
    },
  }
}

/** Exact numbers by their own digits, doubles by nine of the larger bound: finer than any leaf. */
const scaleOf = (type: DataType, bounds: Interval): number => {
  if (type.id === 'DOUBLE') return Math.min(20, gridScale(bounds, 9))
  return type.id === 'DECIMAL' ? Math.min(type.scale, gridScale(bounds, 15)) : 0
}
