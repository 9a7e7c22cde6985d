import type { Dataset } from '../../policies/dataset.ts'
import type { Delivery } from '../../policies/quality.ts'
import { quoteName, quoteText, type Engine } from '../run/engine.ts'
import type { Replacements } from './authority.ts'
import { rawTable } from './load.ts'
import type { Aside } from './quarantine.ts'
import type { Repairs } from './values.ts'

/**
 * Counts a delivery. `kept` names the rows that stay, as after FROM: of them come empty cells and age, of all rows what was
 * repaired, and of those set aside what is wrong with them.
 */
export const countDelivery = async (
  engine: Engine,
  { dataset, rows, today, kept }: Delivered,
  { repairs, replaced, aside }: Changes,
): Promise<Delivery> => {
  const asideFor = (reason: 'missing' | 'type', column: string): number =>
    aside?.reasons.find((each) => each.reason === reason && each.column === column)?.rows ?? 0
  const empty = dataset.columns.map(({ name }) => `count(*) - count(${quoteName(name)})`)
  const counted = await engine.query(
    `SELECT ${ageSql(dataset, today)}, ${empty.join(', ')} FROM ${kept}`,
  )
  const [days, ...nulls] = counted.rows[0] ?? []
  return {
    rows,
    wrongRows: aside?.wrongRows ?? 0,
    columns: dataset.columns.map(({ name }, place) => ({
      column: name,
      empty: Number(nulls[place]) + asideFor('missing', name),
      unread: asideFor('type', name),
      rounded: repairs.get(name)?.rounded ?? 0,
      respelled: repairs.get(name)?.respelled ?? 0,
      ...some('replaced', replaced.get(name)?.replaced),
      ...some('filled', replaced.get(name)?.filled),
    })),
    ...daysOf(days),
  }
}

/** From the newest date of the raw version to today. */
export const measureAge = async (
  engine: Engine,
  dataset: Dataset,
  today: string,
): Promise<{ readonly ageDays?: number }> => {
  // Without a cycle there is nothing to look for: what is asked of no column is answered for every row.
  if (dataset.update === undefined) return {}
  const { rows } = await engine.query(`SELECT ${ageSql(dataset, today)} FROM ${rawTable}`)
  return daysOf(rows[0]?.[0])
}

/** A date to come, where one may be, is as new as today. */
const daysOf = (days: unknown): { ageDays?: number } =>
  typeof days === 'bigint' ? { ageDays: Math.max(0, Number(days)) } : {}

const some = (name: 'replaced' | 'filled', count = 0): { replaced?: number; filled?: number } =>
  count > 0 ? { [name]: count } : {}

type Changes = {
  readonly repairs: Repairs
  readonly replaced: Replacements
  readonly aside: Aside | undefined
}

type Delivered = {
  readonly dataset: Dataset
  readonly rows: number
  readonly today: string
  readonly kept: string
}

/** Days from the newest date to today; NULL where no cycle is declared, or there is no date. */
const ageSql = ({ update }: Dataset, today: string): string =>
  update === undefined
    ? 'NULL'
    : `date_diff('day', max(${quoteName(update.column)}), DATE ${quoteText(today)})`
