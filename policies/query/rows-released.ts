import { refuse } from '../refusal.ts'
import { placeOf } from './context.ts'
import { factAt, type Rule } from './question.ts'
import { sure } from '../sure.ts'

/** The last relation leaves: it must be public. */
export const checkRowsReleased: Rule = ({ tree, facts, context }) => {
  const last = tree.nodes.length - 1
  const { privacy } = factAt(facts, last)
  if (!privacy.private) return []
  const dataset = privacy.datasets.join('`, `')
  return [
    refuse('query/rows-released', { dataset }, placeOf(context, sure(tree.nodes[last], 'a node'))),
  ]
}
