import { allOf, call, cast, truth } from '../relation/build.ts'
import { factOf, scopeOf } from '../relation/derive.ts'
import { typeOf, type Expr } from '../relation/expression.ts'
import type { ColumnFact, NodeFact } from '../relation/fact.ts'
import type { Measure } from '../relation/tree.ts'
import { BIGINT, BOOLEAN, DOUBLE, type DataType } from '../relation/type.ts'
import { doubleOf, gridScale } from './clamp.ts'
import type { Context } from './context.ts'
import { gridOf } from './grid.ts'
import { boundsOf, exactArgument } from './measure-bounds.ts'
import { countNames } from './measure-names.ts'
import { columnFact, placeKey } from './noise-stage.ts'
import type { PeopleFigure, PeopleStage, Probe } from './plan.ts'
import { factAt, type Barrier, type Question } from './question.ts'
import { rowsOver, writeSpine, type Rows, type Spine } from './spine.ts'
import { startThread } from './thread.ts'
import { columnAt, moved } from './threaded.ts'
import { valuesFirst } from './values.ts'
import { sure } from '../sure.ts'

/** Different conditions in one family of figures; 2^5 - 1 parts are checked for each group. */
export const conditionsMax = 5

/** What stands below one barrier at the people door: rows with what every figure and every check needs. */
export const peopleStage = (
  question: Question,
  { node, relation }: Barrier,
  stages: ReadonlyMap<number, number>,
): PeopleStage => {
  const { context } = question
  const thread = startThread(question, stages)
  const plain = node.measures.map(plainOf)
  const { input, spine, measures } = valuesFirst(plain, factAt(question.facts, node.input), {
    spine: writeSpine(question, node.input, thread),
    thread,
  })
  const rows = rowsOver(thread, spine)
  const facts = node.keys.map((key) => columnFact(input.columns, key))
  const grid = gridOf(facts, node.measures.length > 0, context.policy.question.gridMax)
  const keys = grid.map((key, index) => ({
    ...key,
    column: placeKey(sure(node.keys[index], 'a key'), facts[index], spine, rows),
    sensitive: isSensitive(columnFact(facts, index), context),
  }))
  const hidden = [...spine.hidden].sort(
    ([one], [two]) => Number(two === 'unit') - Number(one === 'unit'),
  )
  const kinds = hidden.map(([, { index, kind }]) => ({
    kind,
    column: rows.place(columnAt(index, BIGINT)),
    floor: floorOf(kind, context),
  }))
  const probes = probesOver(rows, spine)
  probes.place([], undefined)
  const wanted = measures.map((measure) => wantedOf(measure, input, probes))
  return {
    kind: 'people',
    unit: sure(kinds[0], 'the unit').column,
    kinds,
    keys,
    single: relation.single,
    figures: wanted.map(({ figure }, index) => ({
      ...figure,
      filtered: isFiltered(plain[index]),
    })),
    families: familiesOf(wanted, probes),
    probes: probes.list,
    tree: rows.finish(),
    dominance: { ...context.policy.dominance },
    datasets: [...relation.datasets],
  }
}

export const floorOf = (kind: string, { policy }: Context): number =>
  sure(policy.kinds[kind], 'the floor of a kind').floor

const isSensitive = (fact: ColumnFact, { policy }: Context): boolean =>
  fact.sources.some((source) => {
    const [dataset = '', name = ''] = source.split('.')
    const rule = policy.datasets[dataset]?.columns[name]
    return rule?.use === 'dimension' && rule.sensitive
  })

type Value = { readonly expr: Expr; readonly scale: number; readonly squared: boolean }
type Probes = {
  readonly list: Probe[]
  /** The probe of rows for which all conditions hold, with a value added up where one is given. */
  readonly place: (conditions: readonly Expr[], value: Value | undefined) => number
}

const probesOver = (rows: Rows, spine: Spine): Probes => {
  const list: Probe[] = []
  const names: string[] = []
  const place: Probes['place'] = (conditions, value) => {
    const name = nameOf([conditions, value])
    const known = names.indexOf(name)
    if (known >= 0) return known
    names.push(name)
    const flags = conditions.map((condition) => moved(condition, spine))
    if (spine.flag !== undefined) flags.unshift(columnAt(spine.flag, BOOLEAN))
    const own = value && moved(value.expr, spine)
    return (
      list.push({
        ...(flags.length > 0 && { flag: rows.place(allOf(flags)) }),
        ...(own && { value: rows.place(own) }),
        ...(own && value.squared && { square: rows.place(squareOf(own)) }),
        scale: value?.scale ?? 0,
      }) - 1
    )
  }
  return { list, place }
}

/** Equal texts are equal, wherever they were written. */
const nameOf = (value: unknown): string =>
  JSON.stringify(value, (key, part: unknown) => (key === 'at' ? undefined : part))

type Wanted = {
  readonly figure: PeopleFigure
  readonly conditions: readonly Expr[]
  readonly value: Value | undefined
  /** Columns it reads, with a value. */
  readonly sources: readonly string[]
}

const wantedOf = (measure: Measure, input: NodeFact, probes: Probes): Wanted => {
  const {
    name,
    type,
    distinct,
    args: [only],
    filter,
  } = measure
  const fact = only && factOf(only, scopeOf(input.columns))
  const present: Expr[] =
    only && fact?.nullable ? [{ op: 'isNull', input: only, negated: true }] : []
  const conditions = [...(filter ? [filter] : []), ...present]
  const value =
    countNames.has(name) || only === undefined ? undefined : valueOf(measure, only, input)
  const figure: PeopleFigure = {
    name: name === 'count_star' ? 'count' : (name as PeopleFigure['name']),
    type,
    distinct,
    filtered: false,
    probe: probes.place(conditions, value),
  }
  return { figure, conditions, value, sources: value && fact ? fact.sources : [] }
}

/** About the rows for which a condition of the text holds, beside those that have a value. */
const isFiltered = (measure: Measure | undefined): boolean =>
  measure !== undefined &&
  (measure.filter !== undefined || (countNames.has(measure.name) && measure.args[0]?.op === 'case'))

/**
 * A measure with its condition outside its value. `sum(case when c then x else 0 end)` is the sum of x where c: a
 * condition hidden in a value is compared with the others like those of FILTER.
 */
const plainOf = (measure: Measure): Measure => {
  const { name, args, filter } = measure
  const only = args[0] && exactArgument(args[0])
  if (only === undefined) return measure
  const [arm, more] = only.op === 'case' ? only.whens : []
  if (
    name !== 'sum' ||
    only.op !== 'case' ||
    arm === undefined ||
    more !== undefined ||
    !addsNothing(only.otherwise)
  )
    return { ...measure, args: [only] }
  return { ...measure, args: [arm.value], filter: allOf([...(filter ? [filter] : []), arm.when]) }
}

const addsNothing = (expr: Expr): boolean =>
  expr.op === 'tryCast'
    ? addsNothing(expr.input)
    : expr.op === 'literal' && (expr.value === null || Number(expr.value) === 0)

/** 28 digits are added up exactly in 38; what has more is NULL, and a figure with such a row is withheld. */
const widest = (scale: number): DataType => ({
  id: 'DECIMAL',
  width: 28,
  scale: Math.min(scale, 28),
})

/** The value in whole units, not cut off: figures of this door are exact. */
const valueOf = (measure: Measure, only: Expr, input: NodeFact): Value => {
  const squared = measure.name.startsWith('var') || measure.name.startsWith('stddev')
  const type = typeOf(only)
  if (type.id === 'DOUBLE' || (squared && type.id === 'DECIMAL' && type.scale > 6)) {
    const scale = squared ? 6 : gridScale(boundsOf(measure, input) ?? { low: 0, high: 1e9 }, 15)
    const units = call('*', [cast(only, DOUBLE), doubleOf(10 ** scale)], DOUBLE)
    return { expr: cast(units, squared ? BIGINT : widest(0)), scale, squared }
  }
  if (type.id !== 'DECIMAL')
    return { expr: cast(only, type.id === 'HUGEINT' ? widest(0) : BIGINT), scale: 0, squared }
  const narrow: DataType = { id: 'DECIMAL', width: 18, scale: type.scale }
  const fits = type.width <= 28 && (!squared || type.width <= 18)
  return {
    expr: fits ? only : cast(only, squared ? narrow : widest(type.scale)),
    scale: type.scale,
    squared,
  }
}

const squareOf = (value: Expr): Expr => {
  const type = typeOf(value)
  const scale = type.id === 'DECIMAL' ? 2 * type.scale : 0
  const product: DataType =
    type.id === 'DECIMAL' ? { id: 'DECIMAL', width: 36, scale } : { id: 'HUGEINT' }
  const wide = type.id === 'DECIMAL' ? value : cast(value, { id: 'HUGEINT' })
  return cast(call('*', [wide, wide], product), widest(scale))
}

/**
 * Figures by what they are equations over: those that tell a number of rows, and the sums of each value. Two different
 * figures of one value (its sum and its average, two kinds of variance) tell its number of rows together.
 */
const familiesOf = (wanted: readonly Wanted[], probes: Probes): PeopleStage['families'] => {
  const values = Map.groupBy(
    wanted.flatMap(({ value }, index) =>
      value === undefined ? [] : [{ index, name: nameOf(value.expr) }],
    ),
    ({ name }) => name,
  )
  const lists = [...values.values()].map((list) => list.map(({ index }) => index))
  const telling = lists.filter(
    (list) => new Set(chosen(list, wanted).map(({ figure }) => figure.name)).size > 1,
  )
  const counts = wanted.flatMap(({ value }, index) => (value === undefined ? [index] : []))
  const rows = [...counts, ...telling.flat()].sort((one, two) => one - two)
  return [
    ...(rows.length > 0 ? [familyOf(rows, wanted, probes, undefined)] : []),
    ...lists.map((list) => familyOf(list, wanted, probes, chosen(list, wanted)[0]?.value)),
  ]
}

const chosen = (figures: readonly number[], wanted: readonly Wanted[]): readonly Wanted[] =>
  figures.map((index) => sure(wanted[index], 'a figure'))

/** How many conditions the family with the most has: what the rule about them asks. */
export const conditionsIn = (measures: readonly Measure[], input: NodeFact): number => {
  const none: Probes = { list: [], place: () => 0 }
  const wanted = measures.map((measure) => wantedOf(plainOf(measure), input, none))
  return Math.max(
    0,
    ...familiesOf(wanted, none).map(
      ({ figures }) =>
        conditionsOf(chosen(figures, wanted).map(({ conditions }) => conditions)).length,
    ),
  )
}

/** The distinct conditions of some figures, as lists. */
const conditionsOf = (lists: readonly (readonly Expr[])[]): readonly (readonly Expr[])[] => [
  ...new Map(lists.map((list) => [nameOf(list), list])).values(),
]

const familyOf = (
  figures: readonly number[],
  wanted: readonly Wanted[],
  probes: Probes,
  value: Value | undefined,
): PeopleStage['families'][number] => {
  const members = chosen(figures, wanted)
  const conditions = conditionsOf(members.map((one) => one.conditions))
  const own = new Set(value && members.flatMap(({ sources }) => sources))
  const overlaps = wanted.some(
    ({ sources }, index) => !figures.includes(index) && sources.some((source) => own.has(source)),
  )
  if (conditions.length < 2 || conditions.length > conditionsMax)
    return { figures: [...figures], parts: [], overlaps }
  const parts: number[] = []
  for (let part = 1; part < 2 ** conditions.length; part += 1) {
    const signature = conditions.flatMap((list, index) => {
      const holds = (part >> index) % 2 === 1
      return holds ? list : [notHolding(list)]
    })
    // A part in which the empty condition does not hold has no rows.
    if (!signature.some((part) => part.op === 'literal')) parts.push(probes.place(signature, value))
  }
  return { figures: [...figures], parts, overlaps }
}

/** True where not all of the conditions are true: one of them is false or NULL. */
const notHolding = (list: readonly Expr[]): Expr =>
  list.length === 0
    ? truth(false)
    : {
        op: 'case',
        whens: [{ when: allOf(list), value: truth(false) }],
        otherwise: truth(true),
        type: BOOLEAN,
      }
