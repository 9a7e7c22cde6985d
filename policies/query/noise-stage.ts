import { allOf } from '../relation/build.ts'
import type { ColumnFact, PrivateFact } from '../relation/fact.ts'
import { BIGINT } from '../relation/type.ts'
import { centred } from './clamp.ts'
import type { Draft } from './draft.ts'
import { wantedOf } from './figures.ts'
import { cellsOf, gridOf } from './grid.ts'
import { quantileNames } from './measure-names.ts'
import type { Figure, Mechanism, NoiseStage } from './plan.ts'
import { levelsFor } from './quantile.ts'
import { factAt, type Barrier, type Question } from './question.ts'
import { isRowPerGroup } from './row-per-group.ts'
import { reachesOf, type Reach } from './sensitivity.ts'
import { rowsOver, writeSpine, type Rows, type Spine } from './spine.ts'
import { startThread } from './thread.ts'
import { columnAt, moved } from './threaded.ts'
import { valuesFirst } from './values.ts'
import { sure } from '../sure.ts'

/** A stage before the question's rho is divided: everything but variances. */
export type DraftStage = Omit<NoiseStage, 'mechanisms' | 'threshold'> & {
  readonly drafts: readonly PlacedDraft[]
  /** Position in `drafts` of the number of units that decides which groups appear; absent with a public grid. */
  readonly counted?: number
  readonly reaches: readonly Reach[]
}
export type PlacedDraft = {
  readonly kind: Draft['kind']
  readonly value?: number
  readonly flag?: number
  readonly scale: number
  readonly centre?: bigint
  readonly low: bigint
  readonly high: bigint
  readonly tree?: NonNullable<Mechanism['tree']>
}

/** What stands below one barrier, as rows ready to be added up by group and unit. */
export const draftStage = (
  question: Question,
  barrier: Barrier,
  stages: ReadonlyMap<number, number>,
): DraftStage => {
  const { node, relation } = barrier
  const thread = startThread(question, stages)
  const { input, spine, measures } = valuesFirst(
    node.measures,
    factAt(question.facts, node.input),
    { spine: writeSpine(question, node.input, thread), thread },
  )
  const rows = rowsOver(thread, spine)
  const facts = node.keys.map((key) => columnFact(input.columns, key))
  const keys = gridOf(facts, node.measures.length > 0, question.context.policy.question.gridMax)
  const cells = cellsOf(keys)
  const columns = node.keys.map((key, index) => placeKey(key, facts[index], spine, rows))
  const unit = rows.place(columnAt(sure(spine.hidden.get('unit'), 'the unit').index, BIGINT))
  const oneGroup = relation.single || facts.every((fact) => fact.ofEntity)
  const groupsMax = oneGroup
    ? 1
    : Math.max(1, Math.min(relation.groupsMax, cells ?? relation.groupsMax))
  // In so many groups a unit may be as there are, and has one row in each: nothing needs to be cut off.
  const single =
    relation.single ||
    (!oneGroup &&
      cells !== undefined &&
      cells <= relation.groupsMax &&
      isRowPerGroup(question, barrier))
  const drafts: PlacedDraft[] = []
  const known = new Map<string, number>()
  const figures: Figure[] = []
  const draft = (one: Draft): number => {
    const placed = placeDraft(one, {
      rows,
      spine,
      relation,
      single,
      oneGroup,
    })
    const text = textOf(placed)
    const position = known.get(text) ?? drafts.push(placed) - 1
    known.set(text, position)
    return position
  }
  const trees = measures.filter(({ name }) => quantileNames.has(name)).length
  const levels = levelsFor(cells ?? question.context.policy.question.gridMax, trees)
  for (const measure of measures) {
    const wanted = wantedOf(measure, input, levels)
    figures.push({ ...wanted.figure, parts: wanted.drafts.map(draft) })
  }
  const counted = cells === undefined ? draft({ kind: 'units', flags: [] }) : undefined
  const flag =
    spine.flag === undefined ? undefined : rows.place(columnAt(spine.flag, { id: 'BOOLEAN' }))
  return {
    kind: 'noise',
    tree: rows.finish(),
    unit,
    keys: keys.map((key, index) => ({ ...key, column: sure(columns[index], 'a key') })),
    ...(flag !== undefined && { flag }),
    single,
    oneGroup,
    groupsMax,
    figures,
    drafts,
    ...(counted !== undefined && { counted }),
    reaches: reachesOf(relation, groupsMax, question.context),
  }
}

export const columnFact = (columns: readonly ColumnFact[], index: number): ColumnFact =>
  sure(columns[index], 'a key')

/** The column of the stage's rows that holds a grouping key. */
export const placeKey = (
  key: number,
  fact: ColumnFact | undefined,
  spine: Spine,
  rows: Rows,
): number => rows.place(moved(columnAt(key, sure(fact, 'a key').type), spine))

/** The same text for drafts that are the same in all they say. */
const textOf = (draft: PlacedDraft): string => {
  const { kind, value, flag, scale, centre, low, high, tree, ...rest } = draft
  return `${[kind, value, flag, scale, centre, low, high].join(' ')} ${JSON.stringify([tree, rest])}`
}

type Placing = {
  readonly rows: Rows
  readonly spine: Spine
  readonly relation: PrivateFact
  readonly single: boolean
  readonly oneGroup: boolean
}

const placeDraft = (draft: Draft, placing: Placing): PlacedDraft => {
  const { rows, spine, single, relation } = placing
  const { rowsMax } = relation
  const conditions = draft.flags.map((flag) => moved(flag, spine))
  if (spine.flag !== undefined) conditions.unshift(columnAt(spine.flag, { id: 'BOOLEAN' }))
  const flag = conditions.length === 0 ? {} : { flag: rows.place(allOf(conditions)) }
  const most = BigInt(single ? 1 : rowsMax)
  switch (draft.kind) {
    case 'units':
      return { kind: draft.kind, ...flag, scale: 0, low: 0n, high: 1n }
    case 'rows':
      return { kind: draft.kind, ...flag, scale: 0, low: 0n, high: most }
    case 'values': {
      // A group and value together are a group that a unit may count in; one, where both are the same in all its rows.
      const isOne = placing.oneGroup && (relation.single || draft.ofEntity)
      const value = rows.place(moved(draft.value, spine))
      const high = BigInt(isOne ? 1 : relation.groupsMax)
      return { kind: draft.kind, value, ...flag, scale: 0, low: 0n, high }
    }
    case 'tree': {
      const value = rows.place(moved(draft.leaf, spine))
      const { scale, tree } = draft
      return { kind: draft.kind, value, ...flag, scale, low: 0n, high: most, tree }
    }
    case 'sum':
      return placeSum(draft, flag, placing)
  }
}

const placeSum = (
  draft: Draft & { kind: 'sum' },
  flag: { readonly flag?: number },
  { rows, spine, single, relation: { rowsMax } }: Placing,
): PlacedDraft => {
  // With one row a unit what is added up is a unit's whole contribution, and the centre can be taken away afterwards,
  // once for each value, which is three times as fast. Otherwise it is taken from each row, so that totals are cut off
  // around it.
  const after = single && draft.centre !== undefined ? { centre: draft.centre } : {}
  const shifted = centred(draft.value, draft.centre ?? 0n)
  const { scale, low, high } = shifted
  const { expr } = single ? draft.value : shifted
  // A unit that is there with one row only may have as little as one row's lower bound.
  const most = BigInt(single ? 1 : rowsMax)
  return {
    kind: 'sum',
    value: rows.place(moved(expr, spine)),
    ...flag,
    scale,
    ...after,
    low: low * most < low ? low * most : low,
    high: high * most > high ? high * most : high,
  }
}
