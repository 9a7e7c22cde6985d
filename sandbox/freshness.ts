import type { Dataset } from '../policies/dataset.ts'
import { dueMsOf } from '../policies/freshness.ts'
import { datasets } from './catalogue.ts'
import type { Domain } from './domain.ts'
import { factsSchema } from './facts.ts'
import { publishedMs, remainingVersions } from './state/versions.ts'

/** When more of a dataset should have come, and whether that is past. */
export type Freshness = { readonly dueMs: number; readonly isOverdue: boolean }

/** Undefined where no cycle is declared, or there is no version with a date to go by. */
export const freshnessOf = (
  { state: { reader }, world }: Pick<Domain, 'state' | 'world'>,
  { dataset, update }: Dataset,
): Freshness | undefined => {
  const last = update && remainingVersions(reader, dataset).at(-1)
  if (update === undefined || last === undefined) return undefined
  const { ageDays } = factsSchema.parse(JSON.parse(last.facts))
  if (ageDays === undefined) return undefined
  const dueMs = dueMsOf(update.cycle, { publishedMs: publishedMs(reader, last), ageDays })
  return { dueMs, isOverdue: dueMs < world.nowMs() }
}

/** Names of the datasets that are overdue. */
export const overdueDatasets = (domain: Pick<Domain, 'state' | 'world'>): readonly string[] =>
  datasets(domain.state.reader)
    .filter((dataset) => freshnessOf(domain, dataset)?.isOverdue === true)
    .map(({ dataset }) => dataset)
