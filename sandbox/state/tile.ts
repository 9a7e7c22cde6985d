import { bundleOf, tileHeight, tileWidth, type Tile } from '../log/tile.ts'
import type { Reader } from './database.ts'
import { entriesFrom } from './log.ts'

/** The hashes of a tile; undefined where the log is not that long. */
export const hashTile = (
  reader: Reader,
  level: number,
  { index, width }: Tile,
): Uint8Array | undefined => {
  const first = index * tileWidth
  const rows = reader.all(
    'SELECT hash FROM hashes WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx',
    level * tileHeight,
    first,
    first + width,
  )
  const hashes = rows.map(({ hash }) => hash).filter((hash) => hash instanceof Uint8Array)
  return hashes.length === width ? Buffer.concat(hashes) : undefined
}

/** The bundle of a tile's entries; undefined where the log is not that long. */
export const entryTile = (reader: Reader, { index, width }: Tile): Uint8Array | undefined => {
  const entries = entriesFrom(reader, index * tileWidth, width)
  if (entries.length !== width) return undefined
  return bundleOf(entries.map(({ body }) => Buffer.from(body)))
}
