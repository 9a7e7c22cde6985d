/** What the entities behind one sum add to it, in whole units: totals of absolute values, the greatest first. */
export type Contributions = {
  readonly total: bigint
  /** The greatest ones, as many as any rule needs, or all if there are fewer. */
  readonly largest: readonly bigint[]
  readonly smallest: bigint
  /** Entities that add something, and the least they add. */
  readonly nonZero: bigint
  readonly smallestNonZero: bigint
  /** Rows with a value below zero. */
  readonly negatives: bigint
}

/** The sum of the `n` greatest. */
export const topOf = ({ largest }: Contributions, n: number): bigint =>
  largest.slice(0, n).reduce((sum, value) => sum + value, 0n)
