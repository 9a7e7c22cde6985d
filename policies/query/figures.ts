import { factOf, scopeOf } from '../relation/derive.ts'
import type { Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { Interval } from '../relation/interval.ts'
import { decimalText } from '../relation/scaled.ts'
import type { Measure } from '../relation/tree.ts'
import { clamped } from './clamp.ts'
import { presentIn, type Draft, type Wanted } from './draft.ts'
import { boundsOfValue } from './measure-bounds.ts'
import { pairNames, quantileNames } from './measure-names.ts'
import { momentsAbout } from './moments.ts'
import { pairOf, sideOf } from './pairs.ts'
import type { Figure } from './plan.ts'
import { quantileOf } from './quantile.ts'
import { sure } from '../sure.ts'

/** What a measure at the barrier is computed from, and how. Bounds are known: a rule has refused the others. */
export const wantedOf = (
  measure: Measure,
  input: NodeFact,
  /** Levels that a tree may have. */
  levels: number,
): Wanted => {
  const { name, args, type } = measure
  const side = sideOf(measure)
  const filter = measure.filter ? [measure.filter] : []
  const flags = presentIn(measure, input)
  if (name === 'count_star')
    return { drafts: [{ kind: 'rows', flags: filter }], figure: { name: 'count', type } }
  const only = sure(side?.only ?? args[0], 'the argument of a measure')
  if (name === 'count') return { drafts: [countOf(measure, only, input)], figure: { name, type } }
  if (side === undefined && pairNames.has(name)) return pairOf(measure, input)
  const bounds = sure(boundsOfValue(only, input), 'the bounds of a measure')
  if (name === 'sum')
    return {
      drafts: [{ kind: 'sum', flags, value: clamped(only, bounds) }],
      figure: { name, type, low: bounds.low, high: bounds.high },
    }
  if (quantileNames.has(name)) return quantileOf(measure, bounds, flags, levels)
  const own = side?.name ?? (name as Figure['name'])
  return own === 'avg'
    ? averageOf(only, bounds, flags, type)
    : momentsOf(own, { only, bounds, flags, type })
}

/** Rows that have a value, units that have one, or the values themselves. */
const countOf = (measure: Measure, only: Expr, input: NodeFact): Draft => {
  const flags = presentIn(measure, input)
  if (!measure.distinct) return { kind: 'rows', flags }
  const { surrogate, ofEntity } = factOf(only, scopeOf(input.columns))
  return surrogate?.own
    ? { kind: 'units', flags }
    : { kind: 'values', flags, value: only, ofEntity }
}

/**
 * avg = centre + (noisy sum of value - centre) / noisy count. Around the middle of the bounds a value is at most half of
 * their distance away, so the sum needs half of the noise or less.
 */
const averageOf = (
  only: Expr,
  bounds: Interval,
  flags: readonly Expr[],
  type: Figure['type'],
): Wanted => {
  const value = clamped(only, bounds)
  const centre = (value.low + value.high) / 2n
  return {
    drafts: [
      { kind: 'rows', flags },
      { kind: 'sum', flags, value, centre },
    ],
    figure: { name: 'avg', type, ...bounds, centre: Number(decimalText(centre, value.scale)) },
  }
}

type MomentSource = {
  readonly only: Expr
  readonly bounds: Interval
  readonly flags: readonly Expr[]
  readonly type: Figure['type']
}

/** Variance from three noisy moments: count, centred sum, and centred squares less half of their greatest value. */
const momentsOf = (name: Figure['name'], { only, bounds, flags, type }: MomentSource): Wanted => {
  const { first, second, centre, middle } = momentsAbout(only, bounds)
  return {
    drafts: [
      { kind: 'rows', flags },
      { kind: 'sum', flags, value: first },
      { kind: 'sum', flags, value: second },
    ],
    figure: {
      name,
      type,
      ...bounds,
      centre: Number(decimalText(centre, first.scale)),
      centreOfSquares: Number(decimalText(middle, 2 * first.scale)),
    },
  }
}
