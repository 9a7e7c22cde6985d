import { factOf, scopeOf } from '../relation/derive.ts'
import type { ColumnFact, NodeFact, PrivateFact } from '../relation/fact.ts'
import { scaleBy, type Interval } from '../relation/interval.ts'
import type { Measure, NodeOf } from '../relation/tree.ts'
import { isNumeric } from '../relation/type.ts'
import { sure } from '../sure.ts'

/**
 * Grouped by the unit an aggregate makes features, and stays private. Without the unit it is the barrier: only `protect`
 * crosses it, and its result is public, unique on its keys.
 */
export const typeAggregate = (
  node: NodeOf<'aggregate'>,
  input: NodeFact,
  position: number,
): NodeFact => {
  const keys = node.keys.map((key) => sure(input.columns[key], 'a key'))
  const measures = node.measures.map((measure) => measureFact(measure, input))
  const columns = [...keys, ...measures]
  if (!input.privacy.private)
    return {
      columns,
      privacy: { ...input.privacy, uniqueKeys: [keys.map((_, index) => index)] },
    }
  const { privacy } = input
  if (keys.some((key) => isUnit(key, privacy))) return features(columns, keys, privacy)
  return {
    columns: columns.map((column) => ({ ...column, key: true, ofEntity: true })),
    privacy: {
      private: false,
      uniqueKeys: [keys.map((_, index) => index)],
      stages: [position],
    },
    link: 'barrier',
  }
}

const isUnit = (fact: ColumnFact, { unit }: PrivateFact): boolean =>
  fact.surrogate?.own === true && fact.surrogate.kind === unit && !fact.nullable

/** Grouped by nothing but the unit there is one row a unit, and everything in it is about the whole unit. */
const features = (
  columns: readonly ColumnFact[],
  keys: readonly ColumnFact[],
  privacy: PrivateFact,
): NodeFact => {
  const single = privacy.single || keys.every((key) => isUnit(key, privacy))
  return {
    columns: single ? columns.map((column) => ({ ...column, ofEntity: true })) : columns,
    privacy: { ...privacy, single, rowsMax: single ? 1 : privacy.rowsMax },
    link: 'features',
  }
}

const measureFact = (measure: Measure, input: NodeFact): ColumnFact => {
  const scope = scopeOf(input.columns)
  const facts = measure.args.map((arg) => factOf(arg, scope))
  const parts = measure.filter ? [...facts, factOf(measure.filter, scope)] : facts
  const rows = input.privacy.private ? input.privacy.rowsMax : undefined
  const bounds = isNumeric(measure.type)
    ? featureBounds(measure.name, facts[0]?.bounds, rows)
    : undefined
  return {
    type: measure.type,
    nullable: !measure.name.startsWith('count'),
    key: false,
    ofEntity: false,
    sources: [...new Set(parts.flatMap((part) => part.sources))],
    ...(bounds && { bounds }),
  }
}

/**
 * Where a feature of one unit lies, from its rows' bounds and their number. Half of the range bounds a deviation;
 * the sample form of two values reaches range / sqrt 2 (Popoviciu's inequality times n / (n - 1), n = 2).
 */
export const featureBounds = (
  name: string,
  of: Interval | undefined,
  rows: number | undefined,
): Interval | undefined => {
  switch (name) {
    case 'count':
    case 'count_star':
      return rows === undefined ? undefined : { low: 0, high: rows }
    case 'sum':
      return of && rows !== undefined ? scaleBy(of, rows) : undefined
    case 'avg':
    case 'min':
    case 'max':
    case 'first':
    case 'last':
    case 'first_value':
    case 'last_value':
    case 'nth_value':
    case 'any_value':
    case 'arg_min':
    case 'arg_max':
    case 'median':
    case 'mode':
    case 'quantile_cont':
    case 'quantile_disc':
      return of
    case 'stddev_pop':
      return spread(of, (range) => range / 2)
    case 'stddev_samp':
      return spread(of, (range) => range / Math.SQRT2)
    case 'var_pop':
      return spread(of, (range) => range ** 2 / 4)
    case 'var_samp':
      return spread(of, (range) => range ** 2 / 2)
    default:
      return undefined
  }
}

const spread = (of: Interval | undefined, most: (range: number) => number): Interval | undefined =>
  of && { low: 0, high: most(of.high - of.low) }
