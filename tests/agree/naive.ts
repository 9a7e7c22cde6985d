import type { Expr } from '../../policies/relation/expression.ts'
import type { Measure, Node, NodeOf, Tree } from '../../policies/relation/tree.ts'

/** A second evaluation of relation trees: rows in arrays, loops, no planning. Whole numbers, texts and truth values. */
export type Value = number | string | boolean | null
export type Row = readonly Value[]
export type Data = Readonly<
  Record<string, { readonly columns: readonly string[]; readonly rows: readonly Row[] }>
>

/** The rows of every node. `given` are rows of nodes that are known already. */
export const evaluate = (
  tree: Pick<Tree, 'nodes'>,
  data: Data,
  given: ReadonlyMap<number, readonly Row[]> = new Map(),
): readonly (readonly Row[])[] => {
  const all: (readonly Row[])[] = []
  for (const [position, node] of tree.nodes.entries())
    all.push(given.get(position) ?? rowsOf(node, all, data, tree))
  return all
}

const rowsOf = (
  node: Node,
  all: readonly (readonly Row[])[],
  data: Data,
  tree: Pick<Tree, 'nodes'>,
): readonly Row[] => {
  const at = (input: number): readonly Row[] => all[input]!
  switch (node.op) {
    case 'scan': {
      const table = data[node.dataset]!
      const places = node.columns.map(({ name }) => table.columns.indexOf(name))
      return table.rows.map((row) => places.map((place) => row[place]!))
    }
    case 'values':
      return node.rows.map((row) => row.map((expr) => valueOf(expr, [])))
    case 'filter':
      return at(node.input).filter((row) => valueOf(node.predicate, row) === true)
    case 'project':
      return at(node.input).map((row) => node.exprs.map((expr) => valueOf(expr, row)))
    case 'join':
      return join(node, at(node.left), at(node.right), widthOf(tree, node.right))
    case 'aggregate':
      return aggregate(node, at(node.input))
    case 'union':
      return node.inputs.flatMap(at)
    case 'window':
    case 'sort':
    case 'limit':
      throw new Error(`not evaluated: ${node.op}`)
  }
}

export const widthOf = ({ nodes }: Pick<Tree, 'nodes'>, position: number): number => {
  const node = nodes[position]!
  switch (node.op) {
    case 'scan':
    case 'values':
      return node.columns.length
    case 'project':
      return node.exprs.length
    case 'aggregate':
      return node.keys.length + node.measures.length
    case 'union':
      return widthOf({ nodes }, node.inputs[0]!)
    case 'join':
      return (
        widthOf({ nodes }, node.left) +
        (node.kind === 'mark'
          ? 1
          : node.kind === 'inner' || node.kind === 'left'
            ? widthOf({ nodes }, node.right)
            : 0)
      )
    case 'filter':
    case 'sort':
    case 'limit':
    case 'window':
      return widthOf({ nodes }, node.input)
  }
}

const join = (
  node: NodeOf<'join'>,
  left: readonly Row[],
  right: readonly Row[],
  width: number,
): readonly Row[] => {
  const meets = (one: Row, two: Row): Value => {
    const parts = node.on.map((condition) =>
      compare(condition.kind, valueOf(condition.left, one), valueOf(condition.right, two)),
    )
    const residual = node.residual ? [valueOf(node.residual, [...one, ...two])] : []
    return and([...parts, ...residual])
  }
  return left.flatMap((row): readonly Row[] => {
    const answers = right.map((other) => meets(row, other))
    const matches = right.filter((_, index) => answers[index] === true)
    const unknown = answers.includes(null)
    switch (node.kind) {
      case 'inner':
        return matches.map((other) => [...row, ...other])
      case 'left':
        return matches.length > 0
          ? matches.map((other) => [...row, ...other])
          : [[...row, ...Array.from({ length: width }, () => null)]]
      case 'semi':
        return matches.length > 0 ? [row] : []
      case 'anti':
        return matches.length > 0 ? [] : [row]
      case 'nullAwareAnti':
        return matches.length > 0 || unknown ? [] : [row]
      case 'mark':
        return [[...row, matches.length > 0 ? true : unknown ? null : false]]
    }
  })
}

const aggregate = (node: NodeOf<'aggregate'>, rows: readonly Row[]): readonly Row[] => {
  const groups = new Map<string, Row[]>()
  if (node.keys.length === 0) groups.set('[]', [])
  for (const row of rows) {
    const key = JSON.stringify(node.keys.map((index) => row[index]))
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups].map(([key, members]) => [
    ...(JSON.parse(key) as Value[]),
    ...node.measures.map((measure) => measureOf(measure, members)),
  ])
}

const measureOf = ({ name, args, distinct, filter }: Measure, members: readonly Row[]): Value => {
  const kept = filter ? members.filter((row) => valueOf(filter, row) === true) : members
  if (name === 'count_star') return kept.length
  const present = kept.map((row) => valueOf(args[0]!, row)).filter((value) => value !== null)
  const values = distinct ? [...new Set(present)] : present
  if (name === 'count') return values.length
  if (values.length === 0) return null
  if (name === 'sum') return values.reduce<number>((sum, value) => sum + Number(value), 0)
  if (name === 'min') return values.reduce((least, value) => (value < least ? value : least))
  if (name === 'max') return values.reduce((most, value) => (value > most ? value : most))
  throw new Error(`not evaluated: ${name}`)
}

const and = (parts: readonly Value[]): Value =>
  parts.includes(false) ? false : parts.includes(null) ? null : true

const compare = (kind: string, left: Value, right: Value): Value => {
  if (kind === 'distinct') return left !== right
  if (kind === 'notDistinct') return left === right
  if (left === null || right === null) return null
  if (kind === '=') return left === right
  if (kind === '<>') return left !== right
  if (kind === '<') return left < right
  if (kind === '<=') return left <= right
  if (kind === '>') return left > right
  return left >= right
}

export const valueOf = (expr: Expr, row: Row): Value => {
  switch (expr.op) {
    case 'column': {
      const value = row[expr.index]
      if (value === undefined) throw new Error(`column ${expr.index} of ${row.length}`)
      return value
    }
    case 'literal':
      if (expr.value === null || expr.type.id === 'VARCHAR') return expr.value
      return expr.type.id === 'BOOLEAN' ? expr.value === 'true' : Number(expr.value)
    case 'call': {
      const [left, right] = expr.args.map((arg) => valueOf(arg, row))
      if (left === null || right === null) return null
      return expr.name === '+' ? Number(left) + Number(right) : Number(left) - Number(right)
    }
    case 'case': {
      const found = expr.whens.find(({ when }) => valueOf(when, row) === true)
      return valueOf(found ? found.value : expr.otherwise, row)
    }
    case 'tryCast':
      return valueOf(expr.input, row)
    case 'in': {
      const input = valueOf(expr.input, row)
      const answers = expr.list.map((item) => compare('=', input, valueOf(item, row)))
      const found = answers.includes(true) ? true : answers.includes(null) ? null : false
      return found === null ? null : found !== expr.negated
    }
    case 'isNull':
      return (valueOf(expr.input, row) === null) !== expr.negated
    case 'not': {
      const value = valueOf(expr.input, row)
      return value === null ? null : !value
    }
    case 'and':
      return and(expr.args.map((arg) => valueOf(arg, row)))
    case 'or': {
      const parts = expr.args.map((arg) => valueOf(arg, row))
      return parts.includes(true) ? true : parts.includes(null) ? null : false
    }
    case 'compare':
      return compare(expr.kind, valueOf(expr.left, row), valueOf(expr.right, row))
  }
}
