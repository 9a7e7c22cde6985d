import { sure } from './sure.ts'

/**
 * The names as they are, but those first that the written one is nearly: a slip of the keyboard or two. What a list of
 * hundreds is cut off from is then never the one that was meant.
 */
export const nearestFirst = (written: string, names: readonly string[]): readonly string[] => {
  const slips = Math.max(1, Math.floor(Array.from(written).length / 3))
  const measured = names.map((name) => ({ name, slips: distance(written, name) }))
  const near = measured.filter((each) => each.slips <= slips)
  return [
    ...near.toSorted((left, right) => left.slips - right.slips),
    ...measured.filter((each) => each.slips > slips),
  ].map(({ name }) => name)
}

const listedMax = 400

/** Names in a row, as many as a refusal's parameter holds; `(none)` where there are none. */
export const listOf = (names: readonly string[]): string => {
  const whole = names.join(', ') || '(none)'
  if (whole.length <= listedMax) return whole
  const shown = whole.slice(0, listedMax - 5)
  return `${shown.slice(0, Math.max(shown.lastIndexOf(', '), 0)) || shown}, …`
}

/** Longest text that is measured: what is longer is nobody's slip. */
const lengthMax = 64

/**
 * How many characters must be put in, taken out, replaced or swapped with their neighbour to make one text the other:
 * optimal string alignment, row by row over the matrix of all beginnings.
 */
const distance = (one: string, other: string): number => {
  const [left, right] = [Array.from(one), Array.from(other)]
  if (Math.max(left.length, right.length) > lengthMax) return Infinity
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, at) => at)]
  const cell = (row: number, column: number): number => sure(rows[row]?.[column], 'a cell')
  for (const [i, sign] of left.entries()) {
    const row = [i + 1]
    rows.push(row)
    for (const [j, wanted] of right.entries()) {
      const isSwap = sign === right[j - 1] && left[i - 1] === wanted
      row.push(
        Math.min(
          cell(i, j + 1) + 1,
          cell(i + 1, j) + 1,
          cell(i, j) + (sign === wanted ? 0 : 1),
          ...(isSwap ? [cell(i - 1, j - 1) + 1] : []),
        ),
      )
    }
  }
  return cell(left.length, right.length)
}
