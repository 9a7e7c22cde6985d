/** How large a generated city is, and how much its bank lends. All facts end with the year 2024, so none lies in the future. */
export const profiles = {
  /** Large enough that a model can be trained on it and judged. */
  ci: { enterprises: 20_000, months: 12, penetration: 0.9, defaultLevel: -3.6 },
  demo: { enterprises: 100_000, months: 12, penetration: -1.55, defaultLevel: -4.55 },
  city: { enterprises: 1_000_000, months: 12, penetration: -1.55, defaultLevel: -4.55 },
  beijing: { enterprises: 2_700_000, months: 24, penetration: -1.55, defaultLevel: -4.55 },
} as const satisfies Record<string, Profile>

export type Profile = {
  readonly enterprises: number
  /** The last of them is December 2024. */
  readonly months: number
  /** Log-odds of an average enterprise to borrow at the bank. */
  readonly penetration: number
  /** Log-odds of an average borrower to default within a year. */
  readonly defaultLevel: number
}

/** The seed of reference results. */
export const referenceSeed = 20_260_101

/** The first of the months, as an ISO date. */
export const firstMonthOf = ({ months }: Pick<Profile, 'months'>): string =>
  new Date(Date.UTC(2025, -months, 1)).toISOString().slice(0, 10)
/** What is known of an enterprise is known by then. */
export const registryDay = '2023-12-31'
