import type { Dataset } from '../dataset.ts'
import type { Policy } from '../policy.ts'
import type { Refusal } from '../refusal.ts'
import type { Door } from '../submission.ts'

/** Everything a decision rests on besides the tree: all of it public, none of it data. */
export type Context = {
  readonly datasets: Readonly<Record<string, Dataset>>
  readonly policy: Policy
  readonly door: Door
  /** What this question spends, in 1e-9 of zCDP rho. */
  readonly rhoNano: number
  /** The highest level a question may be of, by its agreement; any where absent. */
  readonly levelMax?: number
  /** Turns a byte offset of the submitted text into line and column. */
  readonly place: (offset: number) => NonNullable<Refusal['at']>
}

/** The position of a node or expression as a refusal carries it: its own, or the first of what it is made of. */
export const placeOf = (
  context: Context,
  part: { readonly at?: number | undefined },
): Refusal['at'] => {
  const at = part.at ?? firstPlace(part)
  return at === undefined ? undefined : context.place(at)
}

const firstPlace = (part: object): number | undefined => {
  for (const [name, value] of Object.entries(part)) {
    if (name === 'at' && typeof value === 'number') return value
    const found =
      typeof value === 'object' && value !== null ? firstPlace(value as object) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
