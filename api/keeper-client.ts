import type { Outcome } from '../policies/outcome.ts'
import type { Action } from '../policies/roles.ts'
import type { Input, Output } from '../sandbox/door.ts'

/** The domain as this process knows it: whose key (its SHA-256), what, and the input; an outcome comes back. */
export type Door = {
  readonly call: <A extends Action>(
    keyDigest: string,
    action: A,
    input: Input<A>,
  ) => Promise<Outcome<Output<A>>>
  /** Whether the keeper is up and answers. */
  readonly ready: () => boolean
}
