import type { FileHandle } from 'node:fs/promises'

export type ZipEntry = {
  readonly isDeflated: boolean
  readonly packedBytes: number
  readonly bytes: number
  readonly crc: number
  readonly headerStart: number
  readonly dataStart: number
}

/** A workbook of a hundred sheets has some 300 parts. */
const entriesMax = 4096
const directoryBytesMax = 4 << 20
const [endBytes, end64Bytes, locatorBytes] = [22, 56, 20]
const [isEncrypted, isPatched, isMasked] = [1, 32, 8192]
const full = 0xffffffff

type Directory = { readonly entries: number; readonly start: number; readonly bytes: number }

/**
 * Reads the directory at the end of an archive, by lower-case name. Undefined where there is more than one way to read
 * it: bytes between it and the end or after that, parts that overlap or have one name, a local header that says otherwise,
 * encryption, another method than none and DEFLATE, several disks.
 */
export const readDirectory = async (
  file: FileHandle,
): Promise<ReadonlyMap<string, ZipEntry> | undefined> => {
  const { size } = await file.stat()
  const directory = await findDirectory(file, size)
  if (directory === undefined) return undefined
  const records = await readAt(file, directory.start, directory.bytes)
  const entries = new Map<string, ZipEntry>()
  let at = 0
  for (let count = 0; count < directory.entries; count += 1) {
    const record = records && readRecord(records, at)
    const dataStart = record && (await dataStartOf(file, record))
    if (record === undefined || dataStart === undefined) return undefined
    const name = record.name.toLowerCase()
    if (entries.has(name)) return undefined
    entries.set(name, { ...record, dataStart })
    at += record.length
  }
  return at === directory.bytes && areApart([...entries.values()], directory.start)
    ? entries
    : undefined
}

const areApart = (entries: readonly ZipEntry[], end: number): boolean => {
  const sorted = entries.toSorted((a, b) => a.headerStart - b.headerStart)
  return sorted.every(
    ({ dataStart, packedBytes }, at) =>
      dataStart + packedBytes <= (sorted[at + 1]?.headerStart ?? end),
  )
}

const findDirectory = async (file: FileHandle, size: number): Promise<Directory | undefined> => {
  const tailBytes = Math.min(size, endBytes + 65_535)
  const tail = await readAt(file, size - tailBytes, tailBytes)
  const at = tail === undefined ? -1 : endIn(tail)
  if (tail === undefined || at < 0) return undefined
  const end = size - tailBytes + at
  if (tail.readUInt32LE(at + 4) !== 0) return undefined
  const plain = {
    entries: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
    start: tail.readUInt32LE(at + 16),
  }
  const large = await findLargeDirectory(file, end)
  const found = large ?? { ...plain, end }
  const isSound =
    found.entries > 0 &&
    found.entries <= entriesMax &&
    found.bytes <= directoryBytesMax &&
    found.start + found.bytes === found.end
  return isSound ? found : undefined
}

/** The comment behind the end may hold anything but another end that fits. */
const endIn = (tail: Buffer): number => {
  let at = tail.length - endBytes
  while (at >= 0 && !(tail.readUInt32LE(at) === 0x06054b50 && commentFits(tail, at))) at -= 1
  return at
}

const commentFits = (tail: Buffer, at: number): boolean =>
  at + endBytes + tail.readUInt16LE(at + 20) === tail.length

/** The directory as a writer of archives beyond 4 GB says it (ZIP64), where one does; some always do. */
const findLargeDirectory = async (
  file: FileHandle,
  end: number,
): Promise<(Directory & { readonly end: number }) | undefined> => {
  const start = end - locatorBytes - end64Bytes
  const parts = start < 0 ? undefined : await readAt(file, start, end64Bytes + locatorBytes)
  if (parts?.readUInt32LE(end64Bytes) !== 0x07064b50) return undefined
  const isThere = parts.readUInt32LE(0) === 0x06064b50 && wholeAt(parts, end64Bytes + 8) === start
  return {
    entries: isThere ? wholeAt(parts, 32) : 0,
    bytes: wholeAt(parts, 40),
    start: wholeAt(parts, 48),
    end: start,
  }
}

/** Eight bytes; more than is exact becomes more than any limit. */
const wholeAt = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at))

type Record = Omit<ZipEntry, 'dataStart'> & {
  readonly name: string
  readonly rawName: Buffer
  readonly method: number
  /** Of the record itself. */
  readonly length: number
}

const readRecord = (records: Buffer, at: number): Record | undefined => {
  if (at + 46 > records.length || records.readUInt32LE(at) !== 0x02014b50) return undefined
  const [flags, method] = [records.readUInt16LE(at + 8), records.readUInt16LE(at + 10)]
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((place) =>
    records.readUInt16LE(at + place),
  ) as [number, number, number]
  const length = 46 + nameBytes + extraBytes + commentBytes
  if ((flags & (isEncrypted | isPatched | isMasked)) !== 0 || (method !== 0 && method !== 8))
    return undefined
  if (at + length > records.length || records.readUInt16LE(at + 34) !== 0) return undefined
  const rawName = records.subarray(at + 46, at + 46 + nameBytes)
  const extra = records.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes)
  const [bytes, packedBytes, headerStart] = largeFields(extra, [
    records.readUInt32LE(at + 24),
    records.readUInt32LE(at + 20),
    records.readUInt32LE(at + 42),
  ])
  if (bytes === undefined || packedBytes === undefined || headerStart === undefined)
    return undefined
  if (method === 0 && bytes !== packedBytes) return undefined
  return {
    name: rawName.toString('utf8').replaceAll('\\', '/'),
    rawName,
    method,
    isDeflated: method === 8,
    bytes,
    packedBytes,
    headerStart,
    crc: records.readUInt32LE(at + 16),
    length,
  }
}

/** Size, packed size and place, each from the ZIP64 field (0001) where it does not fit four bytes. */
const largeFields = (extra: Buffer, fields: readonly number[]): (number | undefined)[] => {
  let large = Buffer.alloc(0)
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2))
    if (extra.readUInt16LE(at) === 1)
      large = Buffer.from(extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2)))
  let taken = 0
  return fields.map((field) => {
    if (field !== full) return field
    if (taken + 8 > large.length) return undefined
    taken += 8
    return wholeAt(large, taken - 8)
  })
}

const dataStartOf = async (
  file: FileHandle,
  { headerStart, rawName, method }: Record,
): Promise<number | undefined> => {
  const header = await readAt(file, headerStart, 30 + rawName.length)
  const isSame =
    header?.readUInt32LE(0) === 0x04034b50 &&
    header.readUInt16LE(8) === method &&
    header.readUInt16LE(26) === rawName.length &&
    header.subarray(30).equals(rawName)
  return isSame ? headerStart + 30 + rawName.length + header.readUInt16LE(28) : undefined
}

/** So many bytes from a place, or undefined where the file has not got them. */
const readAt = async (
  file: FileHandle,
  start: number,
  bytes: number,
): Promise<Buffer | undefined> => {
  if (!Number.isSafeInteger(start + bytes) || start < 0) return undefined
  const buffer = Buffer.alloc(bytes)
  const { bytesRead } = await file.read(buffer, 0, bytes, start)
  return bytesRead === bytes ? buffer : undefined
}
