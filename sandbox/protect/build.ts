import { columnsOf } from '../../policies/relation/columns.ts'
import type { Expr } from '../../policies/relation/expression.ts'
import type { Measure, Node, Tree } from '../../policies/relation/tree.ts'
import { BIGINT, BOOLEAN, HUGEINT, type DataType } from '../../policies/relation/type.ts'

/** Two secret numbers of a run: they choose which groups of a unit are kept where it has too many. */
export type Salt = readonly [bigint, bigint]

/** Nodes added on top of a tree, one after the other. */
export type Build = {
  readonly nodes: Node[]
  readonly add: (node: Node) => void
  readonly last: () => number
  /** A column of the last node. */
  readonly column: (index: number) => Expr
  readonly width: () => number
}

export const builder = (tree: Tree): Build => {
  const nodes = [...tree.nodes]
  let types = columnsOf({ nodes }).at(-1) ?? []
  return {
    nodes,
    add: (node) => {
      nodes.push(node)
      types = columnsOf({ nodes }).at(-1) ?? []
    },
    last: () => nodes.length - 1,
    width: () => types.length,
    column: (index) => {
      const type = types[index]
      if (type === undefined) throw new Error('a column outside its relation')
      return { op: 'column', index, type }
    },
  }
}

export const filterOf = (flag: number | undefined): { filter?: Expr } =>
  flag === undefined ? {} : { filter: { op: 'column', index: flag, type: BOOLEAN } }

export const countOf = (flag: number | undefined): Measure => ({
  name: 'count_star',
  args: [],
  distinct: false,
  type: BIGINT,
  ...filterOf(flag),
})

export const sumOf = (value: Expr, flag?: number): Measure => ({
  name: 'sum',
  args: [value],
  distinct: false,
  type: sumType(value),
  ...filterOf(flag),
})

/** What the engine's sum gives: 128 bits, or 38 digits of the same scale. */
const sumType = (value: Expr): DataType =>
  'type' in value && value.type.id === 'DECIMAL'
    ? { id: 'DECIMAL', width: 38, scale: value.type.scale }
    : HUGEINT
