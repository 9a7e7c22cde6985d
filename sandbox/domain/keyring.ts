import { createHmac, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { suiteNames, type SuiteName } from '../log/suite-name.ts'
import { suites, type Suite } from '../log/suite.ts'
import type { World } from '../world.ts'
import { fileCustody, type Custody } from './custody.ts'
import { moveDurably, replaceDurably, createDurably } from './durable.ts'
import { eraseKeyFile, readKeyFile } from './key-file.ts'

/**
 * All keys of a domain, each wrapped under the domain key with its own identity as associated data, and
 * the whole ring under an HMAC of that key, so that no entry can be changed, moved, added or taken away.
 *
 * Destroying a key replaces the domain key and wraps what remains anew (I11): an older copy of the ring is then of no
 * use without an older copy of the key file, which therefore must not lie in the same backup.
 */
export type Keyring = {
  /** What the domain was made with. */
  readonly suite: Suite
  /** Grows by one with every change; the log records it, so that an older ring is noticed. */
  readonly generation: () => number
  readonly identities: () => readonly string[]
  readonly find: (identity: string) => Uint8Array | undefined
  /** The key of this identity, made and durably kept if there is none. Throws for an identity that was destroyed. */
  readonly obtain: (identity: string) => Uint8Array
  /**
   * Keeps keys that were made and used already, in one step: all of them are on the disk when this returns. Throws for an
   * identity that was destroyed, or has another key.
   */
  readonly keep: (keys: ReadonlyMap<string, Uint8Array>) => void
  /**
   * Forgets keys for good. They are gone when this returns; unknown identities are passed over. Refused, with nothing
   * changed, where the new domain key cannot be kept; throws where the ring before still opens.
   */
  readonly destroy: (identities: readonly string[]) => Outcome<undefined>
}

export type KeyringPaths = { readonly keyFile: string; readonly ringFile: string }

const format = 'sluice-keyring-1'
const keyBytes = 32

const ringSchema = z.strictObject({
  format: z.literal(format),
  suite: z.enum(suiteNames),
  generation: z.int().min(1),
  keys: z.record(z.string().min(1).max(300), z.base64().max(200)),
  destroyed: z.array(z.string().min(1).max(300)),
  seal: z.base64().max(64),
})
type Ring = Omit<z.infer<typeof ringSchema>, 'seal' | 'format'>

/** Makes a key file and an empty ring where there are none. */
export const createKeyring = (
  paths: KeyringPaths,
  world: World,
  { suite = 'intl', custody = fileCustody }: { suite?: SuiteName; custody?: Custody } = {},
): Outcome<Keyring> => {
  for (const file of [paths.keyFile, paths.ringFile])
    if (existsSync(file)) return refused(refuse('domain/exists', { file }))
  const domainKey = world.randomBytes(keyBytes)
  const ring: Ring = { suite, generation: 1, keys: {}, destroyed: [] }
  const stored = custody.wrap(suites[suite], domainKey)
  if (!stored.ok) return stored
  createDurably(paths.keyFile, stored.value)
  createDurably(paths.ringFile, encode(ring, domainKey))
  return accepted(keyringOf({ paths, world, custody }, { domainKey, ring }))
}

/** Opens a ring, finishing a destruction that a crash cut short. */
export const openKeyring = (
  paths: KeyringPaths,
  world: World,
  custody: Custody = fileCustody,
): Outcome<Keyring> => {
  const { keyFile, ringFile } = paths
  if (!existsSync(ringFile)) return refused(refuse('domain/keyring-missing', { file: ringFile }))
  const content = readFileSync(ringFile, 'utf8')
  const changed = refused(refuse('domain/keyring-changed', { file: ringFile }))
  const suite = suiteOf(content)
  if (suite === undefined) return changed
  const context = { paths, world, custody }
  const key = openKeyFile(custody, suite, keyFile)
  const ring = key.ok ? decode(content, key.value.key) : undefined
  if (key.ok && ring !== undefined) {
    eraseKeyFile(nextOf(keyFile))
    const kept = key.value.isOld ? keepAnew(context, suite, key.value.key) : accepted(undefined)
    return kept.ok ? accepted(keyringOf(context, { domainKey: key.value.key, ring })) : kept
  }
  const next = openKeyFile(custody, suite, nextOf(keyFile))
  const nextRing = next.ok ? decode(content, next.value.key) : undefined
  if (next.ok && nextRing !== undefined) {
    adoptNextKey(keyFile)
    return accepted(keyringOf(context, { domainKey: next.value.key, ring: nextRing }))
  }
  return key.ok ? changed : key
}

const openKeyFile = (
  custody: Custody,
  suite: Suite,
  file: string,
): ReturnType<Custody['unwrap']> => {
  const stored = readKeyFile(file)
  if (!stored.ok) return stored
  const opened = custody.unwrap(suite, stored.value)
  return opened.ok && opened.value.key.length !== keyBytes
    ? refused(refuse('domain/key-file-length', { file }))
    : opened
}

/** The same key, wrapped by what wraps now: an outside key was exchanged for another. */
const keepAnew = ({ paths, custody }: Context, suite: Suite, key: Uint8Array) => {
  const stored = custody.wrap(suite, key)
  if (!stored.ok) return stored
  createDurably(nextOf(paths.keyFile), stored.value)
  adoptNextKey(paths.keyFile)
  return accepted(undefined)
}

const nextOf = (keyFile: string): string => `${keyFile}.next`

/** The old key's bytes are overwritten before its name is taken over; what a disk keeps elsewhere is beyond a program. */
const adoptNextKey = (keyFile: string): void => {
  eraseKeyFile(keyFile)
  moveDurably(nextOf(keyFile), keyFile)
}

type Held = { domainKey: Uint8Array; ring: Ring }

type Context = {
  readonly paths: KeyringPaths
  readonly world: World
  readonly custody: Custody
}

const keyringOf = ({ paths, world, custody }: Context, held: Held): Keyring => {
  const suite = suites[held.ring.suite]
  const wrapNew = (domainKey: Uint8Array, identity: string, key: Uint8Array): string =>
    wrap({ suite, domainKey, identity }, { key, nonce: world.randomBytes(suite.nonceBytes) })
  const find = (identity: string): Uint8Array | undefined => {
    const sealed = Object.hasOwn(held.ring.keys, identity) ? held.ring.keys[identity] : undefined
    return sealed === undefined
      ? undefined
      : unwrap({ suite, domainKey: held.domainKey, identity }, sealed)
  }
  const keep = (keys: ReadonlyMap<string, Uint8Array>): void => {
    const added = [...keys].filter(([identity, key]) => {
      const known = find(identity)
      if (known !== undefined && !timingSafeEqual(known, key))
        throw new Error('this identity has another key')
      if (held.ring.destroyed.includes(identity))
        throw new Error('the key of this identity was destroyed')
      return known === undefined
    })
    if (added.length === 0) return
    const sealed = added.map(
      ([identity, key]) => [identity, wrapNew(held.domainKey, identity, key)] as const,
    )
    const ring = {
      ...held.ring,
      generation: held.ring.generation + 1,
      keys: { ...held.ring.keys, ...Object.fromEntries(sealed) },
    }
    replaceDurably(paths.ringFile, encode(ring, held.domainKey))
    held.ring = ring
  }
  return {
    suite,
    generation: () => held.ring.generation,
    identities: () => Object.keys(held.ring.keys).toSorted(),
    find,
    obtain: (identity) => {
      const known = find(identity)
      if (known !== undefined) return known
      const key = world.randomBytes(keyBytes)
      keep(new Map([[identity, key]]))
      return key
    },
    keep,
    destroy: (identities) => {
      const doomed = identities.filter((identity) => Object.hasOwn(held.ring.keys, identity))
      if (doomed.length === 0) return accepted(undefined)
      const domainKey = world.randomBytes(keyBytes)
      const ring = without(held, doomed, (identity, key) => wrapNew(domainKey, identity, key))
      const stored = custody.wrap(suite, domainKey)
      if (!stored.ok) return stored
      const before = readFileSync(paths.ringFile, 'utf8')
      eraseKeyFile(nextOf(paths.keyFile))
      createDurably(nextOf(paths.keyFile), stored.value)
      replaceDurably(paths.ringFile, encode(ring, domainKey))
      adoptNextKey(paths.keyFile)
      held.domainKey = domainKey
      held.ring = ring
      if (decode(before, domainKey) !== undefined) throw new Error('an old ring still opens')
      return accepted(undefined)
    },
  }
}

const without = (
  { ring, domainKey }: Held,
  doomed: readonly string[],
  rewrap: (identity: string, key: Uint8Array) => string,
): Ring => ({
  suite: ring.suite,
  generation: ring.generation + 1,
  keys: Object.fromEntries(
    Object.entries(ring.keys)
      .filter(([identity]) => !doomed.includes(identity))
      .map(([identity, sealed]) => [
        identity,
        rewrap(identity, unwrap({ suite: suites[ring.suite], domainKey, identity }, sealed)),
      ]),
  ),
  destroyed: [...ring.destroyed, ...doomed],
})

type Wrapping = {
  readonly suite: Suite
  readonly domainKey: Uint8Array
  readonly identity: string
}

const wrap = (
  { suite, domainKey, identity }: Wrapping,
  { key, nonce }: { key: Uint8Array; nonce: Uint8Array },
): string => {
  const sealing = { key: derive(suite, domainKey, 'wrap'), nonce, associated: associated(identity) }
  return Buffer.from(suite.seal(sealing, key)).toString('base64')
}

/** Throws where the entry is not what was wrapped for this identity. */
const unwrap = ({ suite, domainKey, identity }: Wrapping, wrapped: string): Uint8Array => {
  const opening = { key: derive(suite, domainKey, 'wrap'), associated: associated(identity) }
  const key = new Uint8Array(suite.unseal(opening, Buffer.from(wrapped, 'base64')))
  if (key.length !== keyBytes) throw new Error('a wrapped key of wrong length')
  return key
}

const associated = (identity: string): Buffer => Buffer.from(`${format}\n${identity}`)

const derive = (suite: Suite, domainKey: Uint8Array, use: 'wrap' | 'seal'): Uint8Array =>
  suite.derive(domainKey, `${format} ${use}`)

const sealOf = ({ suite, generation, keys, destroyed }: Ring, domainKey: Uint8Array): Buffer =>
  createHmac(suites[suite].hash, derive(suites[suite], domainKey, 'seal'))
    .update(
      JSON.stringify([format, suite, generation, Object.entries(keys).toSorted(byName), destroyed]),
    )
    .digest()

const byName = ([left]: [string, string], [right]: [string, string]): number =>
  left < right ? -1 : 1

const encode = (ring: Ring, domainKey: Uint8Array): Uint8Array =>
  Buffer.from(
    `${JSON.stringify({ format, ...ring, seal: sealOf(ring, domainKey).toString('base64') }, undefined, 1)}\n`,
  )

const suiteOf = (content: string): Suite | undefined => {
  const parsed = ringSchema.safeParse(parseJson(content))
  return parsed.success ? suites[parsed.data.suite] : undefined
}

const decode = (content: string, domainKey: Uint8Array): Ring | undefined => {
  const parsed = ringSchema.safeParse(parseJson(content))
  if (!parsed.success) return undefined
  const { suite, generation, keys, destroyed, seal } = parsed.data
  const ring = { suite, generation, keys, destroyed }
  const given = Buffer.from(seal, 'base64')
  const expected = sealOf(ring, domainKey)
  return given.length === expected.length && timingSafeEqual(given, expected) ? ring : undefined
}

const parseJson = (content: string): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}
