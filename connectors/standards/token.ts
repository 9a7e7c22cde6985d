/**
 * Token 假名: what a domain gives an organisation for an identifier under an agreement (`sandbox/domain/token.ts`), 16 bytes
 * in upper-case hexadecimal after `TK`. There are no check digits: a token that nobody made is as good as any other.
 */
export const tokenPrefix = 'TK'
const form = `${tokenPrefix}[0-9A-F]{32}`
const formPattern = new RegExp(`^${form}$`)

/** Whether a text in normal form (`normal.ts`) can be a token. */
export const isToken = (text: string): boolean => formPattern.test(text)

/** `isToken` as SQL over a VARCHAR expression in normal form; NULL for NULL. */
export const tokenSql = (columnSql: string): string => `regexp_full_match(${columnSql}, '${form}')`
