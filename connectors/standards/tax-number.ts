import { organisationCheck, organisationCheckSql } from './uscc.ts'

/**
 * Tax registration number 税务登记号, which the unified code took the place of in 2015: six digits of a region and the nine
 * characters of an organisation code (GB 11714) with its check character. It is known for what it is and not repaired:
 * the region is of the tax office, and the first two characters of the unified code are nowhere in it.
 */
const form = '[0-9]{6}[0-9A-Z]{8}[0-9X]'
const formPattern = new RegExp(`^${form}$`)

/** Whether a text in normal form (`normal.ts`) is a tax registration number of 15 characters. */
export const isTaxNumber = (text: string): boolean =>
  formPattern.test(text) && organisationCheck(text.slice(6, 14)) === text.charAt(14)

/** `isTaxNumber` as SQL over a VARCHAR expression in normal form; NULL for NULL. */
export const taxNumberSql = (columnSql: string): string =>
  `list_transform([${columnSql}], lambda __code: regexp_full_match(__code, '${form}') ` +
  `AND ${organisationCheckSql(7)} = substr(__code, 15, 1))[1]`
