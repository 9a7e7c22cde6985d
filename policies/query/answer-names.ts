import type { Node } from '../relation/tree.ts'
import { protectedColumn, protectedName, type Plan } from './plan.ts'

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
  const last = origins.at(-1) ?? []
  return answer.flatMap((one) => (last[one.column]?.includes(wanted) === true ? [one.name] : []))
}

/** Where each column of a node is taken from as it is; nowhere, if it was computed. */
const originsOf = (node: Node, before: readonly Origins[]): Origins => {
  const of = (input: number): Origins => before[input] ?? []
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
        expr.op === 'column' ? (of(node.input)[expr.index] ?? []) : [],
      )
    case 'join':
      return [...of(node.left), ...of(node.right)]
    case 'aggregate':
      return node.keys.map((key) => of(node.input)[key] ?? [])
    case 'union': {
      const [first = 0] = node.inputs
      return of(first).map((_, column) => node.inputs.flatMap((input) => of(input)[column] ?? []))
    }
  }
}
