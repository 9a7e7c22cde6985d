import type { Agreement } from './agreement.ts'
import { checkAuthorities } from './check-authority.ts'
import { checkTokens } from './check-token.ts'
import type { Dataset, DatasetColumn } from './dataset.ts'
import { refuse, type Refusal } from './refusal.ts'

type Registered = Pick<Dataset, 'dataset' | 'entities' | 'grain' | 'columns'>

/**
 * Whether a dataset may be registered beside those of the domain. Whom its rows are about is settled by its first text,
 * and one standard of identifiers is one kind of entity: under another name of the kind the same enterprises would have a
 * second line in the ledger, and rows about nobody would leave without one (invariant I6). An agreement whose tokens it
 * would hold may be signed later; one that is there makes tokens of that kind.
 */
export const checkRegistration = (
  dataset: Registered,
  registered: readonly Registered[],
  agreements: readonly Agreement[] = [],
): readonly Refusal[] => {
  const earlier = registered.find((other) => other.dataset === dataset.dataset)
  const changed =
    earlier !== undefined && entitiesText(earlier) !== entitiesText(dataset)
      ? [
          refuse('source/entities-changed', {
            dataset: dataset.dataset,
            was: entitiesText(earlier),
          }),
        ]
      : []
  const kinds = new Map<string, string>(registered.flatMap(standardKinds))
  const renamed = standardKinds(dataset)
    .map(([standard, kind]) => ({ standard, kind, known: kinds.get(standard) ?? kind }))
    .filter(({ kind, known }) => kind !== known)
    .map((names) => refuse('source/kind-renamed', names))
  return [
    ...changed,
    ...renamed,
    ...checkAuthorities(dataset, registered),
    ...checkTokens(dataset, agreements),
  ]
}

const entitiesText = ({ entities }: Registered): string =>
  entities.length === 0 ? '[]' : entities.map(({ kind, column }) => `${kind}: ${column}`).join(', ')

/** The standards by which identifiers of a kind are known in the domain. */
export const standardsOf = (
  kind: string,
  registered: readonly Registered[],
): readonly NonNullable<DatasetColumn['standard']>[] => [
  ...new Set(
    registered
      .flatMap(standardKinds)
      .filter(([, named]) => named === kind)
      .map(([standard]) => standard),
  ),
]

/** The standard of each identifier that names a kind, with that kind. Tokens are of any kind. */
const standardKinds = ({
  entities,
  columns,
}: Registered): readonly (readonly [NonNullable<DatasetColumn['standard']>, string])[] =>
  entities.flatMap(({ kind, column }) => {
    const standard = columns.find(({ name }) => name === column)?.standard
    return standard === undefined || standard === 'token' ? [] : [[standard, kind] as const]
  })
