import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Keyring } from './domain/keyring.ts'
import type { World } from './world.ts'

/** Made with the home, so that the log knows of it: a ring without it is too old. */
export const sealingKey = 'results'
const nonceBytes = 12
const tagBytes = 16

/**
 * Encrypts what waits inside for people (results of the people door, evidence) with AES-256-GCM under a key of the ring.
 * `name` is associated: sealed bytes open only under the name they were sealed with.
 */
export const seal = (
  { keyring, world }: { readonly keyring: Keyring; readonly world: World },
  name: string,
  bytes: Uint8Array,
): Uint8Array => {
  const nonce = world.randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', keyring.obtain(sealingKey), nonce)
  cipher.setAAD(Buffer.from(name))
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** Throws where the bytes are not what was sealed under this name. */
export const unseal = (keyring: Keyring, name: string, sealed: Uint8Array): Uint8Array => {
  const bytes = Buffer.from(sealed)
  const decipher = createDecipheriv(
    'aes-256-gcm',
    keyring.obtain(sealingKey),
    bytes.subarray(0, nonceBytes),
    { authTagLength: tagBytes },
  )
  decipher.setAAD(Buffer.from(name))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()])
}
