import { typeOf } from './expression.ts'
import type { Node, Tree } from './tree.ts'
import { BOOLEAN, type DataType } from './type.ts'

/** The types of a node's output columns, given those of every node before it. */
export const typesOf = (
  node: Node,
  before: readonly (readonly DataType[])[],
): readonly DataType[] => {
  const of = (input: number): readonly DataType[] => {
    const types = before[input]
    if (types === undefined) throw new Error('an input stands before its user')
    return types
  }
  switch (node.op) {
    case 'scan':
    case 'values':
      return node.columns.map(({ type }) => type)
    case 'filter':
    case 'sort':
    case 'limit':
      return of(node.input)
    case 'project':
      return node.exprs.map(typeOf)
    case 'join':
      if (node.kind === 'semi' || node.kind === 'anti' || node.kind === 'nullAwareAnti')
        return of(node.left)
      return [...of(node.left), ...(node.kind === 'mark' ? [BOOLEAN] : of(node.right))]
    case 'aggregate': {
      const types = of(node.input)
      return [
        ...node.keys.map((key) => types[key] as DataType),
        ...node.measures.map(({ type }) => type),
      ]
    }
    case 'window':
      return [...of(node.input), ...node.exprs.map(({ type }) => type)]
    case 'union':
      return of(node.inputs[0] as number)
  }
}

/** The output columns' types of every node of a tree, by the node's position. */
export const columnsOf = (tree: Pick<Tree, 'nodes'>): readonly (readonly DataType[])[] => {
  const all: (readonly DataType[])[] = []
  for (const node of tree.nodes) all.push(typesOf(node, all))
  return all
}
