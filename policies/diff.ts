import { canonicalJson } from './canonical.ts'
import type { Desensitization } from './desensitize/method.ts'
import type { ColumnPolicy, Policy } from './policy.ts'
import { changeWords, type ChangeName } from './diff-words.ts'
import { fill, type Language } from './refusal.ts'

/**
 * One difference between two texts of a policy. `effect`: whether more may leave than before (looser), less (tighter),
 * or neither can be said without knowing the data (other).
 */
export type Change = {
  readonly change: ChangeName
  readonly effect: 'looser' | 'tighter' | 'other'
  readonly params: Readonly<Record<string, string | number>>
}

/** The differences from one text of a policy to another, in the order of the document. */
export const changesOf = (before: Policy, after: Policy): readonly Change[] => [
  ...named(before.policy, after.policy, 'policy-renamed'),
  ...named(titleOf(before), titleOf(after), 'title-changed'),
  ...changesOfDoors(before, after),
  ...changesOfKinds(before, after),
  ...changesOfNumbers(before, after),
  ...changesOfDatasets(before, after),
]

/** A change in words. Names and numbers are those of the policy. */
export const changeText = (
  { change, params }: { readonly change: string; readonly params: Change['params'] },
  language: Language,
): string =>
  Object.hasOwn(changeWords, change)
    ? fill(changeWords[change as ChangeName][language], params)
    : [change, ...Object.entries(params).map(([name, value]) => `${name}=${value}`)].join(' ')

const titleOf = ({ title: { zh, en } }: Policy): string => `${zh} / ${en}`

const named = (from: string, to: string, change: ChangeName): readonly Change[] =>
  from === to ? [] : [{ change, effect: 'other', params: { from, to } }]

const changesOfDoors = (before: Policy, after: Policy): readonly Change[] => [
  ...absent(after.doors, before.doors).map((door): Change => ({
    change: 'door-opened',
    effect: 'looser',
    params: { door },
  })),
  ...absent(before.doors, after.doors).map((door): Change => ({
    change: 'door-closed',
    effect: 'tighter',
    params: { door },
  })),
]

/** Those of the first that are not in the second. */
const absent = <T>(these: readonly T[], those: readonly T[]): readonly T[] =>
  these.filter((one) => !those.includes(one))

type NumberChange = {
  readonly what: string
  readonly from: number | undefined
  readonly to: number | undefined
  /** What it means that the number grows. */
  readonly more: Change['effect']
}
const opposite = { looser: 'tighter', tighter: 'looser', other: 'other' } as const

/** Numbers of a policy that differ; `-` where there is none. */
const numbersOf = (all: readonly NumberChange[]): readonly Change[] =>
  all
    .filter(({ from, to }) => from !== to)
    .map(({ what, from, to, more }) => ({
      change: 'number-changed',
      effect: from === undefined || to === undefined ? 'other' : to > from ? more : opposite[more],
      params: { what, from: from ?? '-', to: to ?? '-' },
    }))

const changesOfKinds = (before: Policy, after: Policy): readonly Change[] => {
  const [old, next] = [Object.keys(before.kinds), Object.keys(after.kinds)]
  return [
    ...absent(next, old).map((kind): Change => ({
      change: 'kind-added',
      effect: 'other',
      params: { kind },
    })),
    ...absent(old, next).map((kind): Change => ({
      change: 'kind-removed',
      effect: 'other',
      params: { kind },
    })),
    ...next.flatMap((kind) => {
      const [from, to] = [before.kinds[kind], after.kinds[kind]]
      if (from === undefined || to === undefined) return []
      const where = `kinds.${kind}`
      return numbersOf([
        { what: `${where}.floor`, from: from.floor, to: to.floor, more: 'tighter' },
        { what: `${where}.unitsMax`, from: from.unitsMax, to: to.unitsMax, more: 'other' },
        { what: `${where}.ledger.rho`, from: from.ledger.rho, to: to.ledger.rho, more: 'looser' },
        {
          what: `${where}.ledger.delta`,
          from: from.ledger.delta,
          to: to.ledger.delta,
          more: 'looser',
        },
      ])
    }),
  ]
}

const changesOfNumbers = (before: Policy, after: Policy): readonly Change[] => {
  const [old, next] = [before.question, after.question]
  const [oldLimits, limits] = [before.dominance, after.dominance]
  return numbersOf([
    { what: 'question.rho', from: old.rho, to: next.rho, more: 'other' },
    { what: 'question.rhoMin', from: old.rhoMin, to: next.rhoMin, more: 'tighter' },
    { what: 'question.rhoMax', from: old.rhoMax, to: next.rhoMax, more: 'looser' },
    { what: 'question.delta', from: old.delta, to: next.delta, more: 'looser' },
    { what: 'question.gridMax', from: old.gridMax, to: next.gridMax, more: 'other' },
    {
      what: 'dominance.pPercent',
      from: oldLimits.pPercent,
      to: limits.pPercent,
      more: 'tighter',
    },
    { what: 'dominance.n', from: oldLimits.n, to: limits.n, more: 'tighter' },
    { what: 'dominance.kPercent', from: oldLimits.kPercent, to: limits.kPercent, more: 'looser' },
  ])
}

const changesOfDatasets = (before: Policy, after: Policy): readonly Change[] => {
  const names = [...new Set([...Object.keys(before.datasets), ...Object.keys(after.datasets)])]
  return names.flatMap((dataset): readonly Change[] => {
    const [from, to] = [before.datasets[dataset], after.datasets[dataset]]
    if (to === undefined)
      return [{ change: 'dataset-closed', effect: 'tighter', params: { dataset } }]
    if (from === undefined)
      return [
        { change: 'dataset-opened', effect: 'looser', params: { dataset } },
        ...Object.entries(to.columns).map(([name, column]) => shown(dataset, name, column)),
      ]
    const where = `datasets.${dataset}.contribution`
    const [old, next] = [from.contribution, to.contribution]
    return [
      ...numbersOf([
        { what: `${where}.rowsMax`, from: old.rowsMax, to: next.rowsMax, more: 'other' },
        { what: `${where}.groupsMax`, from: old.groupsMax, to: next.groupsMax, more: 'other' },
      ]),
      ...changesOfColumns(dataset, from.columns, to.columns),
    ]
  })
}

type Columns = Policy['datasets'][string]['columns']

const shown = (dataset: string, name: string, { use, desensitize }: ColumnPolicy): Change => ({
  change: 'column-shown',
  effect: 'looser',
  params: { column: `${dataset}.${name}`, use, steps: stepsText(desensitize) },
})

const changesOfColumns = (dataset: string, before: Columns, after: Columns): readonly Change[] => {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names.flatMap((name): readonly Change[] => {
    const [from, to] = [before[name], after[name]]
    const column = `${dataset}.${name}`
    if (to === undefined)
      return [{ change: 'column-hidden', effect: 'tighter', params: { column } }]
    if (from === undefined) return [shown(dataset, name, to)]
    return changesOfColumn(column, from, to)
  })
}

const changesOfColumn = (
  column: string,
  from: ColumnPolicy,
  to: ColumnPolicy,
): readonly Change[] => [
  ...(from.use === to.use
    ? []
    : [
        {
          change: 'use-changed',
          effect: 'other',
          params: { column, from: from.use, to: to.use },
        } as const,
      ]),
  ...(canonicalJson(from.desensitize) === canonicalJson(to.desensitize)
    ? []
    : [
        {
          change: 'desensitization-changed',
          effect: 'other',
          params: { column, from: stepsText(from.desensitize), to: stepsText(to.desensitize) },
        } as const,
      ]),
  ...changesOfBounds(column, from, to),
  ...flagChange('of-entity', column, from.ofEntity, to.ofEntity),
  ...flagChange('sensitive', column, isSensitive(from), isSensitive(to)),
]

const isSensitive = (column: ColumnPolicy): boolean =>
  column.use === 'dimension' && column.sensitive

/** Clamps of a measure, the domain of a dimension. Of long lists of codes the numbers of those that came and went. */
const changesOfBounds = (
  column: string,
  from: ColumnPolicy,
  to: ColumnPolicy,
): readonly Change[] => {
  const [old, next] = [boundsOf(from), boundsOf(to)]
  if (canonicalJson(old) === canonicalJson(next)) return []
  if (Array.isArray(old) && Array.isArray(next)) {
    const [added, removed] = [absent<unknown>(next, old), absent<unknown>(old, next)]
    const params = { column, added: listText(added), removed: listText(removed) }
    return [{ change: 'codes-changed', effect: 'other', params }]
  }
  const params = { column, from: boundsText(old), to: boundsText(next) }
  return [{ change: 'bounds-changed', effect: 'other', params }]
}

type Bounds =
  | readonly (string | number | boolean)[]
  | { readonly from: string | number; readonly to: string | number }
  | null
const boundsOf = (column: ColumnPolicy): Bounds => {
  if (column.use === 'measure') return { from: column.clamp[0], to: column.clamp[1] }
  if (column.domain === undefined) return null
  if ('codes' in column.domain) return column.domain.codes
  const [from, to] = 'range' in column.domain ? column.domain.range : column.domain.dates
  return { from, to }
}
const boundsText = (bounds: Bounds): string => {
  if (bounds === null) return '-'
  return 'from' in bounds ? `${bounds.from} … ${bounds.to}` : listText(bounds)
}

const listedMax = 8
const listText = (values: readonly unknown[]): string => {
  if (values.length === 0) return '-'
  const listed = values.slice(0, listedMax).map(String).join(', ')
  return values.length > listedMax ? `${listed}, … (${values.length})` : listed
}

const flagChange = (
  flag: 'of-entity' | 'sensitive',
  column: string,
  from: boolean,
  to: boolean,
): readonly Change[] => {
  if (from === to) return []
  const effect = flag === 'sensitive' ? (to ? 'tighter' : 'looser') : 'other'
  return [{ change: to ? `${flag}-set` : `${flag}-unset`, effect, params: { column } }]
}

/** Steps as they are written, without the signs of the document: `round base 100, clip low 0 high 5`. */
const stepsText = (steps: readonly Desensitization[]): string =>
  steps
    .map(({ method, ...rest }) =>
      [method, ...Object.entries(rest).map(([name, value]) => `${name} ${listOf(value)}`)].join(
        ' ',
      ),
    )
    .join(', ') || '-'
const listOf = (value: unknown): string => (Array.isArray(value) ? listText(value) : String(value))
