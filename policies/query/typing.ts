import { factOf, scopeOf } from '../relation/derive.ts'
import { sizeOf, unite } from '../relation/domain.ts'
import type { ColumnFact, NodeFact, PrivateFact, PublicFact } from '../relation/fact.ts'
import { hull, type Interval } from '../relation/interval.ts'
import { learn } from '../relation/learn.ts'
import type { Node, NodeOf, Tree, WindowExpr } from '../relation/tree.ts'
import type { Expr } from '../relation/expression.ts'
import { isOneOfAKind } from '../relation/literal.ts'
import { isNumeric, sameType, type DataType } from '../relation/type.ts'
import type { Context } from './context.ts'
import { featureBounds, typeAggregate } from './type-aggregate.ts'
import { typeJoin } from './type-join.ts'
import { typeScan } from './type-scan.ts'
import { sure } from '../sure.ts'
import { factAt } from './question.ts'

/**
 * The privacy type of every node (the table in `docs`, "private and public"): never refuses, so that the rules can report
 * everything at once. Where nothing allows an operator its `link` is `none`, and a rule refuses it.
 */
export const typeTree = (tree: Tree, context: Context): readonly NodeFact[] => {
  const facts: NodeFact[] = []
  const of = (position: number): NodeFact => factAt(facts, position)
  for (const [position, node] of tree.nodes.entries())
    facts.push(typeNode(node, position, of, context))
  return facts
}

const typeNode = (
  node: Node,
  position: number,
  of: (position: number) => NodeFact,
  context: Context,
): NodeFact => {
  switch (node.op) {
    case 'scan':
      return typeScan(node, context)
    case 'values':
      return typeValues(node)
    case 'filter':
      return typeFilter(node, of(node.input))
    case 'project':
      return typeProject(node, of(node.input))
    case 'join':
      return typeJoin(node, of(node.left), of(node.right))
    case 'aggregate':
      return typeAggregate(node, of(node.input), position)
    case 'union':
      return typeUnion(node.inputs.map(of))
    case 'window':
      return typeWindow(node, of(node.input))
    case 'sort':
      return { columns: of(node.input).columns, privacy: of(node.input).privacy }
    case 'limit':
      return typeLimit(node, of(node.input))
  }
}

const typeValues = (node: NodeOf<'values'>): NodeFact => {
  const facts = node.rows.map((row) => row.map((expr) => factOf(expr, scopeOf([]))))
  const columns = node.columns.map(({ type }, index) => {
    const cells = facts.map((row) => row[index]).filter((cell) => cell !== undefined)
    return { ...mergeColumns(cells, type), type }
  })
  const texts = node.columns.map(({ type }, index) =>
    node.rows.map((row) => row[index]).map((cell) => textOf(cell, type)),
  )
  const unique = texts.flatMap((list, index) =>
    list.every((text) => text !== null) && new Set(list).size === list.length ? [[index]] : [],
  )
  const uniqueKeys = node.rows.length <= 1 ? [[]] : unique
  return { columns, privacy: { private: false, uniqueKeys, stages: [] } }
}

/** The text of a literal that has no other; null for anything else. */
const textOf = (cell: Expr | undefined, type: DataType): string | null =>
  cell?.op === 'literal' &&
  cell.value !== null &&
  sameType(cell.type, type) &&
  isOneOfAKind(cell.value, type)
    ? cell.value
    : null

const mergeColumns = (cells: readonly ColumnFact[], type: ColumnFact['type']): ColumnFact => {
  const domain = cells.map((cell) => cell.domain).reduce(unite, { kind: 'values', values: [] })
  const numbers = cells.filter((cell) => !(cell.domain && sizeOf(cell.domain) === 0))
  const bounds = numbers.length > 0 ? numbers.map((cell) => cell.bounds).reduce(hull) : undefined
  const [first] = cells
  const surrogate = cells.every(
    (cell) =>
      cell.surrogate !== undefined &&
      cell.surrogate.kind === first?.surrogate?.kind &&
      cell.surrogate.own === first.surrogate.own,
  )
    ? first?.surrogate
    : undefined
  return {
    type,
    nullable: cells.some((cell) => cell.nullable),
    key: cells.every((cell) => cell.key),
    ofEntity: false,
    sources: [...new Set(cells.flatMap((cell) => cell.sources))],
    ...(domain && cells.length > 0 && { domain }),
    ...(bounds && { bounds }),
    ...(surrogate && { surrogate }),
  }
}

/** What remains is like that, so domains and bounds shrink to what the predicate says. */
const typeFilter = (node: NodeOf<'filter'>, input: NodeFact): NodeFact => {
  const known = learn(new Map(), node.predicate, true)
  const columns = input.columns.map((column, index) => {
    const fact = factOf(
      { op: 'column', index, type: column.type },
      { columns: input.columns, known },
    )
    return fact
  })
  return { columns, privacy: input.privacy }
}

const typeProject = (node: NodeOf<'project'>, input: NodeFact): NodeFact => {
  const scope = scopeOf(input.columns)
  const columns = node.exprs.map((expr) => factOf(expr, scope))
  if (input.privacy.private) return { columns, privacy: input.privacy }
  const moved = (column: number): number =>
    node.exprs.findIndex((expr) => expr.op === 'column' && expr.index === column)
  const uniqueKeys = input.privacy.uniqueKeys
    .map((key) => key.map(moved))
    .filter((key) => !key.includes(-1))
  return { columns, privacy: { ...input.privacy, uniqueKeys } }
}

const typeUnion = (inputs: readonly NodeFact[]): NodeFact => {
  const columns = sure(inputs[0], 'a part of a union').columns.map((column, index) =>
    mergeColumns(
      inputs.map((input) => sure(input.columns[index], 'a column of a union')),
      column.type,
    ),
  )
  const parts = inputs.map(({ privacy }) => privacy)
  const stages = [...new Set(parts.flatMap((part) => part.stages))]
  const hidden = parts.filter((part): part is PrivateFact => part.private)
  const [one] = hidden
  if (one === undefined) return { columns, privacy: { private: false, uniqueKeys: [], stages } }
  const fits = hidden.length === parts.length && hidden.every(({ unit }) => unit === one.unit)
  return {
    columns,
    link: fits ? 'sameUnit' : 'none',
    privacy: {
      private: true,
      unit: one.unit,
      single: false,
      rowsMax: Math.min(
        hidden.reduce((sum, part) => sum + part.rowsMax, 0),
        1_000_000_000,
      ),
      // What a unit adds from each part comes together, its groups like its rows.
      groupsMax: Math.min(
        hidden.reduce((sum, part) => sum + part.groupsMax, 0),
        1_000_000_000,
      ),
      datasets: [...new Set(hidden.flatMap((part) => part.datasets))],
      anchors: one.anchors.filter((name) => hidden.every((part) => part.anchors.includes(name))),
      stages,
    },
  }
}

const typeWindow = (node: NodeOf<'window'>, input: NodeFact): NodeFact => {
  const scope = scopeOf(input.columns)
  const added = node.exprs.map((expr): ColumnFact => {
    const parts = [...expr.args, ...expr.partitions, ...expr.orders.map((order) => order.expr)]
    const bounds = windowBounds(expr, input)
    return {
      type: expr.type,
      nullable: true,
      key: false,
      ofEntity: false,
      sources: [...new Set(parts.flatMap((part) => factOf(part, scope).sources))],
      ...(bounds && { bounds }),
    }
  })
  const columns = [...input.columns, ...added]
  if (!input.privacy.private) return { columns, privacy: input.privacy }
  const within = node.exprs.every((expr) =>
    expr.partitions.some((part) => {
      const fact = factOf(part, scope)
      return part.op === 'column' && (fact.surrogate?.own ?? false) && !fact.nullable
    }),
  )
  return { columns, privacy: input.privacy, link: within ? 'byUnit' : 'none' }
}

/** Ranks count rows of one unit; `lag` and its like show another row's value, or their third argument. */
const windowBounds = (expr: WindowExpr, input: NodeFact): Interval | undefined => {
  if (!input.privacy.private || !isNumeric(expr.type)) return undefined
  const { rowsMax } = input.privacy
  const [first, , third] = expr.args.map((arg) => factOf(arg, scopeOf(input.columns)).bounds)
  if (['row_number', 'rank', 'dense_rank'].includes(expr.name)) return { low: 1, high: rowsMax }
  if (expr.name === 'lag' || expr.name === 'lead')
    return expr.args.length > 2 ? hull(first, third) : first
  return featureBounds(expr.name, first, rowsMax)
}

const typeLimit = (node: NodeOf<'limit'>, input: NodeFact): NodeFact => {
  const { columns, privacy } = input
  if (privacy.private) return { columns, privacy, link: 'none' }
  const one: PublicFact = { ...privacy, uniqueKeys: [[]] }
  return { columns, privacy: (node.limit ?? 2) <= 1 ? one : privacy }
}
