/**
 * Resident identity number 公民身份号码 of GB 11643-1999: region, birth date, sequence and a check digit by ISO 7064
 * MOD 11-2, whose remainder 2 is written X. Fifteen-digit numbers went out of use in 2013: they are known, and not taken.
 */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checks = '10X98765432'
const form = '[1-9][0-9]{5}(18|19|20)[0-9]{9}[0-9X]'
const formPattern = new RegExp(`^${form}$`)

/** The check digit of a number's first 17 digits. */
export const residentIdCheck = (seventeen: string): string =>
  checks.charAt(
    weights.reduce((sum, weight, i) => sum + weight * Number(seventeen.charAt(i)), 0) % 11,
  )

/** Whether year, month and day are a day of the calendar; `YYYYMMDD`. */
const isCalendarDate = (digits: string): boolean => {
  const iso = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}`
  const date = new Date(`${iso}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso)
}

/** Whether a text in normal form (`normal.ts`) is a number: its form, a date that exists, and the check digit. */
export const isResidentId = (text: string): boolean =>
  formPattern.test(text) &&
  isCalendarDate(text.slice(6, 14)) &&
  residentIdCheck(text.slice(0, 17)) === text.charAt(17)

/** The check digit over the first 17 digits of a SQL expression named `__code`. */
export const residentIdCheckSql = (): string => {
  const terms = weights.map(
    (weight, i) => `${weight} * (instr('0123456789', substr(__code, ${i + 1}, 1)) - 1)`,
  )
  return `substr('${checks}', CAST(1 + (${terms.join(' + ')}) % 11 AS BIGINT), 1)`
}

/** `isResidentId` as SQL over a VARCHAR expression in normal form; NULL for NULL. */
export const residentIdSql = (columnSql: string): string => {
  const date = `substr(__code, 7, 4) || '-' || substr(__code, 11, 2) || '-' || substr(__code, 13, 2)`
  return (
    `list_transform([${columnSql}], lambda __code: CASE WHEN __code IS NOT NULL THEN ` +
    `regexp_full_match(__code, '${form}') AND TRY_CAST(${date} AS DATE) IS NOT NULL ` +
    `AND ${residentIdCheckSql()} = substr(__code, 18, 1) END)[1]`
  )
}

/** The number of before 1999: region, day of birth in the twentieth century without its 19, and sequence. */
const oldForm = '[1-9][0-9]{14}'
const oldFormPattern = new RegExp(`^${oldForm}$`)

/** Whether a text in normal form is a number of fifteen digits with a day that exists. */
export const isOldResidentId = (text: string): boolean =>
  oldFormPattern.test(text) && isCalendarDate(`19${text.slice(6, 12)}`)

/** `isOldResidentId` as SQL over a VARCHAR expression in normal form; NULL for NULL. */
export const oldResidentIdSql = (columnSql: string): string => {
  const date = `'19' || substr(__code, 7, 2) || '-' || substr(__code, 9, 2) || '-' || substr(__code, 11, 2)`
  return (
    `list_transform([${columnSql}], lambda __code: CASE WHEN __code IS NOT NULL THEN ` +
    `regexp_full_match(__code, '${oldForm}') AND TRY_CAST(${date} AS DATE) IS NOT NULL END)[1]`
  )
}
