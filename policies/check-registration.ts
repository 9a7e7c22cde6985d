import { checkAuthorities } from './check-authority.ts'
import type { Dataset } from './dataset.ts'
import { refuse, type Refusal } from './refusal.ts'

type Registered = Pick<Dataset, 'dataset' | 'entities' | 'grain' | 'columns'>

/**
 * Whether a dataset may be registered beside those of the domain. Whom its rows are about is settled by its first text,
 * and one standard of identifiers is one kind of entity: under another name of the kind the same enterprises would have a
 * second line in the ledger, and rows about nobody would leave without one (invariant I6).
 */
export const checkRegistration = (
  dataset: Registered,
  registered: readonly Registered[],
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
  const kinds = new Map(registered.flatMap(standardKinds))
  const renamed = standardKinds(dataset)
    .map(([standard, kind]) => ({ standard, kind, known: kinds.get(standard) ?? kind }))
    .filter(({ kind, known }) => kind !== known)
    .map((names) => refuse('source/kind-renamed', names))
  return [...changed, ...renamed, ...checkAuthorities(dataset, registered)]
}

const entitiesText = ({ entities }: Registered): string =>
  entities.length === 0 ? '[]' : entities.map(({ kind, column }) => `${kind}: ${column}`).join(', ')

/** The standard of each identifier that names a kind, with that kind. */
const standardKinds = ({ entities, columns }: Registered): readonly (readonly [string, string])[] =>
  entities.flatMap(({ kind, column }) => {
    const standard = columns.find(({ name }) => name === column)?.standard
    return standard === undefined ? [] : [[standard, kind] as const]
  })
