import { rankColumn } from '../published.ts'
import { typesOf } from '../relation/columns.ts'
import { allOf, nullOf } from '../relation/build.ts'
import type { Expr } from '../relation/expression.ts'
import type { NodeFact } from '../relation/fact.ts'
import type { Node, NodeOf } from '../relation/tree.ts'
import { BIGINT, type DataType } from '../relation/type.ts'
import type { Context } from './context.ts'
import { factAt, type Question } from './question.ts'
import { writeAggregate, writeWindow } from './thread-feature.ts'
import { writeJoin } from './thread-join.ts'
import { protectedColumn, protectedName, type Companion } from './plan.ts'
import {
  columnAt,
  identity,
  moved,
  movedOrder,
  movedTo,
  none,
  plain,
  type Hidden,
  type Thread,
  type Threaded,
  type Writer,
} from './threaded.ts'
import { sure } from '../sure.ts'

export const startThread = (
  question: Question,
  stages: ReadonlyMap<number, number>,
  companions: readonly Companion[] = [],
): Thread => {
  const nodes: Node[] = []
  const memo = new Map<number, Threaded>()
  const types: (readonly DataType[])[] = []
  const add = (node: Node): number => {
    types.push(typesOf(node, types))
    return nodes.push(node) - 1
  }
  const columnsOf = (node: number): readonly Expr[] =>
    sure(types[node], 'a node').map((type, index) => columnAt(index, type))
  const thread = (position: number): Threaded => {
    const known = memo.get(position)
    if (known !== undefined) return known
    const made = write(position, { question, stages, companions, add, thread, columnsOf })
    memo.set(position, made)
    return made
  }
  return { nodes, thread, add, columnsOf }
}

const write = (position: number, writer: Writer): Threaded => {
  const { question, stages, add, thread } = writer
  const node = sure(question.tree.nodes[position], 'a node')
  const fact = factAt(question.facts, position)
  const stage = stages.get(position)
  if (stage !== undefined) return writeProtected(node, fact, stage, writer)
  switch (node.op) {
    case 'scan':
      return fact.privacy.private ? writeScan(node, writer) : plain(add(node), fact.columns.length)
    case 'values':
      return plain(add(node), fact.columns.length)
    case 'filter': {
      const input = thread(node.input)
      const predicate = moved(node.predicate, input)
      return { ...input, node: add({ op: 'filter', input: input.node, predicate }) }
    }
    case 'project':
      return writeProject(node, thread(node.input), writer)
    case 'join':
      return writeJoin(node, { left: thread(node.left), right: thread(node.right) }, writer)
    case 'aggregate':
      return writeAggregate(
        node,
        { fact, of: factAt(question.facts, node.input) },
        thread(node.input),
        writer,
      )
    case 'union':
      return writeUnion(node, fact, writer)
    case 'window':
      return writeWindow(node, factAt(question.facts, node.input), thread(node.input), writer)
    case 'sort':
      // A sort below an aggregate orders nothing.
      return fact.privacy.private ? thread(node.input) : writeSort(node, thread(node.input), writer)
    case 'limit': {
      if (fact.privacy.private) throw new Error('a limit over private rows')
      const input = thread(node.input)
      return { ...input, node: add({ ...node, input: input.node }) }
    }
  }
}

/** The scan of a protected result, its columns typed as the aggregate's were, and each figure's companions. */
const writeProtected = (node: Node, fact: NodeFact, stage: number, writer: Writer): Threaded => {
  const columns: NodeOf<'scan'>['columns'] = fact.columns.map(({ type }, index) => ({
    name: protectedColumn(index),
    type,
  }))
  const width = columns.length
  const companions = new Map<number, readonly number[]>()
  const figures = node.op === 'aggregate' ? node.measures : []
  for (const index of figures.map((_, position) => width - figures.length + position))
    companions.set(
      index,
      writer.companions.map(
        ({ suffix, type }) =>
          columns.push({ name: `${protectedColumn(index)}_${suffix}`, type }) - 1,
      ),
    )
  const scan = writer.add({ op: 'scan', dataset: protectedName(stage), columns })
  return { ...plain(scan, width), width: columns.length, companions }
}

const writeScan = (node: NodeOf<'scan'>, { question, add }: Writer): Threaded => {
  const { context } = question
  const dataset = sure(context.datasets[node.dataset], 'a dataset of the question')
  const [first, ...others] = dataset.entities
  const unit = sure(first, 'the unit of a private scan')
  const columns = [...node.columns]
  const need = (name: string): number => {
    const found = columns.findIndex((column) => column.name === name)
    return found >= 0 ? found : columns.push({ name, type: BIGINT }) - 1
  }
  const hidden = new Map<string, Hidden>([['unit', { index: need(unit.column), kind: unit.kind }]])
  const conditions: Expr[] = []
  if (dataset.columns.some(({ name, nullable }) => name === unit.column && nullable))
    conditions.push(isNull(columnAt(need(unit.column), BIGINT), true))
  for (const other of others) {
    const index = need(other.column)
    if (context.door === 'people')
      hidden.set(`${node.dataset}.${other.column}`, { index, kind: other.kind })
    else conditions.push(withinRank(other.kind, index, need(rankColumn(other.kind)), context))
  }
  const scan = add({ op: 'scan', dataset: node.dataset, columns })
  const isCut = conditions.length > 0
  return {
    node: isCut ? add({ op: 'filter', input: scan, predicate: allOf(conditions) }) : scan,
    width: columns.length,
    map: identity(node.columns.length),
    hidden,
    companions: none,
  }
}

const isNull = (input: Expr, negated: boolean): Expr => ({ op: 'isNull', input, negated })

/** Nobody's rows stay; of an entity's rows those of the lowest ranks stay. */
const withinRank = (kind: string, entity: number, rank: number, context: Context): Expr => ({
  op: 'or',
  args: [
    isNull(columnAt(entity, BIGINT), false),
    {
      op: 'compare',
      kind: '<=',
      left: columnAt(rank, BIGINT),
      right: {
        op: 'literal',
        value: String(sure(context.policy.kinds[kind]?.unitsMax, 'a bound')),
        type: BIGINT,
      },
    },
  ],
})

const writeProject = (
  node: NodeOf<'project'>,
  input: Threaded,
  { add, columnsOf }: Writer,
): Threaded => {
  const exprs = node.exprs.map((expr) => moved(expr, input))
  const hidden = new Map<string, Hidden>()
  for (const [name, { index, kind }] of input.hidden)
    hidden.set(name, { index: exprs.push(columnAt(index, BIGINT)) - 1, kind })
  const companions = new Map<number, readonly number[]>()
  const carried = columnsOf(input.node)
  for (const [index, expr] of node.exprs.entries()) {
    const found = expr.op === 'column' ? input.companions.get(expr.index) : undefined
    if (found !== undefined)
      companions.set(
        index,
        found.map((from) => exprs.push(sure(carried[from], 'a companion')) - 1),
      )
  }
  return {
    node: add({ op: 'project', input: input.node, exprs }),
    width: exprs.length,
    map: identity(node.exprs.length),
    hidden,
    companions,
  }
}

const writeUnion = (node: NodeOf<'union'>, fact: NodeFact, writer: Writer): Threaded => {
  const inputs = node.inputs.map((input) => writer.thread(input))
  const width = fact.columns.length
  const names = [...new Set(inputs.flatMap((input) => [...input.hidden.keys()]))]
  // What is a figure in one part only is no figure in the others, and has nothing beside it there.
  const figures = Array.from({ length: width }, (_, column) => column).filter((column) =>
    inputs.some(({ companions }) => companions.has(column)),
  )
  const parts = inputs.map((input) => {
    const visible = fact.columns.map(({ type }, index) => columnAt(movedTo(index, input), type))
    const extra = names.map((name): Expr => {
      const found = input.hidden.get(name)
      return found ? columnAt(found.index, BIGINT) : nullOf(BIGINT)
    })
    const beside = figures.flatMap((column) => {
      const found = input.companions.get(column)
      return writer.companions.map(({ type }, place) => {
        const at = found?.[place]
        return at === undefined ? nullOf(type) : columnAt(at, type)
      })
    })
    return writer.add({
      op: 'project',
      input: input.node,
      exprs: [...visible, ...extra, ...beside],
    })
  })
  const first = width + names.length
  const count = writer.companions.length
  const hidden = new Map<string, Hidden>()
  for (const [index, name] of names.entries()) {
    const kind = inputs.map((input) => input.hidden.get(name)?.kind).find((found) => found)
    hidden.set(name, { index: width + index, kind: sure(kind, 'a kind') })
  }
  return {
    node: writer.add({ op: 'union', inputs: parts }),
    width: first + figures.length * count,
    map: identity(width),
    hidden,
    companions: new Map(
      figures.map((column, place) => [
        column,
        writer.companions.map((_, index) => first + place * count + index),
      ]),
    ),
  }
}

const writeSort = (node: NodeOf<'sort'>, input: Threaded, { add }: Writer): Threaded => ({
  ...input,
  node: add({
    op: 'sort',
    input: input.node,
    orders: node.orders.map((order) => movedOrder(order, input)),
  }),
})
