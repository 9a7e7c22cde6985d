import { allOf } from '../relation/build.ts'
import { sizeOf, valuesOf } from '../relation/domain.ts'
import type { Expr } from '../relation/expression.ts'
import type { ColumnFact } from '../relation/fact.ts'
import type { Node } from '../relation/tree.ts'
import { BIGINT, isInteger } from '../relation/type.ts'
import { wantedOf, type Draft } from './figures.ts'
import type { Figure, NoiseStage } from './plan.ts'
import { factAt, type Barrier, type Question } from './question.ts'
import { reachesOf, type Reach } from './sensitivity.ts'
import { columnAt, moved, startThread, type Thread, type Threaded } from './thread.ts'

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
  readonly low: bigint
  readonly high: bigint
}

/** What stands below one barrier, as rows ready to be added up by group and unit. */
export const draftStage = (
  question: Question,
  barrier: Barrier,
  stages: ReadonlyMap<number, number>,
): DraftStage => {
  const { node, relation } = barrier
  const input = factAt(question.facts, node.input)
  const thread = startThread(question, stages)
  const spine = writeSpine(question, node.input, thread)
  const rows = rowsOver(thread, spine)
  const facts = node.keys.map((key) => columnFact(input.columns, key))
  const keys = gridOf(facts, node.measures.length > 0, question.context.policy.question.gridMax)
  const cells = cellsOf(keys)
  const columns = node.keys.map((key, index) =>
    rows.place(columnAt(spine.map[key] ?? -1, facts[index]?.type ?? BIGINT)),
  )
  const unit = rows.place(columnAt(spine.hidden.get('unit')?.index ?? -1, BIGINT))
  const oneGroup = relation.single || facts.every((fact) => fact.ofEntity)
  const groupsMax = oneGroup
    ? 1
    : Math.max(1, Math.min(relation.groupsMax, cells ?? relation.groupsMax))
  const drafts: PlacedDraft[] = []
  const figures: Figure[] = []
  const draft = (one: Draft): number => {
    const placed = placeDraft(one, {
      rows,
      spine,
      rowsMax: relation.rowsMax,
      single: relation.single,
    })
    const known = drafts.findIndex((other) => textOf(other) === textOf(placed))
    return known >= 0 ? known : drafts.push(placed) - 1
  }
  for (const measure of node.measures) {
    const wanted = wantedOf(measure, input)
    figures.push({ ...wanted.figure, parts: wanted.drafts.map(draft) })
  }
  const counted = cells === undefined ? draft({ kind: 'units', flags: [] }) : undefined
  const flag =
    spine.flag === undefined ? undefined : rows.place(columnAt(spine.flag, { id: 'BOOLEAN' }))
  return {
    kind: 'noise',
    tree: rows.finish(),
    unit,
    keys: keys.map((key, index) => ({ ...key, column: columns[index] ?? -1 })),
    ...(flag !== undefined && { flag }),
    single: relation.single,
    oneGroup,
    groupsMax,
    figures,
    drafts,
    ...(counted !== undefined && { counted }),
    reaches: reachesOf(relation, groupsMax, question.context),
  }
}

const columnFact = (columns: readonly ColumnFact[], index: number): ColumnFact => {
  const fact = columns[index]
  if (fact === undefined) throw new Error('a key outside its input')
  return fact
}

const textOf = (draft: PlacedDraft): string =>
  JSON.stringify({ ...draft, low: String(draft.low), high: String(draft.high) })

type Spine = Threaded & { readonly flag?: number }

/**
 * Filters directly below the barrier become one projected flag, and rows that fail it are read and grouped like others.
 * A WHERE would let the engine skip blocks by their smallest and largest values, and so show in its time whether a value
 * exists (measured: 0.6 against 70 ms on ten million rows).
 */
const writeSpine = (question: Question, top: number, thread: Thread): Spine => {
  const chain: Node[] = []
  let at = top
  for (;;) {
    const node = question.tree.nodes[at]
    if (node?.op !== 'filter' && node?.op !== 'project' && node?.op !== 'sort') break
    chain.unshift(node)
    at = node.input
  }
  let spine: Spine = thread.thread(at)
  for (const node of chain) {
    if (node.op === 'filter') spine = flagged(spine, node.predicate, thread)
    if (node.op === 'project') spine = projected(spine, node.exprs, thread)
  }
  return spine
}

const flagged = (spine: Spine, predicate: Expr, thread: Thread): Spine => {
  const parts = [
    ...(spine.flag === undefined ? [] : [columnAt(spine.flag, { id: 'BOOLEAN' })]),
    moved(predicate, spine),
  ]
  const exprs = [...thread.columnsOf(spine.node), allOf(parts)]
  const node = thread.add({ op: 'project', input: spine.node, exprs })
  return { ...spine, node, width: exprs.length, flag: exprs.length - 1 }
}

const projected = (spine: Spine, own: readonly Expr[], thread: Thread): Spine => {
  const exprs = own.map((expr) => moved(expr, spine))
  const map = exprs.map((_, index) => index)
  const hidden = new Map<string, { index: number; kind: string }>()
  for (const [name, { index, kind }] of spine.hidden)
    hidden.set(name, { index: exprs.push(columnAt(index, BIGINT)) - 1, kind })
  const flag =
    spine.flag === undefined ? undefined : exprs.push(columnAt(spine.flag, { id: 'BOOLEAN' })) - 1
  const node = thread.add({ op: 'project', input: spine.node, exprs })
  return {
    node,
    width: exprs.length,
    map,
    hidden,
    companions: new Map(),
    ...(flag !== undefined && { flag }),
  }
}

type Rows = {
  /** The column of the stage's rows that holds this expression over the spine's last relation. */
  readonly place: (expr: Expr) => number
  readonly finish: () => NoiseStage['tree']
}

const rowsOver = (thread: Thread, spine: Spine): Rows => {
  const exprs: Expr[] = []
  const names: string[] = []
  return {
    place: (expr) => {
      const name = JSON.stringify(expr)
      const known = names.indexOf(name)
      if (known >= 0) return known
      names.push(name)
      return exprs.push(expr) - 1
    },
    finish: () => {
      thread.add({ op: 'project', input: spine.node, exprs })
      return { nodes: thread.nodes, names: exprs.map((_, index) => `c${index}`) }
    },
  }
}

type Placing = {
  readonly rows: Rows
  readonly spine: Spine
  readonly rowsMax: number
  readonly single: boolean
}

const placeDraft = (draft: Draft, { rows, spine, rowsMax, single }: Placing): PlacedDraft => {
  const conditions = draft.flags.map((flag) => moved(flag, spine))
  if (spine.flag !== undefined) conditions.unshift(columnAt(spine.flag, { id: 'BOOLEAN' }))
  const flag = conditions.length === 0 ? {} : { flag: rows.place(allOf(conditions)) }
  if (draft.kind !== 'sum') {
    const high = draft.kind === 'units' || single ? 1n : BigInt(rowsMax)
    return { kind: draft.kind, ...flag, scale: 0, low: 0n, high }
  }
  const { expr, scale, low, high } = draft.value
  // A unit that is there with one row only may have as little as one row's lower bound.
  const most = BigInt(single ? 1 : rowsMax)
  return {
    kind: 'sum',
    value: rows.place(moved(expr, spine)),
    ...flag,
    scale,
    low: low * most < low ? low * most : low,
    high: high * most > high ? high * most : high,
  }
}

const isText = (fact: ColumnFact): boolean =>
  isInteger(fact.type) || ['VARCHAR', 'BOOLEAN', 'DATE', 'TIMESTAMP'].includes(fact.type.id)

type GridKey = Omit<NoiseStage['keys'][number], 'column'>

/** The values of every key, if all are public and make a grid that is small enough; otherwise none. */
const gridOf = (
  facts: readonly ColumnFact[],
  measured: boolean,
  gridMax: number,
): readonly GridKey[] => {
  const bare = facts.map(({ type, nullable }) => ({ type, nullable }))
  const sizes = facts.map((fact) =>
    fact.domain && isText(fact) ? sizeOf(fact.domain) + (fact.nullable ? 1 : 0) : Infinity,
  )
  // Without measures the question is which groups there are, and a grid would answer what everybody knows.
  if (!measured || sizes.reduce((product, size) => product * size, 1) > gridMax) return bare
  return facts.map(({ type, nullable, domain }) => ({
    type,
    nullable,
    values: [...(domain ? valuesOf(domain) : [])],
  }))
}

/** Cells of the public grid, or undefined where groups are not public. */
const cellsOf = (keys: readonly GridKey[]): number | undefined =>
  keys.reduce<number | undefined>(
    (product, { values, nullable }) =>
      product === undefined || values === undefined
        ? undefined
        : product * (values.length + (nullable ? 1 : 0)),
    1,
  )
