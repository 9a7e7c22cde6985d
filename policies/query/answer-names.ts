import type { Node } from '../relation/tree.ts'
import { protectedColumn, protectedName, type Plan } from './plan.ts'
import { sure } from '../sure.ts'

type Origins = readonly (readonly string[])[]

/** The names of a figure, by its stage and column. */
export type FigureNames = (stage: number, column: number) => readonly string[]

/**
 * The names under which the answer has each figure as it was protected: what the author wrote after AS. A figure that is
 * only computed with has none.
 */
export const answerNames = ({ post, answer }: Pick<Plan, 'post' | 'answer'>): FigureNames => {
  const origins: Origins[] = []
  for (const node of post.nodes) origins.push(originsOf(node, origins))
  const last = sure(origins.at(-1), 'the last node')
  const names = new Map<string, string[]>()
  for (const { column, name } of answer)
    for (const origin of new Set(last[column])) {
      const known = names.get(origin)
      if (known === undefined) names.set(origin, [name])
      else known.push(name)
    }
  return (stage, column) => names.get(`${protectedName(stage)}.${protectedColumn(column)}`) ?? []
}

/** Where each column of a node is taken from as it is; nowhere, if it was computed. */
const originsOf = (node: Node, before: readonly Origins[]): Origins => {
  const of = (input: number): Origins => sure(before[input], 'an input')
  switch (node.op) {
    case 'scan':
      return node.columns.map(({ name }) => [`${node.dataset}.${name}`])
    case 'values':
      return node.columns.map(() => [])
    case 'filter':
    case 'sort':
    case 'limit':
      return of(node.input)
    case 'window':
      return [...of(node.input), ...node.exprs.map(() => [])]
    case 'project':
      return node.exprs.map((expr) =>
        expr.op === 'column' ? sure(of(node.input)[expr.index], 'a column') : [],
      )
    case 'join':
      if (node.kind === 'mark') return [...of(node.left), []]
      return [...of(node.left), ...of(node.right)]
    case 'aggregate':
      return [
        ...node.keys.map((key) => sure(of(node.input)[key], 'a key')),
        ...node.measures.map(() => []),
      ]
    case 'union': {
      const [first = 0] = node.inputs
      return of(first).map((_, column) =>
        node.inputs.flatMap((input) => sure(of(input)[column], 'a column of a union')),
      )
    }
  }
}
