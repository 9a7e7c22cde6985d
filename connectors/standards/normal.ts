/**
 * The form in which identifiers are compared. Departments type them in full width, in lower case and with blanks around
 * them; two spellings of one code must become one entity. Nothing else is repaired: a wrong code stays wrong.
 */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const fullWidth = (text: string): string =>
  Array.from(text, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0)).join('')

const from = `${letters.toLowerCase()}${fullWidth(`${letters}${letters.toLowerCase()}0123456789`)}`
const to = `${letters}${letters}${letters}0123456789`
/** Blanks that spreadsheets and web forms leave at the ends: tab, line ends, no-break, ideographic, byte order mark. */
const blanks = ' \t\n\r\u00a0\u3000\ufeff'

const replacements = new Map(Array.from(from, (sign, position) => [sign, to[position] ?? '']))

export const normalise = (text: string): string => {
  const signs = Array.from(text)
  const isBlank = (sign: string): boolean => blanks.includes(sign)
  const start = signs.findIndex((sign) => !isBlank(sign))
  const end = signs.findLastIndex((sign) => !isBlank(sign))
  const inner = start === -1 ? [] : signs.slice(start, end + 1)
  return inner.map((sign) => replacements.get(sign) ?? sign).join('')
}

/** The same as SQL over the name of a VARCHAR column. A code already in normal form, which nearly all are, is only matched. */
export const normaliseSql = (nameSql: string): string =>
  `CASE WHEN regexp_full_match(${nameSql}, '[0-9A-Z]*') THEN ${nameSql} ` +
  `ELSE translate(trim(${nameSql}, '${blanks}'), '${from}', '${to}') END`
