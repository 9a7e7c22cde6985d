import type { Dataset, DatasetColumn } from './dataset.ts'
import { refuse, type Refusal } from './refusal.ts'

type Known = Pick<Dataset, 'dataset' | 'entities' | 'grain' | 'columns'>

/**
 * Whether each column that another dataset answers for can be compared with it: one row an entity there, of the same kind
 * as here, and a column of the same type, standard and class whose level is no higher and whose tags it has too, so that
 * nothing comes to be published as less than it is.
 */
export const checkAuthorities = (
  { entities, columns }: Known,
  registered: readonly Known[],
): readonly Refusal[] =>
  columns.flatMap((column) => {
    if (column.authority === undefined) return []
    const { dataset: name, column: other } = column.authority
    const source = registered.find(({ dataset }) => dataset === name)
    const own = columns.find(({ name }) => name === entities[0]?.column)
    const problem = problemOf(column, { source, other, kind: entities[0]?.kind, own })
    if (problem === undefined) return []
    return [refuse('source/authority-unfit', { column: column.name, dataset: name, problem })]
  })

type Authority = {
  readonly source: Known | undefined
  readonly other: string
  readonly kind: string | undefined
  /** The column of the first entity. */
  readonly own: DatasetColumn | undefined
}

/** Rows are compared by the text of their identifiers: a token is none of those it stands for. */
const isAlike = (source: Known, name: string, own: DatasetColumn | undefined): boolean => {
  const column = source.columns.find((each) => each.name === name)
  return column?.agreement === own?.agreement
}

/** The first thing that does not fit, as the word of the catalogue that it is about. */
const problemOf = (
  column: DatasetColumn,
  { source, other, kind, own }: Authority,
): string | undefined => {
  if (source === undefined) return 'dataset'
  const [unit] = source.entities
  if (unit === undefined || unit.kind !== kind || !isAlike(source, unit.column, own))
    return 'entities'
  if (source.grain.length !== 1 || source.grain[0] !== unit.column) return 'grain'
  const found = source.columns.find(({ name }) => name === other)
  if (found === undefined) return 'column'
  const differs = (['type', 'standard', 'class'] as const).find((of) => found[of] !== column[of])
  if (differs !== undefined) return differs
  if (found.level > column.level) return 'level'
  return found.tags?.every((tag) => column.tags?.includes(tag) === true) === false
    ? 'tags'
    : undefined
}
