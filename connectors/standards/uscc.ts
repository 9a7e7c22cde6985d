/** Unified social credit code 统一社会信用代码 of GB 32100-2015: 18 characters, without I, O, S, V and Z. */
const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
/** GB 32100: 3^(i-1) mod 31. */
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
/** GB 11714, over characters 9 to 16: the organisation code inside. Letters count from A = 10, none left out. */
const organisationWeights = [3, 7, 9, 10, 5, 8, 4, 2]
const organisationAlphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** The check character of GB 11714 for each remainder mod 11: 11 less the remainder, 10 as X, 11 as 0. */
const organisationChecks = '0X987654321'
/** Registering department and category, six digits of GB/T 2260, eight characters and two check characters. */
const form = `[${alphabet}]{2}[0-9]{6}[${alphabet}]{8}[0-9X][${alphabet}]`
const formPattern = new RegExp(`^${form}$`)

const remainder = (
  text: string,
  signs: string,
  weights: readonly number[],
  modulus: number,
): number =>
  weights.reduce((sum, weight, i) => sum + weight * signs.indexOf(text.charAt(i)), 0) % modulus

/** The check character of an organisation code's first eight characters (GB 11714). */
export const organisationCheck = (eight: string): string =>
  organisationChecks.charAt(remainder(eight, organisationAlphabet, organisationWeights, 11))

/** The check character of a code's first 17 characters (GB 32100). */
export const usccCheck = (seventeen: string): string =>
  alphabet.charAt((31 - remainder(seventeen, alphabet, weights, 31)) % 31)

/** Whether a text in normal form (`normal.ts`) is a code: its form and both check characters. */
export const isUscc = (text: string): boolean =>
  formPattern.test(text) &&
  organisationCheck(text.slice(8, 16)) === text.charAt(16) &&
  usccCheck(text.slice(0, 17)) === text.charAt(17)

const remainderSql = (
  first: number,
  signs: string,
  weights: readonly number[],
  modulus: number,
): string => {
  const terms = weights.map(
    (weight, i) => `${weight} * instr('${signs}', substr(__code, ${first + i}, 1))`,
  )
  // places count from 1 and values from 0
  const excess = weights.reduce((sum, weight) => sum + weight, 0)
  return `(${terms.join(' + ')} - ${excess}) % ${modulus}`
}

/** The check character of GB 11714 over eight characters from position `first` of a SQL expression named `__code`. */
export const organisationCheckSql = (first: number): string =>
  `substr('${organisationChecks}', CAST(1 + ${remainderSql(first, organisationAlphabet, organisationWeights, 11)} AS BIGINT), 1)`

/** The check character of GB 32100 over the first 17 characters of a SQL expression named `__code`. */
export const usccCheckSql = (): string =>
  `substr('${alphabet}', CAST(1 + (31 - ${remainderSql(1, alphabet, weights, 31)}) % 31 AS BIGINT), 1)`

/** `isUscc` as SQL over a VARCHAR expression in normal form; NULL for NULL. */
export const usccSql = (columnSql: string): string =>
  `list_transform([${columnSql}], lambda __code: regexp_full_match(__code, '${form}') ` +
  `AND ${organisationCheckSql(9)} = substr(__code, 17, 1) AND ${usccCheckSql()} = substr(__code, 18, 1))[1]`
