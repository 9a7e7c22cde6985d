import type { Dataset } from '../dataset.ts'
import type { ColumnPolicy } from '../policy.ts'
import { publishedColumns, type PublishedColumn } from '../published.ts'
import { booleanDomain, boundsOfDomain, dayOf, truncate, type Domain } from '../relation/domain.ts'
import type { ColumnFact, NodeFact, PublicFact } from '../relation/fact.ts'
import type { Interval } from '../relation/interval.ts'
import type { NodeOf } from '../relation/tree.ts'
import { isNumeric, type DataType } from '../relation/type.ts'
import type { Context } from './context.ts'
import { isProtectedName } from './plan.ts'
import { sure } from '../sure.ts'

/** A table with entities is private to the first kind of them; a table without is public. */
export const typeScan = (node: NodeOf<'scan'>, context: Context): NodeFact => {
  const dataset = sure(context.datasets[node.dataset], 'a dataset of the question')
  if (isProtectedName(node.dataset)) throw new Error('a dataset with the name of a result')
  const published = publishedColumns(dataset, context.policy)
  const columns = node.columns.map(({ name }) => {
    const column = published.find((candidate) => candidate.name === name)
    return scanFact(sure(column, 'a published column'), dataset, context)
  })
  const unit = dataset.entities[0]
  if (unit === undefined) return { columns, privacy: publicTable(node, dataset) }
  const { contribution } = sure(context.policy.datasets[dataset.dataset], 'a dataset of the policy')
  const single = isSingle(dataset)
  return {
    columns,
    privacy: {
      private: true,
      unit: unit.kind,
      single,
      rowsMax: single ? 1 : contribution.rowsMax,
      groupsMax: contribution.groupsMax,
      datasets: [dataset.dataset],
      anchors: [dataset.dataset],
      stages: [],
    },
  }
}

/** One row a unit: the unit's identifier alone is the grain, and ingest refuses a file that contradicts it. */
export const isSingle = (dataset: Dataset): boolean =>
  dataset.grain.length === 1 && dataset.grain[0] === dataset.entities[0]?.column

const publicTable = (node: NodeOf<'scan'>, dataset: Dataset): PublicFact => {
  const grain = dataset.grain.map((name) =>
    node.columns.findIndex((column) => column.name === name),
  )
  return { private: false, uniqueKeys: grain.includes(-1) ? [] : [grain], stages: [] }
}

const scanFact = (column: PublishedColumn, dataset: Dataset, context: Context): ColumnFact => {
  const { type, kind } = column
  const sources = [`${dataset.dataset}.${column.name}`]
  const [unit] = dataset.entities
  if (kind !== undefined) {
    const own = kind === unit?.kind
    // Rows without a unit are nobody's and are left out of every private scan, so a scan's own surrogate is never NULL.
    const nullable = column.nullable && !own
    return { type, nullable, surrogate: { kind, own }, key: false, ofEntity: own, sources }
  }
  const rule = sure(
    context.policy.datasets[dataset.dataset]?.columns[column.name],
    'a column of the policy',
  )
  const domain = domainOf(type, rule)
  const bounds = isNumeric(type) ? (clampOf(rule) ?? boundsOfDomain(domain)) : undefined
  return {
    type,
    nullable: column.nullable,
    key: unit === undefined || rule.use === 'dimension',
    ofEntity: unit === undefined || isSingle(dataset) || rule.ofEntity,
    sources,
    ...(domain && { domain }),
    ...(bounds && { bounds }),
  }
}

const clampOf = (rule: ColumnPolicy): Interval | undefined =>
  rule.use === 'measure' ? { low: rule.clamp[0], high: rule.clamp[1] } : undefined

/** Dates that the publisher cut down are first days of their periods, and no other day is a cell. */
const domainOf = (type: DataType, rule: ColumnPolicy): Domain | undefined => {
  if (type.id === 'BOOLEAN') return booleanDomain
  if (rule.use !== 'dimension' || rule.domain === undefined) return undefined
  const { domain } = rule
  if ('codes' in domain) return { kind: 'values', values: [...new Set(domain.codes.map(String))] }
  if ('range' in domain) return { kind: 'integers', low: domain.range[0], high: domain.range[1] }
  const [low, high] = domain.dates.map(dayOf) as [number, number]
  const days: Domain = { kind: 'days', low, high, part: 'day' }
  return rule.desensitize.reduce<Domain | undefined>(
    (domain, step) => (step.method === 'date-truncate' ? truncate(domain, step.to) : domain),
    days,
  )
}
