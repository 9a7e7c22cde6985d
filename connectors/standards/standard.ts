import type { DatasetColumn } from '../../policies/dataset.ts'
import { industrySql, isIndustry } from './industry.ts'
import { isRegion, regionSql } from './region.ts'
import { isOldResidentId, isResidentId, oldResidentIdSql, residentIdSql } from './resident-id.ts'
import { isTaxNumber, taxNumberSql } from './tax-number.ts'
import { isToken, tokenSql } from './token.ts'
import { isUscc, usccSql } from './uscc.ts'

/** A check of texts: in TypeScript, and as a boolean SQL expression over a VARCHAR expression. */
export type TextCheck = {
  readonly is: (text: string) => boolean
  readonly sql: (columnSql: string) => string
}

/**
 * How the values of a column with a `standard` are checked, and how the numbers look that it took the place of. All take
 * text in the normal form of `normal.ts`; TypeScript and SQL say the same of every text; NULL for NULL.
 */
export const standards: Record<
  NonNullable<DatasetColumn['standard']>,
  TextCheck & { readonly old?: TextCheck }
> = {
  uscc: { is: isUscc, sql: usccSql, old: { is: isTaxNumber, sql: taxNumberSql } },
  'resident-id': {
    is: isResidentId,
    sql: residentIdSql,
    old: { is: isOldResidentId, sql: oldResidentIdSql },
  },
  region: { is: isRegion, sql: regionSql },
  industry: { is: isIndustry, sql: industrySql },
  token: { is: isToken, sql: tokenSql },
}
