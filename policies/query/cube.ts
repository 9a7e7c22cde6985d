import * as z from 'zod'
import { digestOf } from '../canonical.ts'
import { digestSchema } from '../name.ts'
import { call } from '../relation/build.ts'
import { mapParts, replaceColumns, type Expr } from '../relation/expression.ts'
import { exprText } from '../relation/digest.ts'
import type { Measure, Node, Tree } from '../relation/tree.ts'
import { VARCHAR } from '../relation/type.ts'
import { sure } from '../sure.ts'
import { isProtectedName, type Mechanism, type NoiseStage, type Plan } from './plan.ts'

/**
 * What a released answer can be added up from, by digests of what its columns mean, so that a later question that needs no
 * more is answered from it. `basis` is the rows it is about and whose they are, `where` the conditions that all of them
 * meet. `parts`: no entity is in two cells and none was cut off in one, so cells may be put together.
 */
export const cubeSchema = z.strictObject({
  basis: digestSchema,
  where: z.array(digestSchema),
  parts: z.enum(['entities', 'rows', 'none']),
  cells: z.int().min(1),
  keys: z.array(z.strictObject({ column: z.int().min(0), key: digestSchema })),
  figures: z.array(z.strictObject({ column: z.int().min(0), figure: digestSchema })),
})
export type Cube = z.infer<typeof cubeSchema>

/** A stage in terms of what it means. Undefined where its rows are made in a way that is not looked through. */
export type Meaning = {
  readonly basis: string
  /** Conditions on all rows, by digest. */
  readonly where: ReadonlyMap<string, Expr>
  readonly keys: readonly string[]
  readonly mechanisms: readonly string[]
}

export const meaningOf = (stage: NoiseStage): Meaning | undefined => {
  const rows = rowsOf(stage.tree)
  if (rows === undefined) return undefined
  const at = (column: number): Expr => sure(rows.exprs[column], 'a column')
  const holding = (flag: number | undefined): ReadonlyMap<string, Expr> =>
    flag === undefined ? none : conjunctsOf(at(flag))
  const where = new Map([...rows.where, ...holding(stage.flag)])
  const own = (mechanism: Mechanism): string => {
    const flags = [...holding(mechanism.flag).keys()].filter((one) => !where.has(one))
    const { kind, scale, centre = '0', low, high, value } = mechanism
    const of = value === undefined ? '' : nameOf(at(value))
    return digestOf({ kind, scale, centre, low, high, of, flags: flags.sort() })
  }
  return {
    basis: digestOf({ rows: rows.identity, unit: nameOf(at(stage.unit)) }),
    where,
    keys: stage.keys.map(({ column }) => nameOf(at(column))),
    mechanisms: stage.mechanisms.map(own),
  }
}

/** The cube that the answer to a plan will be, if it shows all cells of one stage with counts and sums. */
export const cubeOf = ({ door, stages, post, answer }: Plan): Cube | undefined => {
  const [stage, more] = stages
  if (door !== 'noise' || stage?.kind !== 'noise' || more !== undefined || stage.threshold)
    return undefined
  const [meaning, columns] = [meaningOf(stage), carried(post)]
  if (meaning === undefined || columns === undefined) return undefined
  const width = stage.keys.length
  const shown = answer.map(({ column }) => sure(columns[column], 'a column'))
  const keys = meaning.keys.map((key, index) => ({ column: shown.indexOf(index), key }))
  const figures = stage.figures.flatMap(({ name, parts: [only = -1, second] }, index) => {
    const [column, figure] = [shown.indexOf(width + index), meaning.mechanisms[only]]
    const isPlain = (name === 'count' || name === 'sum') && second === undefined
    const isAdded = stage.mechanisms[only]?.kind !== 'values'
    return isPlain && isAdded && column >= 0 && figure ? [{ column, figure }] : []
  })
  if (keys.some(({ column }) => column < 0) || figures.length === 0) return undefined
  const parts = stage.oneGroup ? 'entities' : stage.single ? 'rows' : 'none'
  const where = [...meaning.where.keys()].sort()
  return { basis: meaning.basis, where, parts, cells: cellsOf(stage), keys, figures }
}

const cellsOf = ({ keys }: NoiseStage): number =>
  keys.reduce((size, { values = [], nullable }) => size * (values.length + Number(nullable)), 1)

/** Which column of the protected table each column of what comes after is, where rows stay as they are. */
const carried = ({ nodes }: Tree): readonly number[] | undefined =>
  nodes.reduce<readonly number[] | undefined>((columns, node, position) => {
    if (node.op === 'scan' && position === 0)
      return node.columns.map(({ name }) => (/^c\d+$/.test(name) ? Number(name.slice(1)) : -1))
    if (columns === undefined) return undefined
    if (node.op === 'sort') return columns
    return node.op === 'project'
      ? node.exprs.map((expr) =>
          expr.op === 'column' ? sure(columns[expr.index], 'a column') : -1,
        )
      : undefined
  }, undefined)

/** Rows as what they are made of: columns as expressions over columns of datasets, wherever these stand. */
type Rows = {
  readonly identity: string
  readonly exprs: readonly Expr[]
  readonly where: ReadonlyMap<string, Expr>
}

const none: ReadonlyMap<string, Expr> = new Map()
/** A column with a name and no place, so that equal ones are equal whatever else is read beside them. No text calls it. */
const named = (name: string): Expr => call(`column ${name}`, [], VARCHAR)

const rowsOf = ({ nodes }: Tree): Rows | undefined => {
  const all: (Rows | undefined)[] = []
  for (const node of nodes) all.push(rowsOfNode(node, (input) => all[input]))
  return all.at(-1)
}

const rowsOfNode = (node: Node, of: (input: number) => Rows | undefined): Rows | undefined => {
  switch (node.op) {
    case 'scan':
      return isProtectedName(node.dataset)
        ? undefined
        : {
            identity: node.dataset,
            exprs: node.columns.map(({ name }) => named(`${node.dataset}.${name}`)),
            where: none,
          }
    case 'filter': {
      const input = of(node.input)
      return (
        input && {
          ...input,
          where: new Map([...input.where, ...conjunctsOf(over(node.predicate, input.exprs))]),
        }
      )
    }
    case 'project': {
      const input = of(node.input)
      return input && { ...input, exprs: node.exprs.map((expr) => over(expr, input.exprs)) }
    }
    case 'join':
      return joined(node, of(node.left), of(node.right))
    case 'aggregate': {
      const input = of(node.input)
      return input && grouped(node, input)
    }
    case 'values':
    case 'union':
    case 'window':
    case 'sort':
    case 'limit':
      return undefined
  }
}

/** Conditions on the rows of an inner join, and on the left ones of a left join, are conditions on what comes out. */
const joined = (
  node: Extract<Node, { op: 'join' }>,
  left: Rows | undefined,
  right: Rows | undefined,
): Rows | undefined => {
  if (left === undefined || right === undefined) return undefined
  const isInner = node.kind === 'inner'
  if (!isInner && node.kind !== 'left') return undefined
  const on = node.on.map((condition) => [
    nameOf(over(condition.left, left.exprs)),
    condition.kind,
    nameOf(over(condition.right, right.exprs)),
  ])
  const apart = (side: string, { exprs }: Rows): readonly Expr[] =>
    exprs.map((expr) => named(`${side} ${nameOf(expr)}`))
  // Where both sides read one dataset their columns would have one name: which side they are of is part of it.
  const exprs = [...apart('left', left), ...apart('right', right)]
  const moved = (side: string, { where }: Rows): ReadonlyMap<string, Expr> =>
    conjunctsOf({ op: 'and', args: [...where.values()].map((expr) => apartIn(expr, side)) })
  const inner = isInner ? [] : [...right.where.keys()].sort()
  const residual = node.residual === undefined ? '' : nameOf(over(node.residual, exprs))
  return {
    identity: digestOf({
      kind: node.kind,
      left: left.identity,
      right: right.identity,
      on,
      residual,
      inner,
    }),
    exprs,
    where: new Map([...moved('left', left), ...(isInner ? moved('right', right) : none)]),
  }
}

/** A condition with its columns named as those of one side of a join are. */
const apartIn = (expr: Expr, side: string): Expr =>
  expr.op === 'call' && expr.name.startsWith('column ')
    ? named(`${side} ${nameOf(expr)}`)
    : mapParts(expr, (part) => apartIn(part, side))

const grouped = (
  node: Extract<Node, { op: 'aggregate' }>,
  { identity, exprs, where }: Rows,
): Rows => {
  const keys = node.keys.map((key) => nameOf(sure(exprs[key], 'a key')))
  const group = digestOf({ identity, keys: [...keys].sort(), where: [...where.keys()].sort() })
  const measure = ({ name, args, distinct, filter }: Measure): string =>
    digestOf({
      name,
      distinct,
      args: args.map((arg) => nameOf(over(arg, exprs))),
      filter: filter ? nameOf(over(filter, exprs)) : '',
    })
  return {
    identity: group,
    exprs: [...keys, ...node.measures.map(measure)].map((name) => named(`${group} ${name}`)),
    where: none,
  }
}

const over = (expr: Expr, exprs: readonly Expr[]): Expr =>
  replaceColumns(expr, (index) => sure(exprs[index], 'a column'))

/** Names of parts are made once: an expression that stands in many others is one object in all of them. */
const names = new WeakMap<Expr, string>()
export const nameOf = (expr: Expr): string => {
  const known = names.get(expr)
  if (known !== undefined) return known
  const parts = mapParts(expr, (part) => named(nameOf(part)))
  const name = digestOf(exprText(parts))
  names.set(expr, name)
  return name
}

const conjunctsOf = (expr: Expr): ReadonlyMap<string, Expr> => {
  const parts = expr.op === 'and' ? expr.args.flatMap((arg) => [...conjunctsOf(arg)]) : undefined
  return new Map(parts ?? [[nameOf(expr), expr]])
}
