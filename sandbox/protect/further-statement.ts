import type { Mechanism, NoiseStage } from '../../policies/query/plan.ts'
import { call, cast, compare, literal } from '../../policies/relation/build.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import type { SortKey, Tree, WindowExpr } from '../../policies/relation/tree.ts'
import { BIGINT, HUGEINT } from '../../policies/relation/type.ts'
import { builder, countOf, sumOf, type Build, type Salt } from './build.ts'

/**
 * The statement of a mechanism that is more than one integer for each group. `values`: each group's keys and its number of
 * distinct values, of which a unit brings in at most `high` over all groups. `tree`: each group's keys, a leaf and the rows
 * in it, of which a unit brings at most `high` into a group, in at most `groupsMax` groups.
 */
export const furtherStatement = (stage: NoiseStage, mechanism: Mechanism, salt: Salt): Tree => {
  const build = builder(stage.tree)
  if (mechanism.kind === 'values') countValues(build, stage, mechanism, salt)
  else countLeaves(build, stage, mechanism, salt)
  return { nodes: build.nodes, names: [] }
}

const first = (build: Build, count: number): readonly Expr[] =>
  Array.from({ length: count }, (_, index) => build.column(index))

/** Rows by unit, keys and value; only those that count. Columns: keys, value, unit, rows. */
const byUnit = (
  build: Build,
  { keys, unit }: NoiseStage,
  { value = -1, flag }: Mechanism,
): void => {
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: [...keys.map(({ column }) => column), value, unit],
    measures: [countOf(flag)],
  })
  build.add({
    op: 'filter',
    input: build.last(),
    predicate: compare('>', build.column(keys.length + 2), literal('0', BIGINT)),
  })
}

const countValues = (build: Build, stage: NoiseStage, mechanism: Mechanism, salt: Salt): void => {
  byUnit(build, stage, mechanism)
  const width = stage.keys.length + 1
  const pair = first(build, width)
  const unit = build.column(width)
  keep(build, mechanism.high, {
    name: 'row_number',
    partitions: [unit],
    orders: [hashOf(salt, [unit, ...pair]), ...pair],
  })
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: pair.map((_, index) => index),
    measures: [],
  })
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: stage.keys.map((_, index) => index),
    measures: [countOf(undefined)],
  })
}

const countLeaves = (build: Build, stage: NoiseStage, mechanism: Mechanism, salt: Salt): void => {
  const width = stage.keys.length
  if (stage.single) {
    build.add({
      op: 'aggregate',
      input: build.last(),
      keys: [...stage.keys.map(({ column }) => column), mechanism.value ?? -1],
      measures: [countOf(mechanism.flag)],
    })
    return
  }
  byUnit(build, stage, mechanism)
  const keys = first(build, width)
  const [leaf, unit] = [build.column(width), build.column(width + 1)]
  keep(build, String(stage.groupsMax), {
    name: 'dense_rank',
    partitions: [unit],
    orders: [hashOf(salt, [unit, ...keys]), ...keys],
  })
  keepRows(build, mechanism.high, {
    partitions: [unit, ...keys],
    orders: [hashOf(salt, [unit, leaf]), leaf],
    rows: build.column(width + 2),
  })
  build.add({
    op: 'aggregate',
    input: build.last(),
    keys: [...keys.map((_, index) => index), width],
    measures: [sumOf(build.column(build.width() - 1))],
  })
}

const hashOf = (salt: Salt, parts: readonly Expr[]): Expr =>
  call('__hash', [...salt.map((part) => literal(String(part), BIGINT)), ...parts], HUGEINT)

const ascending = (exprs: readonly Expr[]): SortKey[] =>
  exprs.map((expr) => ({ expr, descending: false, nullsFirst: true }))

type Ranking = {
  readonly name: 'row_number' | 'dense_rank'
  readonly partitions: readonly Expr[]
  readonly orders: readonly Expr[]
}

/** Keeps what comes first in an order of each unit's own that nobody can foresee. */
const keep = (build: Build, most: string, { name, partitions, orders }: Ranking): void => {
  const width = build.width()
  const rank: WindowExpr = {
    name,
    args: [],
    partitions: [...partitions],
    orders: ascending(orders),
    frame: { unit: 'rows', start: { kind: 'unboundedPreceding' }, end: { kind: 'currentRow' } },
    type: BIGINT,
  }
  build.add({ op: 'window', input: build.last(), exprs: [rank] })
  build.add({
    op: 'filter',
    input: build.last(),
    predicate: compare('<=', build.column(width), literal(most, BIGINT)),
  })
}

type Filling = {
  readonly partitions: readonly Expr[]
  readonly orders: readonly Expr[]
  readonly rows: Expr
}

/** Of the rows of a unit in a group at most so many, leaf by leaf; a last column says how many of each leaf. */
const keepRows = (build: Build, most: string, { partitions, orders, rows }: Filling): void => {
  const width = build.width()
  const upTo: WindowExpr = {
    name: 'sum',
    args: [rows],
    partitions: [...partitions],
    orders: ascending(orders),
    frame: { unit: 'rows', start: { kind: 'unboundedPreceding' }, end: { kind: 'currentRow' } },
    type: HUGEINT,
  }
  build.add({ op: 'window', input: build.last(), exprs: [upTo] })
  const total = cast(build.column(width), BIGINT)
  const over = call('-', [total, literal(most, BIGINT)], BIGINT)
  const kept: Expr = {
    op: 'case',
    whens: [
      { when: compare('<=', over, literal('0', BIGINT)), value: rows },
      { when: compare('<', over, rows), value: call('-', [rows, over], BIGINT) },
    ],
    otherwise: literal('0', BIGINT),
    type: BIGINT,
  }
  build.add({
    op: 'project',
    input: build.last(),
    exprs: [...Array.from({ length: width }, (_, index) => build.column(index)), kept],
  })
}
