import { shareOf, type Share } from '../../support/bound.ts'

/** What became of one family of attacks: a row of the scoreboard. */
export type Row = {
  readonly family: string
  /** What an attempt is, and what was to be inferred. */
  readonly what: string
  readonly attempts: number
  readonly refused: number
  readonly released: number
  /** Claims of the attacker that were right. */
  readonly inferred: Share
  /** Share of claims that are right by guessing alone. */
  readonly baseline: number
  /** Share of claims that may be right for what was spent. */
  readonly bound: number
  readonly boundBy: string
  /** The same attack where its guard is taken out. */
  readonly guardRemoved: Share
  readonly guard: string
}

/** A small run is part of every check; a long one fills the scoreboard. */
export type Size = 'small' | 'long'
export type Family = (size: Size) => Promise<Row>

export const added = (shares: readonly Share[]): Share => ({
  right: shares.reduce((sum, { right }) => sum + right, 0),
  of: shares.reduce((sum, { of }) => sum + of, 0),
})

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Confidence improvement of a General Data Anonymity score: how far claims are above guessing, of how far they can be. */
export const improvementOf = ({ inferred, baseline }: Row): number =>
  (shareOf(inferred) - baseline) / (1 - baseline)
