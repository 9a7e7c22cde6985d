import type { Barrier, Question } from './question.ts'
import { sure } from '../sure.ts'

/**
 * Whether a unit has at most one row in each group: below the barrier stands one table, and the keys are, unchanged, all
 * of its grain but the unit. Ingest verified the grain on the raw rows, so a key that was desensitized may repeat.
 */
export const isRowPerGroup = ({ tree, context }: Question, { node }: Barrier): boolean => {
  let at = node.input
  let columns: readonly (number | undefined)[] = node.keys
  for (;;) {
    const below = tree.nodes[at]
    if (below?.op === 'filter' || below?.op === 'sort') at = below.input
    else if (below?.op === 'project') {
      columns = columns.map((column) => {
        const expr = column === undefined ? undefined : below.exprs[column]
        return expr?.op === 'column' ? expr.index : undefined
      })
      at = below.input
    } else if (below?.op === 'scan') {
      const names = columns.map((column) => below.columns[column ?? -1]?.name)
      const { grain, entities } = sure(context.datasets[below.dataset], 'a dataset')
      const rules = sure(context.policy.datasets[below.dataset], 'a dataset').columns
      const [unit] = entities
      return (
        unit !== undefined &&
        grain.every(
          (name) =>
            name === unit.column || (names.includes(name) && rules[name]?.desensitize.length === 0),
        )
      )
    } else return false
  }
}
