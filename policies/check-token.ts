import type { Agreement } from './agreement.ts'
import type { Dataset } from './dataset.ts'
import { refuse, type Refusal } from './refusal.ts'

/** The columns of entities that hold tokens, each with its kind and the agreement they were made under. */
export const tokenColumns = ({
  entities,
  columns,
}: Pick<Dataset, 'entities' | 'columns'>): readonly {
  readonly column: string
  readonly kind: string
  readonly agreement: string
}[] =>
  entities.flatMap(({ kind, column }) => {
    const agreement = columns.find(({ name }) => name === column)?.agreement
    return agreement === undefined ? [] : [{ column, kind, agreement }]
  })

/** Whether the agreements of a dataset's tokens, where they are signed, make tokens of those kinds. */
export const checkTokens = (
  dataset: Pick<Dataset, 'entities' | 'columns'>,
  agreements: readonly Agreement[],
): readonly Refusal[] =>
  tokenColumns(dataset).flatMap(({ column, kind, agreement }) => {
    const found = agreements.find((each) => each.agreement === agreement)
    return found === undefined || found.tokens?.includes(kind) === true
      ? []
      : [refuse('source/token-not-agreed', { column, agreement, kind })]
  })
