import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createInflateRaw } from 'node:zlib'
import { readDirectory, type ZipEntry } from './zip-directory.ts'

/** An archive whose directory is sound. Its parts are read in any order, as often as one likes. */
export type Zip = {
  readonly names: readonly string[]
  readonly entry: (name: string) => ZipEntry | undefined
  /** Unpacks one part; throws `ZipFault` where it is not what the directory says, at the latest after its last block. */
  readonly read: (entry: ZipEntry) => AsyncGenerator<Uint8Array>
}

/** A part that is cut, longer than it was said to be, or of another checksum. */
export class ZipFault extends Error {}

const blockBytes = 1 << 18

/** Opens a ZIP archive (APPNOTE 6.3.10); undefined where it is none, or one that could be read in two ways. */
export const openZip = async (file: FileHandle): Promise<Zip | undefined> => {
  const entries = await readDirectory(file)
  return (
    entries && {
      names: [...entries.keys()],
      // Names of parts are compared without case (ECMA-376 part 2, 6.2.2.3).
      entry: (name) => entries.get(name.toLowerCase()),
      read: (entry) =>
        checked(entry, entry.isDeflated ? inflated(file, entry) : packed(file, entry)),
    }
  )
}

/** The bytes as they stand in the archive. */
const packed = async function* (
  file: FileHandle,
  { dataStart, packedBytes }: ZipEntry,
): AsyncGenerator<Uint8Array> {
  for (let read = 0; read < packedBytes;) {
    const length = Math.min(blockBytes, packedBytes - read)
    const { buffer, bytesRead } = await file.read(
      new Uint8Array(length),
      0,
      length,
      dataStart + read,
    )
    if (bytesRead === 0) throw new ZipFault('the archive is cut')
    read += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

const inflated = async function* (file: FileHandle, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw({ chunkSize: blockBytes })
  // What goes wrong is thrown by the loop over what comes out.
  const fed = pipeline(Readable.from(packed(file, entry)), inflate).catch(() => undefined)
  try {
    for await (const block of inflate) yield block as Uint8Array
    if (inflate.bytesWritten !== entry.packedBytes) throw new ZipFault('more than one stream')
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_'))
      throw new ZipFault('no DEFLATE')
    throw error
  } finally {
    inflate.destroy()
    await fed
  }
}

/** Never hands on more than the directory promised: its sum is what was compared with the limit. */
const checked = async function* (
  { bytes, crc }: ZipEntry,
  blocks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let [read, sum] = [0, 0]
  for await (const block of blocks) {
    read += block.length
    if (read > bytes) throw new ZipFault('longer than its directory says')
    sum = crc32(block, sum)
    yield block
  }
  if (read !== bytes || sum !== crc) throw new ZipFault('not what its directory says')
}
