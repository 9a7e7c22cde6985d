import type { Mechanism, NoiseStage } from '../../policies/query/plan.ts'
import { call, cast, compare, literal } from '../../policies/relation/build.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import { decimalText } from '../../policies/relation/scaled.ts'
import type { Measure, Tree } from '../../policies/relation/tree.ts'
import { BIGINT, BOOLEAN, HUGEINT, type DataType } from '../../policies/relation/type.ts'
import { builder, countOf, filterOf, sumOf, type Build, type Salt } from './build.ts'
import { furtherStatement } from './further-statement.ts'

/** Whether a mechanism is one integer for each group, so that it is added up with others in one statement. */
export const isScalar = ({ kind }: Mechanism): boolean => kind !== 'values' && kind !== 'tree'

/** The statements of a stage: one for all mechanisms of one integer, if there are any, then one for each of the others. */
export const statementsOf = (stage: NoiseStage, salt: Salt): readonly Tree[] => {
  const others = stage.mechanisms.filter((mechanism) => !isScalar(mechanism))
  const further = others.map((mechanism) => furtherStatement(stage, mechanism, salt))
  return others.length === stage.mechanisms.length
    ? further
    : [statementOf(stage, salt), ...further]
}

/**
 * The one statement of a stage's scalar mechanisms: exact integers for each group, its keys first, then one column a mechanism, then a number
 * of values for each mechanism with a centre. Where one
 * row a unit is proven the groups are added up directly; otherwise each unit's contribution to each group is computed
 * and cut off first, and at most `groupsMax` groups of a unit are kept.
 */
const statementOf = (whole: NoiseStage, salt: Salt): Tree => {
  const stage = { ...whole, mechanisms: whole.mechanisms.filter(isScalar) }
  const build = builder(stage.tree)
  if (stage.single)
    addUp(build, stage, [...measuresOfRows(stage, build), ...countsOf(stage, build)])
  else addUpUnits(build, stage, salt)
  return { nodes: build.nodes, names: [] }
}

const measuresOfRows = ({ mechanisms }: NoiseStage, build: Build): readonly Measure[] =>
  mechanisms.map(({ value, flag }) =>
    value === undefined ? countOf(flag) : sumOf(build.column(value), flag),
  )

/** Numbers of values, for the mechanisms whose centre is taken away after adding up, in their order. */
const countsOf = ({ mechanisms }: NoiseStage, build: Build): readonly Measure[] =>
  mechanisms.flatMap(({ value, flag, centre }): readonly Measure[] =>
    value === undefined || centre === undefined
      ? []
      : [{ ...countOf(flag), name: 'count', args: [build.column(value)] }],
  )

const addUp = (build: Build, stage: NoiseStage, measures: readonly Measure[]): void =>
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: stage.keys.map(({ column }) => column),
    measures: [...measures],
  })

/**
 * Rows to contributions to groups. Where the keys are the same in all rows of a unit it is grouped by the unit alone and
 * its key is the smallest there is: it is in one group even where the data contradict the policy.
 */
const addUpUnits = (build: Build, stage: NoiseStage, salt: Salt): void => {
  const { keys, unit, flag, oneGroup } = stage
  const columns = keys.map(({ column }) => column)
  const named = oneGroup
    ? columns.map((column): Measure => {
        const key = build.column(column)
        return {
          name: 'min',
          args: [key],
          distinct: false,
          type: typeOfColumn(key),
          ...filterOf(flag),
        }
      })
    : []
  const present = flag === undefined ? [] : [countOf(flag)]
  const inner = [...named, ...present, ...measuresOfRows(stage, build)]
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: oneGroup ? [unit] : [...columns, unit],
    measures: inner,
  })
  // Positions in the aggregate: keys (or their minima), the unit, presence, mechanisms.
  const first = oneGroup ? 1 : 0
  const unitAt = oneGroup ? 0 : columns.length
  const next = columns.length + 1
  if (flag !== undefined)
    build.add({ op: 'filter', input: build.last(), predicate: isPositive(build.column(next)) })
  const values = next + present.length
  build.add({
    op: 'project',
    input: build.last(),
    exprs: [
      ...columns.map((_, index) => build.column(first + index)),
      build.column(unitAt),
      ...stage.mechanisms.map((mechanism, index) =>
        contribution(mechanism, build.column(values + index)),
      ),
    ],
  })
  if (!oneGroup && !holdsAll(stage)) keepGroups(build, stage, salt)
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: columns.map((_, index) => index),
    measures: stage.mechanisms.map((_, index) => sumOf(build.column(columns.length + 1 + index))),
  })
}

const typeOfColumn = (expr: Expr): DataType => ('type' in expr ? expr.type : BOOLEAN)
const isPositive = (count: Expr): Expr => compare('>', count, literal('0', BIGINT))
const zero = literal('0', BIGINT)
const one = literal('1', BIGINT)

/** What one unit adds to one group, within the mechanism's bounds whatever the rows were. */
const contribution = ({ kind, low, high, scale }: Mechanism, total: Expr): Expr => {
  if (kind === 'units')
    return {
      op: 'case',
      whens: [{ when: isPositive(total), value: one }],
      otherwise: zero,
      type: BIGINT,
    }
  const type = typeOfColumn(total)
  const digits = type.id === 'DECIMAL' ? type.scale : 0
  if (kind === 'sum' && digits !== Math.max(0, digits === 0 ? 0 : scale))
    throw new Error('a sum in other units than its bounds')
  const at = (units: string): Expr => literal(decimalText(BigInt(units), digits), type)
  const cut: Expr = {
    op: 'case',
    whens: [
      { when: compare('>', total, at(high)), value: at(high) },
      { when: compare('<', total, at(low)), value: at(low) },
    ],
    otherwise: total,
    type,
  }
  // 28 digits are more than the greatest bounds have, and add up to 38 without overflow.
  return type.id === 'DECIMAL' ? cut : cast(cut, fitsWord(low) && fitsWord(high) ? BIGINT : wide)
}

const wide: DataType = { id: 'DECIMAL', width: 28, scale: 0 }
const fitsWord = (units: string): boolean => {
  const value = BigInt(units)
  return value < 2n ** 63n && value > -(2n ** 63n)
}

/** No unit can be in more groups than a public grid has cells; what lies outside the grid is dropped at the gate. */
const holdsAll = ({ keys, groupsMax }: NoiseStage): boolean =>
  keys.reduce(
    (cells, { values, nullable }) =>
      cells * (values === undefined ? Infinity : values.length + (nullable ? 1 : 0)),
    1,
  ) <= groupsMax

/**
 * Keeps at most `groupsMax` groups of each unit, in the order of a hash of secret salt, unit and keys: a choice that
 * depends on the unit's own rows and on nothing of others, and that nobody can foresee.
 */
const keepGroups = (build: Build, { keys, groupsMax }: NoiseStage, salt: Salt): void => {
  const columns = keys.map((_, index) => build.column(index))
  const unit = build.column(keys.length)
  const secrets = salt.map((part) => literal(String(part), BIGINT))
  const hash = call('__hash', [...secrets, unit, ...columns], HUGEINT)
  const width = keys.length + 1
  const carried = build.width()
  build.add({
    op: 'window',
    input: build.last(),
    exprs: [
      {
        name: 'row_number',
        args: [],
        partitions: [unit],
        orders: [hash, ...columns].map((expr) => ({ expr, descending: false, nullsFirst: true })),
        frame: { unit: 'rows', start: { kind: 'unboundedPreceding' }, end: { kind: 'currentRow' } },
        type: BIGINT,
      },
    ],
  })
  if (carried < width) throw new Error('contributions lost their unit')
  build.add({
    op: 'filter',
    input: build.last(),
    predicate: compare('<=', build.column(carried), literal(String(groupsMax), BIGINT)),
  })
}
