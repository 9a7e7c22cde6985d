import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Dataset } from '../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import { jsonLines } from './json-lines.ts'
import { identityOf } from './regular-file.ts'
import { textDecoder, type Encoding } from './text.ts'
import { makePlainOfXlsx } from './xlsx/xlsx.ts'

/** What a file was, before it was made plain. */
export type Original = {
  readonly sha256: string
  readonly bytes: number
  readonly identity: string
}
type Form = { readonly format: 'csv' | 'json-lines' | 'xlsx'; readonly encoding: Encoding }

const blockBytes = 1 << 20
/** A file may unpack to this many times its size, or to 64 MB: DEFLATE packs zeros 1030 times, tables 3 to 30 times. */
const [unpackedRatioMax, unpackedFreeBytes] = [100, 64 << 20]

/** Whether a file begins as gzip does (RFC 1952). No text does: 8B follows 1F in none of its encodings. */
export const isGzip = async (file: FileHandle): Promise<boolean> => {
  const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0)
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b
}

/**
 * Writes a file into `plain` as CSV in UTF-8: unpacked, decoded, and converted where it is JSON lines or a workbook. Refuses what is not
 * of its form, and more than `bytesMax` bytes. `onBytes` is told how many bytes of the file were read.
 */
export const makePlain = async (
  file: FileHandle,
  plain: FileHandle,
  { form, dataset, bytesMax }: { form: Form; dataset: Dataset; bytesMax: number },
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Outcome<Original>> => {
  const identity = await identityOf(file)
  const { size } = await file.stat()
  const hash = createHash('sha256')
  const source = blocksOf(file, (block, bytes) => {
    hash.update(block)
    onBytes(bytes)
  })
  const max = Math.min(bytesMax, Math.max(unpackedFreeBytes, size * unpackedRatioMax))
  const problems =
    form.format === 'xlsx'
      ? await writeXlsx(file, plain, { source, dataset, max })
      : await write(
          (await isGzip(file)) ? unpacked(source) : source,
          plain,
          converterOf(form, dataset),
          max,
        )
  if ((await identityOf(file)) !== identity) return refused(refuse('source/changed'))
  const [problem, ...more] = problems
  if (problem !== undefined) return refused(problem, ...more)
  return accepted({ sha256: hash.digest('hex'), bytes: size, identity })
}

/** A workbook is read from its end, so it is hashed before. */
const writeXlsx = async (
  file: FileHandle,
  plain: FileHandle,
  { source, dataset, max }: { source: Blocks; dataset: Dataset; max: number },
): Promise<readonly Refusal[]> => {
  for await (const _ of source);
  return makePlainOfXlsx(file, plain, { dataset, unpackedMax: max })
}

type Blocks = AsyncIterable<Uint8Array>

const blocksOf = async function* (
  file: FileHandle,
  onBlock: (block: Uint8Array, bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for (let position = 0; ;) {
    const { buffer, bytesRead } = await file.read(
      new Uint8Array(blockBytes),
      0,
      blockBytes,
      position,
    )
    if (bytesRead === 0) return
    const block = buffer.subarray(0, bytesRead)
    position += bytesRead
    onBlock(block, position)
    yield block
  }
}

const unpacked = async function* (blocks: Blocks): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 })
  // What goes wrong is thrown by the loop over what comes out.
  const fed = pipeline(Readable.from(blocks), gunzip).catch(() => undefined)
  try {
    for await (const block of gunzip) yield block as Uint8Array
  } finally {
    gunzip.destroy()
    await fed
  }
}

/** Bytes to bytes; undefined at the end. */
type Convert = (block: Uint8Array | undefined) => string | Uint8Array | Refusal

const converterOf = ({ format, encoding }: Form, dataset: Dataset): Convert => {
  if (format === 'csv' && encoding === 'utf-8') return (block) => block ?? ''
  const decoder = textDecoder(encoding)
  const decode = (block: Uint8Array | undefined): string | Refusal =>
    block === undefined ? decoder.end() : decoder.feed(block)
  if (format === 'csv') return decode
  const lines = jsonLines(dataset)
  return (block) => {
    const text = decode(block)
    if (typeof text !== 'string') return text
    const out = lines.feed(text)
    if (typeof out !== 'string' || block !== undefined) return out
    const last = lines.end()
    return typeof last === 'string' ? `${out}${last}` : last
  }
}

const write = async (
  blocks: Blocks,
  plain: FileHandle,
  convert: Convert,
  bytesMax: number,
): Promise<readonly Refusal[]> => {
  let [taken, written] = [0, 0]
  const put = async (block: Uint8Array | undefined): Promise<Refusal | undefined> => {
    const made = convert(block)
    if (typeof made === 'object' && 'code' in made) return made
    const bytes = typeof made === 'string' ? Buffer.from(made, 'utf8') : made
    taken += block?.length ?? 0
    written += bytes.length
    if (Math.max(taken, written) > bytesMax)
      return refuse('source/unpacks-too-far', { max: bytesMax })
    await plain.appendFile(bytes)
    return undefined
  }
  try {
    for await (const block of blocks) {
      const problem = await put(block)
      if (problem !== undefined) return [problem]
    }
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_'))
      return [refuse('source/not-gzip')]
    throw error
  }
  const last = await put(undefined)
  return last === undefined ? [] : [last]
}
