import * as z from 'zod'

/**
 * The name of a dataset, column, policy, agreement, organisation or entity kind. Chinese letters are welcome; quotes,
 * spaces, dots and path separators are not, so a name is safe in a URL segment and as a quoted SQL identifier.
 * The engine compares identifiers without case: names differ by more than case (`unique` checks below fold it).
 */
export const nameSchema = z
  .string()
  .max(63)
  .regex(/^[\p{Script=Han}a-z][\p{Script=Han}a-z0-9_-]*$/u, {
    message:
      'a name has lower-case letters, digits, Chinese characters, `_` and `-`, and begins with a letter',
  })

/** A column's name: as above without `-`, so that analysts can write it without quotes. */
export const columnNameSchema = nameSchema.refine((name) => !name.includes('-'), {
  message: 'a column name has no `-`',
})

/** A text for people in both languages of the product. */
export const titleSchema = z.strictObject({
  zh: z.string().min(1).max(200),
  en: z.string().min(1).max(200),
})

/** ISO 8601 calendar date, checked for existence. */
export const dateSchema = z.iso.date()

/** Lower-case hexadecimal SHA-256. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/)
