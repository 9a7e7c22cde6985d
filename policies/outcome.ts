import type { Refusal } from './refusal.ts'

/** What a step answers: a value, or every reason why there is none. Bugs are thrown, never put in here. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

export const accepted = <T>(value: T): Outcome<T> => ({ ok: true, value })
export const refused = (...refusals: readonly Refusal[]): Outcome<never> => ({
  ok: false,
  refusals,
})
