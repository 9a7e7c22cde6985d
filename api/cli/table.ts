/** Characters that take two columns: East Asian Wide and Fullwidth (Unicode UAX 11) and emoji. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u

/** Columns a text takes on a terminal. */
export const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, character) => {
    if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return sum
    return sum + (wide.test(character) ? 2 : 1)
  }, 0)

/**
 * Text as a terminal may show it: control characters, which could move the cursor or rewrite what stands above, and
 * marks that turn the direction of writing round become a visible sign.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, '\uFFFD')

export type Column = { readonly title: string; readonly right?: boolean }

/** A table with columns two spaces apart, sized by what is in them. Ends with a line feed. */
export const tableOf = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string => {
  const lines = [columns.map(({ title }) => title), ...rows].map((row) => row.map(printable))
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ''))))
  return lines
    .map((line) =>
      columns
        .map(({ right }, at) => {
          const text = line[at] ?? ''
          const space = ' '.repeat((widths[at] ?? 0) - widthOf(text))
          return right === true ? space + text : text + space
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}
