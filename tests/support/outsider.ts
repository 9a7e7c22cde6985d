import { createHash, createPublicKey, verify } from 'node:crypto'

/**
 * Somebody who follows a log by its public files alone, written from C2SP tlog-tiles, tlog-checkpoint and RFC 6962 without
 * a line of the product: slow, and plain to read.
 */
export type FetchFile = (path: string) => Promise<Uint8Array | undefined>
type Note = { readonly size: number; readonly root: Buffer }

const sha256 = (...parts: readonly Uint8Array[]): Buffer =>
  createHash('sha256').update(Buffer.concat(parts)).digest()
export const leafOf = (entry: Uint8Array): Buffer => sha256(Buffer.of(0), entry)
const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => sha256(Buffer.of(1), left, right)

/** MTH of RFC 6962 section 2.1 over the hashes of leaves. */
export const naiveRoot = (leaves: readonly Uint8Array[]): Buffer => {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return Buffer.from(leaves[0]!)
  let split = 1
  while (split * 2 < leaves.length) split *= 2
  return nodeOf(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)))
}

/** The path of a tile of a tree of `size` leaves: partial where the tree ends in it. */
export const pathOfTile = (level: number | 'entries', index: number, size: number): string => {
  const complete = Math.floor(size / 256 ** (level === 'entries' ? 0 : level))
  const width = Math.min(256, complete - index * 256)
  let name = String(index % 1000).padStart(3, '0')
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    name = `x${String(rest % 1000).padStart(3, '0')}/${name}`
  return `tile/${level}/${name}${width < 256 ? `.p/${width}` : ''}`
}

/** Opens a checkpoint under a verifier key `<name>+<id>+<base64>`; undefined where it is not signed by it. */
export const openNote = (note: string, key: string): Note | undefined => {
  const [name = '', id = ''] = key.split('+')
  const encoded = Buffer.from(key.slice(name.length + id.length + 2), 'base64')
  if (sha256(Buffer.from(`${name}\n`), encoded).toString('hex', 0, 4) !== id) return undefined
  const [text = '', signatures = ''] = note.split('\n\n')
  const line = signatures.split('\n').find((each) => each.startsWith(`— ${name} `))
  const signature = Buffer.from(line?.split(' ')[2] ?? '', 'base64')
  const x = encoded.subarray(1).toString('base64url')
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  const isMine =
    signature.toString('hex', 0, 4) === id &&
    verify(null, Buffer.from(`${text}\n`), publicKey, signature.subarray(4))
  const [origin, size, root = ''] = text.split('\n')
  if (!isMine || origin !== name) return undefined
  return { size: Number(size), root: Buffer.from(root, 'base64') }
}

/** MTH(D[first:end]) of a tree of `size` leaves, read from its tiles. */
const rangeRoot = async (
  fetch: FetchFile,
  size: number,
  first: number,
  end: number,
): Promise<Buffer> => {
  const width = end - first
  for (let level = 7; level >= 0; level -= 1) {
    if (width !== 256 ** level) continue
    const at = first / width
    const path = pathOfTile(level, Math.floor(at / 256), size)
    const tile = await fetch(path)
    if (tile === undefined) throw new Error(`no ${path}`)
    const start = (at % 256) * 32
    return Buffer.from(tile.subarray(start, start + 32))
  }
  let split = 1
  while (split * 2 < width) split *= 2
  return nodeOf(
    await rangeRoot(fetch, size, first, first + split),
    await rangeRoot(fetch, size, first + split, end),
  )
}

/** Whether the tiles of the tree have the root that is signed. */
export const holdsRoot = async (fetch: FetchFile, { size, root }: Note): Promise<boolean> =>
  size === 0 ? sha256().equals(root) : (await rangeRoot(fetch, size, 0, size)).equals(root)

/** Whether the entry is at its place under the root: the path up from the leaf, every sibling from tiles (PATH). */
export const holdsEntry = async (
  fetch: FetchFile,
  { size, root }: Note,
  place: number,
  entry: Uint8Array,
): Promise<boolean> => {
  const climb = async (first: number, end: number): Promise<Buffer> => {
    if (end - first === 1) return leafOf(entry)
    let split = 1
    while (split * 2 < end - first) split *= 2
    const middle = first + split
    return place < middle
      ? nodeOf(await climb(first, middle), await rangeRoot(fetch, size, middle, end))
      : nodeOf(await rangeRoot(fetch, size, first, middle), await climb(middle, end))
  }
  return place < size && (await climb(0, size)).equals(root)
}

/** Whether the newer tree, whose tiles are there, begins with the older one. */
export const holdsBeginning = async (
  fetch: FetchFile,
  older: Note,
  newer: Note,
): Promise<boolean> => {
  if (older.size > newer.size) return false
  if (!(await holdsRoot(fetch, newer))) return false
  if (older.size === 0) return true
  return (await rangeRoot(fetch, newer.size, 0, older.size)).equals(older.root)
}

/** The entries of a bundle. */
export const entriesOfBundle = (bundle: Uint8Array): Buffer[] => {
  const bytes = Buffer.from(bundle)
  const entries: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt16BE(at)
    entries.push(bytes.subarray(at + 2, at + 2 + length))
    at += 2 + length
  }
  return entries
}
