import * as z from 'zod'

/**
 * The name of a dataset, column, policy, agreement, organisation or entity kind. Chinese letters are welcome; quotes,
 * spaces, dots and path separators are not, so a name is safe in a URL segment and as a quoted SQL identifier.
 * The engine compares identifiers without case, so there is one case. Names are keys of objects in every room: one that
 * each object has by birth (`constructor`) would be found where nobody listed it. Normal form C (Unicode UAX 15): two
 * names that look alike are one name.
 */
export const nameSchema = z
  .string()
  .max(63)
  .regex(/^[\p{Script=Han}a-z][\p{Script=Han}a-z0-9_-]*$/u, {
    message:
      'a name has lower-case letters, digits, Chinese characters, `_` and `-`, and begins with a letter',
  })
  .refine((name) => !(name in {}), 'this name is taken by the language')
  .refine((name) => name === name.normalize('NFC'), 'a name is written in Unicode normal form C')

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
