import { createHash } from 'node:crypto'
import type { Home } from './domain/home.ts'
import type { Keyring } from './domain/keyring.ts'
import type { Signer } from './log/checkpoint.ts'
import type { Isolation } from './run/child.ts'
import type { Places } from './places.ts'
import type { Pool } from './run/pool.ts'
import type { Settings } from './settings.ts'
import type { State } from './state/open.ts'
import type { Turns } from './turns.ts'
import type { World } from './world.ts'

/** Everything the keeper holds of one domain. */
export type Domain = {
  readonly world: World
  readonly settings: Settings
  readonly home: Home
  readonly keyring: Keyring
  readonly signer: Signer
  readonly state: State
  readonly isolation: Isolation
  readonly checkers: Pool
  /** Checkers that compose answers: what read a hostile text never holds the answer of another. */
  readonly composers: Pool
  readonly runners: Pool
  readonly places: Places
  /** One publisher or destruction at a time: both write what lies on the shelves, and a publisher extends the registers. */
  readonly publishing: Turns
  /** One reader of what was set aside, beside it. */
  readonly reading: { busy: boolean }
  /** One look into a pull's folder at a time; what is remembered of them until this process ends. */
  readonly pulling: {
    busy: boolean
    /** When a folder was last looked into, by dataset. */
    readonly looked: Map<string, number>
    /** Files that were taken already, by place: nobody need read them again while they stay as they are. */
    readonly taken: Map<string, string>
  }
  /** When the ends of versions are looked after next. */
  readonly tending: { timer?: NodeJS.Timeout; isWaiting?: boolean }
  /** Removes files and keys that no committed version names. Never while a publisher works. */
  readonly sweep: () => void
  /** Those who wait for a submission to come to rest, by its id. */
  readonly waiters: Map<string, Set<() => void>>
  /** Tells the operator of an incident: where it happened, never what was in hand. */
  readonly report: (incident: string, error: unknown) => void
}

/** What the domain does by itself, in the log. */
export const systemActor = { account: 'keeper', organisation: 'domain', role: 'keeper' } as const

/** ISO date of today, in UTC. */
export const dateOf = ({ world }: Pick<Domain, 'world'>): string =>
  new Date(world.nowMs()).toISOString().slice(0, 10)

/** An API key of 256 bits; the state keeps its SHA-256 alone. */
export const newKey = (world: World): { readonly key: string; readonly digest: string } => {
  const key = `sk_${Buffer.from(world.randomBytes(32)).toString('base64url')}`
  return { key, digest: createHash('sha256').update(key).digest('hex') }
}
