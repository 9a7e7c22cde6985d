import { listOf, nearestFirst } from './nearest.ts'
import { refuse, type Refusal } from './refusal.ts'

type Column = {
  readonly name: string
  readonly type: string
  readonly class: string
  readonly standard?: unknown
  readonly codes?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly authority?: unknown
  readonly past?: boolean | undefined
  readonly agreement?: string | undefined
}
type Entry = {
  readonly columns: readonly Column[]
  readonly entities: readonly { readonly kind: string; readonly column: string }[]
  readonly grain: readonly string[]
  readonly update?: { readonly column: string } | undefined
}
/** What does not fit within one catalogue entry, and where it stands there. */
type Fault = { readonly path: readonly (string | number)[]; readonly refusal: Refusal }

/** Every contradiction within a catalogue entry whose parts are sound. */
export const faultsOf = (entry: Entry): readonly Fault[] => [
  ...repeated(
    ['columns'],
    entry.columns.map(({ name }) => name),
    'name',
  ),
  ...entry.columns.flatMap((column, at) => faultsOfColumn(entry, column, ['columns', at])),
  ...faultsOfEntities(entry),
  ...faultsOfUpdate(entry),
  ...repeated(['grain'], entry.grain),
  ...entry.grain.flatMap((name, at) =>
    entry.columns.some((column) => column.name === name)
      ? []
      : [unknown(['grain', at], name, entry.columns)],
  ),
]

const faultsOfColumn = (entry: Entry, column: Column, path: Fault['path']): readonly Fault[] => {
  const only = (key: 'standard' | 'codes' | 'past', type: string): readonly Fault[] =>
    column[key] === undefined || column[key] === false || column.type === type
      ? []
      : [{ path: [...path, key], refusal: refuse('source/not-for-type', { type }) }]
  const said = (holds: boolean, key: string, what: string): readonly Fault[] =>
    holds ? [problem([...path, key], what)] : []
  const isToken = column.standard === 'token'
  return [
    ...only('standard', 'text'),
    ...only('codes', 'text'),
    ...repeated([...path, 'codes'], column.codes ?? []),
    ...repeated([...path, 'tags'], column.tags ?? []),
    ...only('past', 'date'),
    ...said(
      column.authority !== undefined && !isAttribute(entry, column.name),
      'authority',
      'another dataset answers for an attribute of the first entity, not for a key',
    ),
    ...said(
      isToken !== (column.agreement !== undefined),
      'standard',
      'the standard `token` and an `agreement` belong together',
    ),
    ...said(
      isToken && !entry.entities.some((entity) => entity.column === column.name),
      'standard',
      'the standard `token` is for the columns of entities',
    ),
  ]
}

const faultsOfEntities = ({ entities, columns }: Entry): readonly Fault[] => [
  ...entities.flatMap(({ column: name }, at) => {
    const column = columns.find((each) => each.name === name)
    const path = ['entities', at, 'column']
    if (column === undefined) return [unknown(path, name, columns.filter(isIdentifier))]
    return isIdentifier(column)
      ? []
      : [problem(path, 'an entity is named by a column of class identifier')]
  }),
  ...repeated(
    ['entities'],
    entities.map(({ kind }) => kind),
    'kind',
  ),
  ...repeated(
    ['entities'],
    entities.map(({ column }) => column),
    'column',
  ),
]

const isIdentifier = (column: Column): boolean => column.class === 'identifier'

const faultsOfUpdate = ({ update, columns }: Entry): readonly Fault[] => {
  const dates = columns.filter(({ type }) => type === 'date')
  return update === undefined || dates.some(({ name }) => name === update.column)
    ? []
    : [unknown(['update', 'column'], update.column, dates, 'column of type date')]
}

/** Beside the grain and the identifiers of entities. */
const isAttribute = ({ entities, grain }: Entry, name: string): boolean =>
  entities.length > 0 && !grain.includes(name) && !entities.some(({ column }) => column === name)

/** Each value that stands there a second time; `key` is where it stands in its entry. */
const repeated = (path: Fault['path'], values: readonly string[], key?: string): readonly Fault[] =>
  values.flatMap((value, at) =>
    values.indexOf(value) === at
      ? []
      : [
          {
            path: [...path, at, ...(key === undefined ? [] : [key])],
            refusal: refuse('source/repeats', { value }),
          },
        ],
  )

const unknown = (
  path: Fault['path'],
  name: string,
  columns: readonly Column[],
  thing = 'column',
): Fault => {
  const allowed = listOf(
    nearestFirst(
      name,
      columns.map((column) => column.name),
    ),
  )
  return { path, refusal: refuse('source/unknown-name', { thing, name, allowed }) }
}

const problem = (path: Fault['path'], what: string): Fault => ({
  path,
  refusal: refuse('source/invalid-document', { problem: what }),
})
