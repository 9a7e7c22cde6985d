import { typesOf } from './columns.ts'
import { partsOf, typeOf, type Expr } from './expression.ts'
import {
  canCast,
  checkCall,
  checkConstants,
  checkMeasure,
  checkMeasureConstants,
} from './functions.ts'
import {
  inputsOf,
  type Measure,
  type Node,
  type NodeOf,
  type Tree,
  type WindowExpr,
} from './tree.ts'
import { BOOLEAN, sameType, typeSql, type DataType } from './type.ts'
import { sure } from '../sure.ts'

/** A table a tree may read, and what of it. */
export type Readable = {
  readonly dataset: string
  readonly columns: readonly { readonly name: string; readonly type: DataType }[]
}

/** A text has at most 4,000 syntax nodes; what it becomes has at most ten times as many parts, and none this deep. */
const partsMax = 200_000
const depthMax = 400

/**
 * Throws where a tree is not one that lowering makes: an input after its user, a table or column that is not among those
 * that may be read, a function that is not in the table, a type that is not what it is computed from. A tree comes from
 * a process that reads hostile text, and whatever is decided about it rests on its types.
 */
export const assertSound = ({ nodes, names }: Tree, tables: readonly Readable[]): void => {
  const types: (readonly DataType[])[] = []
  const left = { parts: partsMax }
  for (const [position, node] of nodes.entries()) {
    must(
      inputsOf(node).every((input) => input < position),
      'an input after its user',
    )
    checkNode(node, { types, tables, left })
    types.push(typesOf(node, types))
  }
  must(names.length === types.at(-1)?.length, 'a name for each column')
}

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(`no sound tree: ${what}`)
}

type Scene = {
  readonly types: readonly (readonly DataType[])[]
  readonly tables: readonly Readable[]
  readonly left: { parts: number }
}

const checkNode = (node: Node, scene: Scene): void => {
  const of = (input: number): readonly DataType[] => sure(scene.types[input], 'an input')
  const all = (exprs: readonly Expr[], input: number): void => {
    for (const expr of exprs) checkExpr(expr, of(input), scene)
  }
  switch (node.op) {
    case 'scan':
      return checkScan(node, scene)
    case 'values':
      return checkValues(node, scene)
    case 'filter':
      return checkTruth(node.predicate, of(node.input), scene)
    case 'project':
      return all(node.exprs, node.input)
    case 'join':
      return checkJoin(node, of(node.left), of(node.right), scene)
    case 'aggregate':
      return checkAggregate(node, of(node.input), scene)
    case 'union':
      return checkUnion(node.inputs.map(of))
    case 'window':
      for (const expr of node.exprs) checkWindow(expr, of(node.input), scene)
      return
    case 'sort':
      return all(
        node.orders.map((order) => order.expr),
        node.input,
      )
    case 'limit':
      return
  }
}

/** Types as texts, whose equality is that of their lists. */
const textOf = (types: readonly DataType[]): string => types.map(typeSql).join(' ')

const checkUnion = (parts: readonly (readonly DataType[])[]): void =>
  must(new Set(parts.map(textOf)).size === 1, 'a union')

const checkScan = ({ dataset, columns }: NodeOf<'scan'>, { tables }: Scene): void => {
  const table = tables.find((one) => one.dataset === dataset)
  for (const { name, type } of columns) {
    const column = table?.columns.find((one) => one.name === name)
    must(column !== undefined && sameType(column.type, type), 'a scan of what may not be read')
  }
  must(table !== undefined, 'a scan of no table')
}

const checkValues = (node: NodeOf<'values'>, scene: Scene): void => {
  for (const row of node.rows) {
    for (const cell of row) checkExpr(cell, [], scene)
    must(textOf(row.map(typeOf)) === textOf(node.columns.map(({ type }) => type)), 'a row')
  }
}

const checkJoin = (
  node: NodeOf<'join'>,
  left: readonly DataType[],
  right: readonly DataType[],
  scene: Scene,
): void => {
  for (const condition of node.on) {
    checkExpr(condition.left, left, scene)
    checkExpr(condition.right, right, scene)
    must(sameType(typeOf(condition.left), typeOf(condition.right)), 'a join of two types')
  }
  must(node.build === undefined, 'a side to keep')
  if (node.residual === undefined) return
  must(node.kind === 'inner' || node.kind === 'left', 'a join')
  checkTruth(node.residual, [...left, ...right], scene)
}

const checkAggregate = (
  { keys, measures }: NodeOf<'aggregate'>,
  types: readonly DataType[],
  scene: Scene,
): void => {
  must(
    keys.every((key) => key < types.length),
    'a key',
  )
  for (const measure of measures) checkMeasured(measure, 'aggregate', types, scene)
}

const checkWindow = (expr: WindowExpr, types: readonly DataType[], scene: Scene): void => {
  checkMeasured({ ...expr, distinct: false }, 'window', types, scene)
  for (const part of [...expr.partitions, ...expr.orders.map((order) => order.expr)])
    checkExpr(part, types, scene)
}

const checkMeasured = (
  measure: Measure,
  uses: 'aggregate' | 'window',
  types: readonly DataType[],
  scene: Scene,
): void => {
  for (const arg of measure.args) checkExpr(arg, types, scene)
  if (measure.filter !== undefined) checkTruth(measure.filter, types, scene)
  must(checkMeasure(measure, uses) === undefined, 'an aggregate')
  must(checkMeasureConstants(measure, uses) === undefined, 'constants of an aggregate')
}

const checkTruth = (expr: Expr, types: readonly DataType[], scene: Scene): void => {
  checkExpr(expr, types, scene)
  must(sameType(typeOf(expr), BOOLEAN), 'a condition')
}

const checkExpr = (expr: Expr, types: readonly DataType[], scene: Scene, depth = 0): void => {
  scene.left.parts -= 1
  must(scene.left.parts > 0 && depth < depthMax, 'too many parts')
  for (const part of partsOf(expr)) checkExpr(part, types, scene, depth + 1)
  must(isSound(expr, types), expr.op)
}

const isTruth = (expr: Expr): boolean => sameType(typeOf(expr), BOOLEAN)

const isSound = (expr: Expr, types: readonly DataType[]): boolean => {
  switch (expr.op) {
    case 'column': {
      const type = types[expr.index]
      return type !== undefined && sameType(type, expr.type)
    }
    case 'literal':
    case 'isNull':
      return true
    case 'call':
      return checkCall(expr.name, expr.args) === undefined && checkConstants(expr) === undefined
    case 'case':
      return (
        expr.whens.every(
          ({ when, value }) => isTruth(when) && sameType(typeOf(value), expr.type),
        ) && sameType(typeOf(expr.otherwise), expr.type)
      )
    case 'tryCast':
      return canCast(typeOf(expr.input), expr.type)
    case 'in':
      return expr.list.every((item) => sameType(typeOf(item), typeOf(expr.input)))
    case 'not':
      return isTruth(expr.input)
    case 'and':
    case 'or':
      return expr.args.every(isTruth)
    case 'compare':
      return sameType(typeOf(expr.left), typeOf(expr.right))
  }
}
