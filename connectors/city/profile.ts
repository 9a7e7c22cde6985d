/** How large a generated city is. All its facts are of the year 2024, so that none lies in the future. */
export const profiles = {
  /** Large enough that a model can be trained on it and judged. */
  ci: { enterprises: 20_000, months: 12 },
  demo: { enterprises: 100_000, months: 12 },
} as const satisfies Record<string, Profile>

export type Profile = { readonly enterprises: number; readonly months: number }

/** The seed of reference results. */
export const referenceSeed = 20_260_101

export const firstMonth = '2024-01-01'
/** The day before the first month: what is known of an enterprise is known by then. */
export const registryDay = '2023-12-31'
