import type { Node } from '../relation/tree.ts'
import { protectedColumn, protectedName, type Plan } from './plan.ts'
import { sure } from '../sure.ts'

type Origins = readonly (readonly string[])[]

/**
 * The names under which the answer has a figure as it was protected, by its stage and column: what the author wrote
 * after AS. A figure that is only computed with has none.
 */
export const answerNames = (
  { post, answer }: Pick<Plan, 'post' | 'answer'>,
  stage: number,
  column: number,
): readonly string[] => {
  const origins: Origins[] = []
  for (const node of post.nodes) origins.push(originsOf(node, origins))
  const wanted = `${protectedName(stage)}.${protectedColumn(column)}`
  const last = sure(origins.at(-1), 'the last node')
  return answer.flatMap((one) => (last[one.column]?.includes(wanted) === true ? [one.name] : []))
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
    case 'window':
      return of(node.input)
    case 'project':
      return node.exprs.map((expr) =>
        expr.op === 'column' ? sure(of(node.input)[expr.index], 'a column') : [],
      )
    case 'join':
      return [...of(node.left), ...of(node.right)]
    case 'aggregate':
      return node.keys.map((key) => sure(of(node.input)[key], 'a key'))
    case 'union': {
      const [first = 0] = node.inputs
      return of(first).map((_, column) =>
        node.inputs.flatMap((input) => sure(of(input)[column], 'a column of a union')),
      )
    }
  }
}
