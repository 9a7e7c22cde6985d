import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Dataset } from '../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import { csvScanner, recordBytesMax, type CsvFault } from './csv-scan.ts'
import { identityOf, isBareName, openRegular } from './regular-file.ts'

/** A file whose form is sound. Its cells are not looked at: what they hold is a matter of types. */
export type CsvFile = {
  /** Names of the columns in the order of the file. */
  readonly columns: readonly string[]
  /** Records without the header. */
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  /** Whether some record spans several lines, so that a row's number does not tell its line. */
  readonly spans: boolean
  /** The file's identity while it was read; another one later means that it was changed or replaced. */
  readonly identity: string
}

const blockBytes = 1 << 20
const mark = Buffer.from([0xef, 0xbb, 0xbf])

/** Opens a file by its bare name in a folder: regular, not through a link, not too large. The caller closes it. */
export const openCsv = async (
  folder: string,
  name: string,
  bytesMax: number,
): Promise<Outcome<FileHandle>> => {
  if (!isBareName(name)) return refused(refuse('source/file-name'))
  const file = await openRegular(join(folder, name)).catch(() => undefined)
  if (file === undefined) return refused(refuse('source/no-file', { file: name }))
  const { size } = await file.stat()
  if (size <= bytesMax) return accepted(file)
  await file.close()
  return refused(refuse('source/too-large', { max: bytesMax }))
}

/**
 * Reads a file once, as `checkForm` does, and refuses one that has not exactly the dataset's columns. Refusals name lines,
 * counts and columns of the catalogue; nothing of the file is quoted, not even an unknown header, since a file without a
 * header begins with data. `onBytes` is told the progress.
 */
export const checkCsv = (
  file: FileHandle,
  dataset: Dataset,
  onBytes?: (bytes: number) => void,
): Promise<Outcome<CsvFile>> =>
  checkForm(file, dataset.csv.delimiter, (found) => columnFaults(found, dataset), onBytes)

/**
 * Reads a file once, in bounded memory, and refuses whatever is not UTF-8, not strictly RFC 4180 (`csv-scan.ts`), or has a
 * header with which `faultsOf` finds fault.
 */
export const checkForm = async (
  file: FileHandle,
  delimiter: string,
  faultsOf: (header: readonly string[]) => readonly Refusal[],
  onBytes: (bytes: number) => void = () => undefined,
): Promise<Outcome<CsvFile>> => {
  const identity = await identityOf(file)
  const { size } = await file.stat()
  const hash = createHash('sha256')
  const scanner = csvScanner(delimiter)
  let header: Outcome<readonly string[]> = refused(refuse('source/empty'))
  let text: Refusal | undefined
  let bytes = 0

  await eachBlock(file, (block) => {
    const first = bytes === 0
    const content =
      first && mark.equals(block.subarray(0, mark.length)) ? block.subarray(mark.length) : block
    bytes += block.length
    hash.update(block)
    onBytes(bytes)
    text = textFault(content, scanner.line())
    if (first && text === undefined && content.length > 0)
      header = headerOf(content, delimiter, faultsOf)
    return bytes <= size && text === undefined && header.ok && scanner.feed(content)
  })
  if ((await identityOf(file)) !== identity) return refused(refuse('source/changed'))
  if (text !== undefined) return refused(text)
  if (!header.ok) return header
  const columns = header.value
  scanner.end()
  if (scanner.faults.length > 0)
    return refused(...scanner.faults.map((fault) => refusalOf(fault, columns.length)))
  if (scanner.records() < 2) return refused(refuse('source/empty'))
  return accepted({
    columns,
    rows: scanner.records() - 1,
    bytes,
    sha256: hash.digest('hex'),
    spans: scanner.spans(),
    identity,
  })
}

/** The lines in which rows begin (both from 1, rows without the header), by reading the file again. */
export const linesOfRows = async (
  file: FileHandle,
  rows: readonly number[],
  delimiter: string,
): Promise<ReadonlyMap<number, number>> => {
  const wanted = new Set(rows)
  const lines = new Map<number, number>()
  const scanner = csvScanner(delimiter, (record, line) => {
    if (wanted.has(record)) lines.set(record, line)
  })
  await eachBlock(file, (block) => scanner.feed(block) && lines.size < wanted.size)
  scanner.end()
  return lines
}

/** Hands on whole lines, as many as fit a block; a longer line comes in parts. Ends when `visit` says false. */
const eachBlock = async (
  file: FileHandle,
  visit: (block: Uint8Array) => boolean,
): Promise<void> => {
  const buffer = Buffer.alloc(blockBytes + recordBytesMax)
  let held = 0
  let position = 0
  for (;;) {
    const { bytesRead } = await file.read(buffer, held, buffer.length - held, position)
    position += bytesRead
    const filled = held + bytesRead
    const end = bytesRead === 0 ? filled : buffer.subarray(0, filled).lastIndexOf(10) + 1
    const whole = end === 0 && filled === buffer.length ? filled : end
    if (whole > 0 && !visit(buffer.subarray(0, whole))) return
    if (bytesRead === 0) return
    buffer.copyWithin(0, whole, filled)
    held = filled - whole
  }
}

/**
 * The first line that is not text: bytes that are no UTF-8, or a NUL, at which C programs end a string. A line too long
 * to be taken may be cut within a character; the scanner refuses it.
 */
const textFault = (content: Uint8Array, line: number): Refusal | undefined => {
  const tooLong = content.length > recordBytesMax && !content.includes(10)
  if (tooLong || (isUtf8(content) && !content.includes(0))) return undefined
  let from = 0
  for (let at = line; ; at += 1) {
    const end = content.indexOf(10, from)
    const part = content.subarray(from, end < 0 ? content.length : end)
    if (!isUtf8(part)) return refuse('source/not-utf8', { line: at })
    if (part.includes(0)) return refuse('source/nul', { line: at })
    if (end < 0) return refuse('source/not-utf8', { line: at })
    from = end + 1
  }
}

const headerOf = (
  content: Uint8Array,
  delimiter: string,
  faultsOf: (header: readonly string[]) => readonly Refusal[],
): Outcome<readonly string[]> => {
  const end = content.indexOf(10)
  const text = Buffer.from(content.subarray(0, end < 0 ? content.length : end)).toString('utf8')
  const line = text.replace(/\r$/, '')
  // Where lines end in a carriage return alone, all of the file is its first line.
  if (line.includes('\r')) return refused(refuse('source/line-end', { line: 1 }))
  const found = line.split(delimiter).map((name) => /^"(.*)"$/.exec(name)?.[1] ?? name)
  const refusals = faultsOf(found)
  return refusals.length > 0 ? refused(...refusals) : accepted(found)
}

const columnFaults = (found: readonly string[], dataset: Dataset): readonly Refusal[] => {
  const known = dataset.columns.map(({ name }) => name)
  const missing = known.filter((name) => !found.includes(name))
  const repeated = known.filter((name) => found.indexOf(name) !== found.lastIndexOf(name))
  const unknown = found.flatMap((name, position) => (known.includes(name) ? [] : [position + 1]))
  return [
    ...(missing.length > 0 ? [refuse('source/columns-missing', listed(missing))] : []),
    ...(repeated.length > 0 ? [refuse('source/columns-repeated', listed(repeated))] : []),
    ...(unknown.length > 0 ? [refuse('source/columns-unknown', listed(unknown))] : []),
  ]
}

/** Names or places as a refusal shows them: the first five and how many there are. */
export const listed = (all: readonly (string | number)[]): { list: string; count: number } => ({
  list: `${all.slice(0, 5).join(', ')}${all.length > 5 ? ', …' : ''}`,
  count: all.length,
})

const refusalOf = ({ problem, line, found = 0 }: CsvFault, expected: number): Refusal => {
  if (problem === 'source/width') return refuse(problem, { line, found, expected })
  if (problem === 'source/line-too-long') return refuse(problem, { line, max: recordBytesMax })
  return refuse(problem, { line })
}
