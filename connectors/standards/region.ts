/**
 * Region code 行政区划代码 of GB/T 2260-2007: two digits each for province, prefecture and county. Only what does not
 * change from year to year is checked: which provinces there are, and which digits each place has. Prefectures are
 * 01 to 20 and 51 to 70 (cities), 21 to 50 (prefectures and leagues) and 90 (counties directly under a province); with
 * 00 the code is of the level above. The counties themselves change, so a city lists its own as `codes` of the column.
 */
const provinces = '1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]'
const form = `(${provinces})(0000|(0[1-9]|[1-6][0-9]|70|90)[0-9]{2})`
const formPattern = new RegExp(`^(?:${form})$`)

/** Whether a text in normal form (`normal.ts`) can be a region's code. */
export const isRegion = (text: string): boolean => formPattern.test(text)

/** `isRegion` as SQL over a VARCHAR expression in normal form; NULL for NULL. */
export const regionSql = (columnSql: string): string => `regexp_full_match(${columnSql}, '${form}')`
