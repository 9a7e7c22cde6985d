import type { Below } from './mutate.ts'

/** Something that reads what others wrote: one try gives it a changed input and throws where it broke a promise. */
export type Target = {
  readonly attempt: (below: Below) => Promise<void>
  readonly close?: () => void | Promise<void>
  /** Tries of a short and of a long run. */
  readonly tries: readonly [short: number, long: number]
}
