import type { Agreement } from './agreement.ts'
import { dataTypeOf, type Dataset } from './dataset.ts'
import { makesNull } from './desensitize/method.ts'
import type { Policy } from './policy.ts'
import { BIGINT, type DataType } from './relation/type.ts'

/** A column as queries meet it. `kind` is set where it holds the surrogates of an entity instead of identifiers. */
export type PublishedColumn = {
  readonly name: string
  readonly type: DataType
  readonly nullable: boolean
  readonly kind?: string
}

/** The columns of the published table of a dataset: surrogates first, then what the policy lists, in catalogue order. */
export const publishedColumns = (dataset: Dataset, policy: Policy): readonly PublishedColumn[] => {
  const listed = policy.datasets[dataset.dataset]?.columns ?? {}
  const surrogates = dataset.entities.map(({ kind, column }) => ({
    name: column,
    type: BIGINT,
    nullable: dataset.columns.some(({ name, nullable }) => name === column && nullable),
    kind,
  }))
  const rest = dataset.columns.flatMap((column) => {
    const { name, nullable } = column
    const policyOfColumn = listed[name]
    if (policyOfColumn === undefined || surrogates.some((other) => other.name === name)) return []
    const emptied = makesNull(policyOfColumn.desensitize)
    return [{ name, type: dataTypeOf(column), nullable: nullable || emptied }]
  })
  return [...surrogates, ...rest]
}

/** What one agreement lets its organisation see of a dataset: its surrogates and the columns it names. */
export const visibleColumns = (
  dataset: Dataset,
  policy: Policy,
  agreement: Agreement,
): readonly PublishedColumn[] =>
  publishedColumns(dataset, policy).filter(
    ({ name, kind }) =>
      kind !== undefined || (agreement.datasets[dataset.dataset] ?? []).includes(name),
  )

/**
 * The grain of a dataset, if it still tells all rows apart as they are seen: each of its columns is among them, never
 * missing, and a surrogate or published unchanged. Ingest verified it on the raw rows, and what was desensitized repeats.
 */
export const uniqueKey = (
  { dataset, grain }: Dataset,
  policy: Policy,
  seen: readonly PublishedColumn[],
): readonly string[] | undefined => {
  const rules = policy.datasets[dataset]?.columns ?? {}
  const isKept = (name: string): boolean =>
    seen.some(
      (column) =>
        column.name === name &&
        !column.nullable &&
        (column.kind !== undefined || rules[name]?.desensitize.length === 0),
    )
  return grain.every(isKept) ? grain : undefined
}

/** Hidden column of a published table: this row's place among the rows of one entity of a kind other than the unit. */
export const rankColumn = (kind: string): string => `__rank_${kind}`
