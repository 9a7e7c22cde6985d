import type { DatasetColumn } from '../../policies/dataset.ts'
import { isResidentId, residentIdSql } from './resident-id.ts'
import { isUscc, usccSql } from './uscc.ts'

/**
 * How the values of a column with a `standard` are checked: in TypeScript, and as a boolean SQL expression over a
 * VARCHAR expression. Both take text in the normal form of `normal.ts` and say the same of every text; NULL for NULL.
 */
export const standards: Record<
  NonNullable<DatasetColumn['standard']>,
  { readonly is: (text: string) => boolean; readonly sql: (columnSql: string) => string }
> = {
  uscc: { is: isUscc, sql: usccSql },
  'resident-id': { is: isResidentId, sql: residentIdSql },
}
