import type { Keyring } from './domain/keyring.ts'
import type { World } from './world.ts'

/** Made with the home, so that the log knows of it: a ring without it is too old. */
export const sealingKey = 'results'

/**
 * Encrypts what waits inside for people (results of the people door, evidence) under a key of the ring. `name` is
 * associated: sealed bytes open only under the name they were sealed with.
 */
export const seal = (
  { keyring, world }: { readonly keyring: Keyring; readonly world: World },
  name: string,
  bytes: Uint8Array,
): Uint8Array => {
  const { suite } = keyring
  const nonce = world.randomBytes(suite.nonceBytes)
  const key = keyring.obtain(sealingKey)
  return suite.seal({ key, nonce, associated: Buffer.from(name) }, bytes)
}

/** Throws where the bytes are not what was sealed under this name. */
export const unseal = (keyring: Keyring, name: string, sealed: Uint8Array): Uint8Array =>
  keyring.suite.unseal({ key: keyring.obtain(sealingKey), associated: Buffer.from(name) }, sealed)
