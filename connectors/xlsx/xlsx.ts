import type { FileHandle } from 'node:fs/promises'
import type { Dataset } from '../../policies/dataset.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { readSheet } from './sheet.ts'
import { readStrings } from './strings.ts'
import { readWorkbook } from './workbook.ts'
import { unreadable } from './xml.ts'
import { openZip, ZipFault, type Zip } from './zip.ts'

/** Old Excel files, and new ones under a password, are containers of another kind (MS-CFB). */
const oldMagic = 'd0cf11e0a1b11ae1'
/** So much of a sheet is read between two writes: what its cells refer to is much longer than itself. */
const sliceBytes = 1 << 14

/**
 * Writes one sheet of an Excel workbook (ECMA-376, `.xlsx`) into `plain` as CSV in UTF-8 with commas. Holds the workbook's
 * shared texts in memory, and otherwise a few rows. No formula is computed and nothing outside the file is read. Unpacks
 * no more than `unpackedMax` bytes and writes no more.
 */
export const makePlainOfXlsx = async (
  file: FileHandle,
  plain: FileHandle,
  { dataset, unpackedMax }: { readonly dataset: Dataset; readonly unpackedMax: number },
): Promise<readonly Refusal[]> => {
  const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0)
  if (buffer.toString('hex') === oldMagic) return [refuse('source/xls')]
  try {
    const zip = await openZip(file)
    if (zip === undefined) return [unreadable('package')]
    const unpacked = zip.names.reduce((sum, name) => sum + (zip.entry(name)?.bytes ?? 0), 0)
    return unpacked > unpackedMax
      ? [refuse('source/unpacks-too-far', { max: unpackedMax })]
      : await convert(zip, plain, { dataset, unpackedMax })
  } catch (error) {
    if (error instanceof ZipFault) return [unreadable('package')]
    throw error
  }
}

const convert = async (
  zip: Zip,
  plain: FileHandle,
  { dataset, unpackedMax }: { readonly dataset: Dataset; readonly unpackedMax: number },
): Promise<readonly Refusal[]> => {
  const book = await readWorkbook(zip, dataset.ingest.sheet)
  if (!book.ok) return book.refusals
  const { sheet, isDate, from1904 } = book.value
  const strings = await readStrings(zip, book.value.strings)
  if (!strings.ok) return strings.refusals
  const empty = new Set(dataset.csv.null)
  let records: string[] = []
  let written = 0
  const flush = async (): Promise<boolean> => {
    const bytes = Buffer.from(records.join(''), 'utf8')
    records = []
    written += bytes.length
    if (written > unpackedMax) return false
    if (bytes.length > 0) await plain.appendFile(bytes)
    return true
  }
  let isTooLong = false
  const slices = async function* (): AsyncGenerator<Uint8Array> {
    for await (const block of zip.read(sheet))
      for (let from = 0; from < block.length; from += sliceBytes) {
        yield block.subarray(from, from + sliceBytes)
        isTooLong = !(await flush())
        if (isTooLong) return
      }
  }
  const terms = { strings: strings.value, isDate, from1904, empty }
  const found = await readSheet(slices(), terms, (record) => void records.push(`${record}\n`))
  return isTooLong ? [refuse('source/unpacks-too-far', { max: unpackedMax })] : found
}
