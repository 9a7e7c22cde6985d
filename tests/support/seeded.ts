import { createCipheriv, createHash } from 'node:crypto'

/** A source of bytes that is the same for the same seed: AES-256 in counter mode over zeros. For tests only. */
export const seededBytes = (seed: string): ((length: number) => Uint8Array) => {
  const key = createHash('sha256').update(seed).digest()
  const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
  return (length) => cipher.update(new Uint8Array(length))
}
