import type { PeopleStage, Probe } from '../../policies/query/plan.ts'
import { allOf, call, cast, compare, literal } from '../../policies/relation/build.ts'
import { typeOf, type Expr } from '../../policies/relation/expression.ts'
import { decimalText } from '../../policies/relation/scaled.ts'
import type { Measure, Tree } from '../../policies/relation/tree.ts'
import { BIGINT, BOOLEAN, type DataType } from '../../policies/relation/type.ts'
import { builder, sumOf, type Build } from './build.ts'
import { keepGroups, type Key } from './people-statement.ts'

/** What `spreadStatement` says of each probe of a group, in this order. */
export const spreadItems = [
  'units',
  'summed',
  'total',
  'smallest',
  'nonZero',
  'smallestNonZero',
  'negatives',
  'largest',
] as const
/** And `nextStatement`: how many units add exactly the given amount, and the greatest that is less. */
export const nextItems = ['equal', 'less'] as const

/** The values whose contributions are looked at, and of which groups. */
export type Subject = {
  readonly stage: PeopleStage
  readonly probes: readonly number[]
  readonly groups: readonly Key[]
}

/**
 * What units add to each group: totals of their absolute values, how many there are, the smallest and the greatest. Costly
 * where a unit has many rows (each unit's total in each group), so it is asked for groups that pass every floor.
 */
export const spreadStatement = ({ stage, probes, groups }: Subject): Tree => {
  const build = builder(stage.tree)
  keepGroups(build, stage, groups)
  const units = unitsOf(build, stage, probes)
  addUp(build, stage, units.flatMap(spreadOf))
  return { nodes: build.nodes, names: [] }
}

/**
 * The next greatest contribution of each group, given the last one (`bounds`, in the order of groups and probes). A pass
 * over groups for each: a window that ranks the units of a group would sort them all, and does not fit in memory for ten
 * million (measured).
 */
export const nextStatement = (
  { stage, probes, groups }: Subject,
  bounds: readonly (readonly bigint[])[],
): Tree => {
  const build = builder(stage.tree)
  keepGroups(build, stage, groups)
  const units = unitsOf(build, stage, probes)
  const rows = build.last()
  const width = build.width()
  const types = units.map(({ total }) => typeOf(total))
  build.add({
    op: 'values',
    columns: [...stage.keys.map(({ type }) => type), ...types].map((type, index) => ({
      name: `v${index}`,
      type,
    })),
    rows: groups.map((group, at) => [
      ...stage.keys.map(({ type }, index) => literal(group[index] ?? null, type)),
      ...types.map((type, index) => amount(bounds[at]?.[index] ?? 0n, type)),
    ]),
  })
  build.add({
    op: 'join',
    kind: 'inner',
    left: rows,
    right: build.last(),
    on: stage.keys.map(({ type }, index) => ({
      left: { op: 'column', index, type },
      right: { op: 'column', index, type },
      kind: 'notDistinct',
    })),
  })
  addUp(
    build,
    stage,
    units.flatMap(({ total }, index): readonly Measure[] => {
      const bound = build.column(width + stage.keys.length + index)
      return [
        countWhere(compare('=', total, bound)),
        { ...greatest(total), filter: compare('<', total, bound) },
      ]
    }),
  )
  return { nodes: build.nodes, names: [] }
}

const addUp = (build: Build, stage: PeopleStage, measures: readonly Measure[]): void =>
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: stage.keys.map((_, index) => index),
    measures: [...measures],
  })

const amount = (units: bigint, type: DataType): Expr =>
  literal(decimalText(units, type.id === 'DECIMAL' ? type.scale : 0), type)

/** Columns of one row a unit and group, for one probe. `check` is NULL where `total` would have too many digits. */
type UnitColumns = { readonly check: Expr; readonly negatives: Expr; readonly total: Expr }

/** One row for each unit in each group: keys first, then the columns of each probe. */
const unitsOf = (
  build: Build,
  stage: PeopleStage,
  probes: readonly number[],
): readonly UnitColumns[] => {
  const keys = stage.keys.map(({ column }) => build.column(column))
  const values = probes.map((probe) => magnitudeOf(stage.probes[probe], build))
  const unit = build.column(stage.unit)
  build.add({
    op: 'project',
    input: build.last(),
    exprs: [...keys, unit, ...values.flatMap(({ magnitude, negative }) => [magnitude, negative])],
  })
  const first = keys.length + 1
  if (stage.single)
    return probes.map((_, index) => {
      const total = build.column(first + 2 * index)
      return { check: total, negatives: build.column(first + 2 * index + 1), total }
    })
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: [...keys.map((_, index) => index), keys.length],
    measures: probes.flatMap((_, index) => [
      sumOf(build.column(first + 2 * index)),
      sumOf(build.column(first + 2 * index + 1)),
    ]),
  })
  const own = Array.from({ length: build.width() }, (_, index) => build.column(index))
  const sums = probes.map((_, index) => build.column(first + 2 * index))
  // 28 digits add up exactly in 38; a unit with more is counted in `units` and not in `summed`, and fails its group.
  build.add({
    op: 'project',
    input: build.last(),
    exprs: [...own, ...sums.map((sum) => cast(sum, wideOf(sum)))],
  })
  return probes.map((_, index) => ({
    check: build.column(first + 2 * index),
    negatives: cast(build.column(first + 2 * index + 1), BIGINT),
    total: build.column(own.length + index),
  }))
}

const zeroOf = (type: DataType): Expr => amount(0n, type)

/** A row's absolute value where its condition holds, and one where that value is below zero. */
const magnitudeOf = (
  probe: Probe | undefined,
  build: Build,
): { readonly magnitude: Expr; readonly negative: Expr } => {
  if (probe?.value === undefined) throw new Error('dominance of a figure without values')
  const value = build.column(probe.value)
  const type = typeOf(value)
  const isNegative = compare('<', value, zeroOf(type))
  const holds: readonly Expr[] =
    probe.flag === undefined ? [] : [{ op: 'column', index: probe.flag, type: BOOLEAN }]
  const positive = compare('>=', value, zeroOf(type))
  return {
    magnitude: {
      op: 'case',
      whens: [
        { when: allOf([...holds, isNegative]), value: call('negate', [value], type) },
        { when: allOf([...holds, positive]), value },
      ],
      otherwise: literal(null, type),
      type,
    },
    negative: {
      op: 'case',
      whens: [{ when: allOf([...holds, isNegative]), value: literal('1', BIGINT) }],
      otherwise: literal('0', BIGINT),
      type: BIGINT,
    },
  }
}

const wideOf = (sum: Expr): DataType => {
  const type = typeOf(sum)
  return { id: 'DECIMAL', width: 28, scale: type.id === 'DECIMAL' ? type.scale : 0 }
}

const count = (value: Expr): Measure => ({
  name: 'count',
  args: [value],
  distinct: false,
  type: BIGINT,
})
const countWhere = (filter: Expr): Measure => ({
  name: 'count_star',
  args: [],
  distinct: false,
  type: BIGINT,
  filter,
})
const least = (value: Expr): Measure => ({
  name: 'min',
  args: [value],
  distinct: false,
  type: typeOf(value),
})
const greatest = (value: Expr): Measure => ({ ...least(value), name: 'max' })

/** In the order of `spreadItems`. */
const spreadOf = ({ check, negatives, total }: UnitColumns): readonly Measure[] => {
  const positive = compare('>', total, zeroOf(typeOf(total)))
  return [
    count(check),
    count(total),
    sumOf(total),
    least(total),
    countWhere(positive),
    { ...least(total), filter: positive },
    sumOf(negatives),
    greatest(total),
  ]
}
