/** Random bytes one after the other. */
export type ByteReader = {
  /** A uniform whole number from 0 to 255. */
  readonly byte: () => number
  /** A uniform whole number from 0 to 65535. */
  readonly word: () => number
}

/**
 * Reads a source of cryptographically secure bytes (`World['randomBytes']`) in blocks, because one call of the system's
 * source costs as much as drawing many samples. A source that gives less than it was asked for is a bug, and thrown.
 */
export const byteReader = (
  randomBytes: (length: number) => Uint8Array,
  blockBytes = 4096,
): ByteReader => {
  let block: Uint8Array = new Uint8Array(0)
  let next = 0
  const byte = (): number => {
    if (next === block.length) {
      block = randomBytes(blockBytes)
      if (block.length !== blockBytes) throw new Error('the source of randomness ran short')
      next = 0
    }
    return block[next++] ?? 0
  }
  return { byte, word: () => byte() * 256 + byte() }
}
