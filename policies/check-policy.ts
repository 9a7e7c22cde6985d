import { checkColumn, isUsable } from './check-column.ts'
import type { Dataset } from './dataset.ts'
import { listOf, nearestFirst } from './nearest.ts'
import type { Policy } from './policy.ts'
import { refuse, type Refusal } from './refusal.ts'

/**
 * A policy against the datasets it speaks of (those in `datasets` may be more): names that there are, columns that may
 * be published, clamps and domains that their types hold and their desensitization leaves, a floor and a ledger for
 * every kind of entity, and amounts in their order: a question within its limit, the limit within each ledger. All
 * problems at once; parameter `where` of each is the path in the policy.
 */
export const checkPolicy = (policy: Policy, datasets: readonly Dataset[]): readonly Refusal[] => {
  const known = new Map(datasets.map((dataset) => [dataset.dataset, dataset]))
  const entries = Object.entries(policy.datasets)
  return [
    ...entries.flatMap(([name, datasetPolicy]) => {
      const dataset = known.get(name)
      return dataset === undefined
        ? [unknownName(`datasets.${name}`, 'dataset', name, [...known.keys()])]
        : checkDataset(dataset, datasetPolicy)
    }),
    ...checkKinds(
      policy,
      entries.flatMap(([name]) => known.get(name) ?? []),
    ),
    ...checkAmounts(policy),
  ]
}

/** Names that were not found, with those that would have been. */
export const unknownName = (
  where: string,
  thing: string,
  name: string,
  allowed: readonly string[],
): Refusal =>
  refuse('source/unknown-name', {
    where,
    thing,
    name,
    allowed: listOf(nearestFirst(name, allowed)),
  })

export const exceeds = (
  where: string,
  value: number,
  limit: string,
  max: number,
): readonly Refusal[] =>
  value <= max ? [] : [refuse('source/limit-exceeded', { where, value, limit, max })]

const checkDataset = (
  { dataset, columns }: Dataset,
  policy: Policy['datasets'][string],
): readonly Refusal[] => {
  const where = `datasets.${dataset}`
  const usable = columns.filter((column) => isUsable(column)).map(({ name }) => name)
  const { rowsMax, groupsMax } = policy.contribution
  return [
    ...Object.entries(policy.columns).flatMap(([name, columnPolicy]) => {
      const column = columns.find((column) => column.name === name)
      const place = `${where}.columns.${name}`
      return column === undefined
        ? [unknownName(place, 'column', name, usable)]
        : checkColumn(column, columnPolicy, place)
    }),
    ...exceeds(
      `${where}.contribution.groupsMax`,
      groupsMax,
      `${where}.contribution.rowsMax`,
      rowsMax,
    ),
  ]
}

const checkKinds = (policy: Policy, named: readonly Dataset[]): readonly Refusal[] => {
  const uses = named.flatMap(({ dataset, entities }) =>
    entities.map(({ kind }, position) => ({ dataset, kind, isUnit: position === 0 })),
  )
  const firstUses = new Map(uses.toReversed().map((use) => [use.kind, use]))
  return [
    ...[...firstUses.values()]
      .filter(({ kind }) => policy.kinds[kind] === undefined)
      .map(({ kind, dataset }) => refuse('source/kind-missing', { where: 'kinds', kind, dataset })),
    ...Object.entries(policy.kinds).flatMap(([kind, { unitsMax }]) => {
      const known = [...firstUses.keys()]
      if (!known.includes(kind)) return [unknownName(`kinds.${kind}`, 'entity kind', kind, known)]
      const onlyUnit = uses.every((use) => use.kind !== kind || use.isUnit)
      return onlyUnit && unitsMax !== undefined
        ? [refuse('source/needs-no-bound', { where: `kinds.${kind}.unitsMax`, kind })]
        : []
    }),
  ]
}

const checkAmounts = ({ question, kinds }: Policy): readonly Refusal[] => [
  ...exceeds('question.rhoMin', question.rhoMin, 'question.rho', question.rho),
  ...exceeds('question.rho', question.rho, 'question.rhoMax', question.rhoMax),
  ...Object.entries(kinds).flatMap(([kind, { ledger }]) => [
    ...exceeds('question.rhoMax', question.rhoMax, `kinds.${kind}.ledger.rho`, ledger.rho),
    ...exceeds('question.delta', question.delta, `kinds.${kind}.ledger.delta`, ledger.delta),
  ]),
]
