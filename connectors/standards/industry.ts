/**
 * Industry code of GB/T 4754-2017: a section's letter, two digits of one of the 97 divisions, and up to two more digits of
 * group and class. The letter may be left out before digits; where it stands it is the division's own.
 */
const sections = {
  A: [1, 5],
  B: [6, 12],
  C: [13, 43],
  D: [44, 46],
  E: [47, 50],
  F: [51, 52],
  G: [53, 60],
  H: [61, 62],
  I: [63, 65],
  J: [66, 69],
  K: [70, 70],
  L: [71, 72],
  M: [73, 75],
  N: [76, 79],
  O: [80, 82],
  P: [83, 83],
  Q: [84, 85],
  R: [86, 90],
  S: [91, 96],
  T: [97, 97],
} as const satisfies Record<string, readonly [number, number]>

const divisionsOf = ([first, last]: readonly [number, number]): string =>
  Array.from({ length: last - first + 1 }, (_, at) => String(first + at).padStart(2, '0')).join('|')

const form = Object.entries(sections)
  .map(([letter, range]) => `${letter}|${letter}?(${divisionsOf(range)})[0-9]{0,2}`)
  .join('|')
const formPattern = new RegExp(`^(?:${form})$`)

/** Whether a text in normal form (`normal.ts`) can be an industry's code. */
export const isIndustry = (text: string): boolean => formPattern.test(text)

/** `isIndustry` as SQL over a VARCHAR expression in normal form; NULL for NULL. */
export const industrySql = (columnSql: string): string =>
  `regexp_full_match(${columnSql}, '${form}')`
