/**
 * The log as files for everybody who follows it (C2SP tlog-tiles). A tile is a row of 256 hashes, fewer at the right edge
 * of the tree:
 *
 *   tile/<level>/<index>[.p/<width>]     hashes of complete subtrees of 256^level leaves, 32 bytes each
 *   tile/entries/<index>[.p/<width>]     the entries of a tile of level 0, each behind its length as uint16, big-endian
 *
 * An index is written in groups of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`. What a path
 * names never changes: the log only grows, and its end is another path.
 */
export type Tile = { readonly index: number; readonly width: number }

/** Hashes in a full tile. */
export const tileWidth = 256

/** Levels of the tree that one level of tiles spans. */
export const tileHeight = 8

/** Four groups of digits: 256 * 10^12 entries, which is beyond any log and within exact numbers. */
export const tilePattern = /^((?:x[0-9]{3}\/){0,3}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/

export const tilePath = ({ index, width }: Tile): string => {
  const digits = String(index)
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0')
  const groups = padded.match(/\d{3}/g) ?? []
  const name = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/')
  return width === tileWidth ? name : `${name}.p/${width}`
}

/** Reads a path in its one spelling; undefined where it is another. */
export const parseTilePath = (path: string): Tile | undefined => {
  const [, groups = '', width] = tilePattern.exec(path) ?? []
  const tile = {
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? tileWidth : Number(width),
  }
  return tilePath(tile) === path && tile.width <= tileWidth ? tile : undefined
}

/** An entry bundle of entries' bytes, in order. */
export const bundleOf = (entries: readonly Uint8Array[]): Uint8Array =>
  Buffer.concat(
    entries.flatMap((bytes) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(bytes.length)
      return [length, bytes]
    }),
  )
