import * as z from 'zod'
import type { Reader } from './database.ts'
import { chargeOf, linesOf, spentLines, type Amount, type Line } from './ledger.ts'

/**
 * The ledger counted anew from the log. The log cannot be changed unnoticed, the table of what is spent could be by
 * whoever can write the file: at opening both must agree to the last digit.
 */
export type Recount = {
  /** Takes in the canonical text of a `ledger/charged` entry. */
  readonly add: (body: string) => void
  readonly agrees: (reader: Reader) => boolean
}

const chargedSchema = z.object({ detail: z.unknown() })

export const beginRecount = (): Recount => {
  const totals = new Map<string, Amount>()
  return {
    add: (body) => {
      const { detail } = chargedSchema.parse(JSON.parse(body))
      for (const line of linesOf(chargeOf(detail))) {
        const before = totals.get(keyOf(line)) ?? { rhoNano: 0, deltaFemto: 0 }
        totals.set(keyOf(line), {
          rhoNano: before.rhoNano + line.rhoNano,
          deltaFemto: before.deltaFemto + line.deltaFemto,
        })
      }
    },
    agrees: (reader) => {
      const stored = spentLines(reader)
      return stored.length === totals.size && stored.every((line) => isEqual(line, totals))
    },
  }
}

const keyOf = ({ scope, name, kind }: Line): string => JSON.stringify([scope, name, kind])

const isEqual = (line: Line & Amount, totals: ReadonlyMap<string, Amount>): boolean => {
  const total = totals.get(keyOf(line))
  return total?.rhoNano === line.rhoNano && total.deltaFemto === line.deltaFemto
}
