/*
 * Looks for many byte strings at once, in every form in which they could have been written: as they are, as UTF-16 in
 * both orders, as hexadecimal of either case, and inside base64 at each of its three alignments.
 */
type Needle = { readonly what: string; readonly bytes: Buffer }

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16()

/** Characters of the base64 of something that contains the bytes at an offset, without those that its neighbours share. */
const inBase64 = (bytes: Buffer, offset: number): Buffer => {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
  const first = Math.ceil((offset * 4) / 3)
  const last = Math.floor(((offset + bytes.length) * 4) / 3)
  return Buffer.from(text.slice(first, last))
}

const formsOf = (value: string | Uint8Array): readonly Buffer[] => {
  const bytes = Buffer.from(value as Uint8Array)
  const wide = typeof value === 'string' ? Buffer.from(value, 'utf16le') : undefined
  const base64 = [0, 1, 2].map((offset) => inBase64(bytes, offset))
  return [
    bytes,
    ...(wide ? [wide, swapped(wide)] : []),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    ...base64,
    ...base64.map((text) => Buffer.from(text.toString().replaceAll('+', '-').replaceAll('/', '_'))),
  ]
}

/** Shorter forms would be found by chance; these many bytes choose what is compared. */
const bytesMin = 8

export type Finder = (bytes: Buffer) => readonly string[]

/** A search for values, by what they are called. Answers the names of those that were found. */
export const finderOf = (values: readonly (readonly [string, string | Uint8Array])[]): Finder => {
  const starts = new Uint8Array(65_536)
  const byStart = new Map<string, Needle[]>()
  for (const [what, value] of values)
    for (const bytes of formsOf(value)) {
      if (bytes.length < bytesMin) continue
      starts[bytes.readUInt16LE(0)] = 1
      const start = bytes.toString('latin1', 0, bytesMin)
      byStart.set(start, [...(byStart.get(start) ?? []), { what, bytes }])
    }
  return (bytes) => {
    const found = new Set<string>()
    for (let at = 0; at + bytesMin <= bytes.length; at += 1) {
      if (starts[bytes[at]! | (bytes[at + 1]! << 8)] !== 1) continue
      for (const needle of byStart.get(bytes.toString('latin1', at, at + bytesMin)) ?? [])
        if (bytes.subarray(at, at + needle.bytes.length).equals(needle.bytes))
          found.add(needle.what)
    }
    return [...found]
  }
}
