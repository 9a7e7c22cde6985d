import { canonicalJson } from '../canonical.ts'
import { refuse } from '../refusal.ts'
import type { NodeOf } from '../relation/tree.ts'
import { placeOf } from './context.ts'
import { barriersOf, type Question, type Rule } from './question.ts'
import { sure } from '../sure.ts'

const levelMax = 5

/** How a question came by its level: the column of the highest level, and 1 where departments are joined. */
type Level = {
  readonly level: number
  readonly column: string
  readonly columnLevel: number
  readonly uplift: 0 | 1
  readonly scan: NodeOf<'scan'>
}

/**
 * The level of what a question works on, 1 to 5 as in JR/T 0197: that of its highest column (就高从严, an identifier's
 * surrogate counts as the identifier), and one more where rows of two departments are joined or put together about the
 * same entities: what each of them may know becomes more than either of them knew. Undefined where no column is read.
 */
export const levelOf = (question: Question): Level | undefined => {
  const { tree, context } = question
  const levels = tree.nodes
    .filter((node) => node.op === 'scan')
    .flatMap((scan) =>
      scan.columns.map(({ name }) => ({
        scan,
        column: `${scan.dataset}.${name}`,
        columnLevel:
          context.datasets[scan.dataset]?.columns.find((column) => column.name === name)?.level ??
          levelMax,
      })),
    )
  const [highest] = levels.toSorted((one, two) => two.columnLevel - one.columnLevel)
  if (highest === undefined) return undefined
  const uplift = joinsDepartments(question) ? 1 : 0
  return { ...highest, uplift, level: Math.min(levelMax, highest.columnLevel + uplift) }
}

const joinsDepartments = (question: Question): boolean =>
  barriersOf(question).some(({ relation }) => {
    const departments = relation.datasets.map((name) =>
      canonicalJson(sure(question.context.datasets[name], 'a dataset of the question').department),
    )
    return new Set(departments).size > 1
  })

/** A question may not work on more than the ceiling of its agreement. */
export const checkLevel: Rule = (question) => {
  const { levelMax: max } = question.context
  const found = levelOf(question)
  if (max === undefined || found === undefined || found.level <= max) return []
  const { level, column, columnLevel, uplift, scan } = found
  return [
    refuse(
      'query/level-too-high',
      { level, column, columnLevel, uplift, max },
      placeOf(question.context, scan),
    ),
  ]
}
