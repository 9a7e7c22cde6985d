import type { FileHandle } from 'node:fs/promises'

const blockBytes = 1 << 18

/** A record as it is written: fields with their quotes, the line it begins in, and what ends it. */
export type CsvRecord = {
  readonly line: number
  readonly fields: readonly string[]
  readonly end: string
}

/**
 * The records of a file whose form `checkForm` found sound, the header first, some at a time. In such a file a quote opens
 * or closes a field wherever it stands, so counting them tells where fields end. Joined again by the delimiter, and each
 * record by its end, the fields are the file.
 */
export const csvRecords = async function* (
  file: FileHandle,
  delimiter: string,
): AsyncGenerator<readonly CsvRecord[]> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const block = Buffer.alloc(blockBytes)
  let [rest, line] = ['', 1]
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(block, 0, blockBytes, position)
    if (bytesRead === 0) break
    position += bytesRead
    const text = decoder.decode(block.subarray(0, bytesRead), { stream: true })
    const split = splitRecords(rest + text, delimiter, line)
    ;({ rest, line } = split)
    if (split.records.length > 0) yield split.records
  }
  // A last record that nothing ends.
  const { records } = splitRecords(
    `${rest}
`,
    delimiter,
    line,
  )
  if (rest !== '') yield records.map((record) => ({ ...record, end: '' }))
}

/** What a field holds. */
export const cellOf = (field: string): string =>
  field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field

type Split = {
  readonly records: readonly CsvRecord[]
  /** The beginning of a record that goes on, and the line it begins in. */
  readonly rest: string
  readonly line: number
}

const [quote, lineFeed, carriageReturn] = [34, 10, 13]

const splitRecords = (text: string, delimiter: string, first: number): Split => {
  const ends = delimiter.charCodeAt(0)
  const records: CsvRecord[] = []
  let [line, start, from, isQuoted] = [first, 0, 0, false]
  let lines = 0
  let fields: string[] = []
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charCodeAt(at)
    if (sign === lineFeed) lines += 1
    if (sign === quote) isQuoted = !isQuoted
    if (isQuoted || (sign !== ends && sign !== lineFeed)) continue
    const hasReturn = sign === lineFeed && text.charCodeAt(at - 1) === carriageReturn
    fields.push(text.slice(from, hasReturn ? at - 1 : at))
    from = at + 1
    if (sign === ends) continue
    records.push({ line, fields, end: hasReturn ? '\r\n' : '\n' })
    line += lines
    start = from
    lines = 0
    fields = []
  }
  return { records, rest: text.slice(start), line }
}
