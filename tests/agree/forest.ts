import * as fc from 'fast-check'
import type { Expr } from '../../policies/relation/expression.ts'
import { columnsOf } from '../../policies/relation/columns.ts'
import { joinKinds, type Measure, type Node, type Tree } from '../../policies/relation/tree.ts'
import { BIGINT, HUGEINT, VARCHAR, type DataType } from '../../policies/relation/type.ts'
import { typeTree } from '../../policies/query/typing.ts'
import { forestContext } from './forest-policy.ts'
import type { Data, Row } from './naive.ts'

/** Random trees over three small tables about units and one public table, built node by node from what is there. */
type Draw = fc.GeneratorValue

const scans: Node[] = [
  {
    op: 'scan',
    dataset: 'firm',
    columns: [
      { name: 'unit', type: BIGINT },
      { name: 'place', type: VARCHAR },
      { name: 'size', type: BIGINT },
    ],
  },
  {
    op: 'scan',
    dataset: 'fact',
    columns: [
      { name: 'unit', type: BIGINT },
      { name: 'kind', type: VARCHAR },
      { name: 'amount', type: BIGINT },
    ],
  },
  {
    op: 'scan',
    dataset: 'note',
    columns: [
      { name: 'unit', type: BIGINT },
      { name: 'amount', type: BIGINT },
    ],
  },
  {
    op: 'scan',
    dataset: 'list',
    columns: [
      { name: 'code', type: VARCHAR },
      { name: 'weight', type: BIGINT },
    ],
  },
]

const column = (index: number, type: DataType): Expr => ({ op: 'column', index, type })
const pick = <T>(draw: Draw, list: readonly T[]): T => list[draw(fc.nat, { max: list.length - 1 })]!
const some = (draw: Draw, max: number): number => draw(fc.nat, { max })

const literal = (draw: Draw, type: DataType): Expr =>
  type.id === 'VARCHAR'
    ? { op: 'literal', value: pick(draw, ['a', 'b', 'c', null]), type }
    : type.id === 'BOOLEAN'
      ? { op: 'literal', value: pick(draw, ['true', 'false']), type }
      : { op: 'literal', value: pick(draw, ['0', '1', '2', '5', null]), type }

const ofType = (types: readonly DataType[], id: string): readonly number[] =>
  types.flatMap((type, index) => (type.id === id ? [index] : []))

const value = (draw: Draw, types: readonly DataType[], type: DataType): Expr => {
  const places = ofType(types, type.id)
  if (places.length === 0 || some(draw, 4) === 0) return literal(draw, type)
  const plain = column(pick(draw, places), type)
  if (type.id !== 'BIGINT' || some(draw, 3) > 0) return plain
  return { op: 'call', name: pick(draw, ['+', '-']), args: [plain, literal(draw, type)], type }
}

const condition = (draw: Draw, types: readonly DataType[], depth = 1): Expr => {
  if (depth > 0 && some(draw, 2) === 0)
    return {
      op: pick(draw, ['and', 'or'] as const),
      args: [condition(draw, types, 0), condition(draw, types, 0)],
    }
  const type = pick(draw, [BIGINT, BIGINT, VARCHAR])
  if (some(draw, 5) === 0)
    return { op: 'isNull', input: value(draw, types, type), negated: some(draw, 1) === 0 }
  return {
    op: 'compare',
    kind: pick(draw, ['=', '<', '<>', 'notDistinct'] as const),
    left: value(draw, types, type),
    right: value(draw, types, type),
  }
}

const joinOn = (draw: Draw, left: readonly DataType[], right: readonly DataType[]) => {
  const type = pick(draw, [BIGINT, BIGINT, BIGINT, VARCHAR])
  const [one, two] = [ofType(left, type.id), ofType(right, type.id)]
  if (one.length === 0 || two.length === 0) return []
  const first = (places: readonly number[]): number =>
    some(draw, 2) > 0 ? places[0]! : pick(draw, places)
  return [
    {
      left: column(first(one), type),
      right: column(first(two), type),
      kind: pick(draw, ['=', '=', '=', 'notDistinct', '<'] as const),
    },
  ]
}

const nextNode = (draw: Draw, nodes: Node[]): Node => {
  const all = columnsOf({ nodes })
  const input = nodes.length - 1 - some(draw, Math.min(2, nodes.length - 1))
  const types = all[input]!
  const facts = typeTree({ nodes, names: [] }, forestContext)
  // Mostly identifiers are joined on and grouped by; sometimes they are misused.
  const hidden = some(draw, 9) > 0
  const values = (position: number): readonly DataType[] =>
    facts[position]!.columns.map(({ type, surrogate }) => (surrogate && hidden ? HUGEINT : type))
  switch (
    pick(draw, ['scan', 'filter', 'project', 'join', 'join', 'aggregate', 'aggregate', 'union'])
  ) {
    case 'filter':
      return { op: 'filter', input, predicate: condition(draw, values(input)) }
    case 'project': {
      const keep = types.flatMap((type, index) =>
        index === 0 || some(draw, 3) > 0 ? [column(index, type)] : [],
      )
      const more: Expr =
        some(draw, 1) === 0 ? condition(draw, values(input)) : value(draw, values(input), BIGINT)
      return { op: 'project', input, exprs: [...keep, more] }
    }
    case 'join': {
      const right = some(draw, nodes.length - 1)
      const on = [
        ...joinOn(draw, types, all[right]!),
        ...(some(draw, 3) === 0 ? joinOn(draw, types, all[right]!) : []),
      ]
      const kind = on.length === 0 ? 'inner' : pick(draw, joinKinds)
      const both = [...values(input), ...values(right)]
      const residual =
        (kind === 'inner' || kind === 'left') && some(draw, 4) === 0
          ? { residual: condition(draw, both) }
          : {}
      return { op: 'join', kind, left: input, right, on, ...residual }
    }
    case 'aggregate': {
      const keys = types.flatMap((_, index) =>
        (index === 0 ? some(draw, 3) > 0 : some(draw, 3) === 0) ? [index] : [],
      )
      const amount = value(draw, values(input), BIGINT)
      const filter = some(draw, 3) === 0 ? { filter: condition(draw, values(input)) } : {}
      return {
        op: 'aggregate',
        input,
        keys,
        measures: [
          {
            name: pick(draw, ['sum', 'min', 'max', 'count']),
            args: [amount],
            distinct: false,
            type: BIGINT,
            ...filter,
          },
          { name: 'count_star', args: [], distinct: false, type: BIGINT },
        ],
      }
    }
    case 'union': {
      const fits = all.flatMap((other, index) =>
        JSON.stringify(other) === JSON.stringify(types) ? [index] : [],
      )
      return { op: 'union', inputs: [input, pick(draw, fits)] }
    }
    default:
      return pick(draw, scans)
  }
}

export const randomTree = (draw: Draw): Tree => {
  const nodes: Node[] = [pick(draw, scans)]
  const size = 2 + some(draw, 7)
  while (nodes.length < size) nodes.push(nextNode(draw, nodes))
  return { nodes, names: [] }
}

/** The tree up to its last private relation, aggregated by public keys. */
export const randomQuestion = (draw: Draw): Tree | undefined => {
  const { nodes } = randomTree(draw)
  const facts = typeTree({ nodes, names: [] }, forestContext)
  const input = facts.findLastIndex(({ privacy, link }) => privacy.private && link !== 'none')
  if (input < 0) return undefined
  const { columns } = facts[input]!
  const keys = columns.flatMap(({ key, domain }, index) =>
    key && domain !== undefined && some(draw, 1) === 0 ? [index] : [],
  )
  const types = columns.map(({ type, surrogate }) => (surrogate ? HUGEINT : type))
  const unit = columns.findIndex(({ surrogate }) => surrogate?.own)
  const filter = some(draw, 2) === 0 ? { filter: condition(draw, types) } : {}
  const measures: Measure[] = [
    { name: 'count_star', args: [], distinct: false, type: BIGINT, ...filter },
    { name: 'sum', args: [value(draw, types, BIGINT)], distinct: false, type: HUGEINT, ...filter },
    { name: 'count', args: [value(draw, types, VARCHAR)], distinct: false, type: BIGINT },
  ]
  if (unit >= 0)
    measures.push({
      name: 'count',
      args: [column(unit, BIGINT)],
      distinct: true,
      type: BIGINT,
      ...filter,
    })
  const kept = nodes.slice(0, input + 1)
  const used = keys.slice(0, 2)
  return {
    nodes: [...kept, { op: 'aggregate', input, keys: used, measures }],
    names: [...used, ...measures].map((_, index) => `c${index}`),
  }
}

const small = (draw: Draw): number | null => (some(draw, 4) === 0 ? null : some(draw, 4))
const letter = (draw: Draw): string | null => pick(draw, ['a', 'b', 'c', null])
const rows = (draw: Draw, max: number, make: (index: number) => Row): readonly Row[] =>
  Array.from({ length: some(draw, max) }, (_, index) => make(index))

/** Firms have one row a unit; facts and notes any number, notes also of nobody. */
export const randomData = (draw: Draw): Data => ({
  firm: {
    columns: ['unit', 'place', 'size'],
    rows: rows(draw, 4, (index) => [index + 1, letter(draw), small(draw)]),
  },
  fact: {
    columns: ['unit', 'kind', 'amount'],
    rows: rows(draw, 6, () => [1 + some(draw, 4), letter(draw), small(draw)]),
  },
  note: {
    columns: ['unit', 'amount'],
    rows: rows(draw, 4, () => [some(draw, 3) === 0 ? null : 1 + some(draw, 4), small(draw)]),
  },
  list: {
    columns: ['code', 'weight'],
    rows: [
      ['a', 1],
      ['b', 2],
    ],
  },
})
