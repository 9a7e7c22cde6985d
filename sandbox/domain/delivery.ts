import type { Dataset } from '../../policies/dataset.ts'
import type { Delivery } from '../../policies/quality.ts'
import { quoteName, quoteText, type Engine } from '../run/engine.ts'
import { rawTable } from './load.ts'
import type { Aside } from './quarantine.ts'
import type { Repairs } from './values.ts'
import type { Nulls } from './verify.ts'

/** What was found in a file: of the rows that stay their empty cells, of all rows what was repaired or set aside. */
type Found = {
  readonly nulls: Nulls
  readonly repairs: Repairs
  readonly aside: Aside | undefined
}

/** Counts a delivery. The rows that stay are in `rawTable`. */
export const countDelivery = async (
  engine: Engine,
  delivered: { readonly dataset: Dataset; readonly rows: number; readonly today: string },
  { nulls, repairs, aside }: Found,
): Promise<Delivery> => {
  const { dataset, rows, today } = delivered
  const asideFor = (reason: 'missing' | 'type', column: string): number =>
    aside?.reasons.find((each) => each.reason === reason && each.column === column)?.rows ?? 0
  const ageDays = await ageOf(engine, dataset, today)
  return {
    rows,
    wrongRows: aside?.wrongRows ?? 0,
    columns: dataset.columns.map(({ name }) => ({
      column: name,
      empty: (nulls.get(name) ?? 0) + asideFor('missing', name),
      unread: asideFor('type', name),
      rounded: repairs.get(name)?.rounded ?? 0,
      respelled: repairs.get(name)?.respelled ?? 0,
    })),
    ...(ageDays !== undefined && { ageDays }),
  }
}

/** Days from the newest date to today, none where it is to come; undefined where no cycle is declared, or no date there. */
const ageOf = async (
  engine: Engine,
  { update }: Dataset,
  today: string,
): Promise<number | undefined> => {
  if (update === undefined) return undefined
  const { rows } = await engine.query(
    `SELECT date_diff('day', max(${quoteName(update.column)}), DATE ${quoteText(today)}) FROM ${rawTable}`,
  )
  const [days] = rows[0] ?? []
  return typeof days === 'bigint' ? Math.max(0, Number(days)) : undefined
}
