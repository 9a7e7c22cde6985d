/**
 * What is wrong with the form of a file, and in which line (from 1; a record that spans lines counts by its first).
 * `found` is a number of fields and never a part of the file.
 */
export type CsvFault = {
  readonly problem:
    | 'source/quote'
    | 'source/open-quote'
    | 'source/width'
    | 'source/empty-line'
    | 'source/line-end'
    | 'source/line-too-long'
  readonly line: number
  readonly found?: number
}

/** Most bytes of a record, and so of a line. */
export const recordBytesMax = 1 << 20
/** A scan ends after this many faults. */
export const faultsMax = 10

export type CsvScanner = {
  /** Takes the next bytes. False once there is no sense in going on. */
  readonly feed: (block: Uint8Array) => boolean
  /** To be called after the last block. */
  readonly end: () => void
  readonly faults: readonly CsvFault[]
  /** Records so far, the header among them. */
  readonly records: () => number
  /** The line that the next byte belongs to. */
  readonly line: () => number
  /** Whether some record spans more than one line. */
  readonly spans: () => boolean
}

const quote = 34
const lineFeed = 10
const carriageReturn = 13

/** What a byte is to the form. */
const [ordinary, delimits, quotes, returns, feeds] = [0, 1, 2, 3, 4]
/** Where within a field the scan stands. */
const [start, plain, quoted, closing, returned] = [0, 1, 2, 3, 4]
/** Moves that are more than another place: they end a field, a line within a field or a record, or are faults. */
const [endField, endLine, endRecord, endReturned, strayQuote, strayReturn] = [8, 9, 10, 11, 12, 13]

/** By place, where a byte of each class leads. */
const moves = [
  [plain, endField, quoted, returned, endRecord],
  [plain, endField, strayQuote, returned, endRecord],
  [quoted, quoted, closing, quoted, endLine],
  [strayQuote, endField, quoted, returned, endRecord],
  [strayReturn, strayReturn, strayReturn, strayReturn, endReturned],
] as const

/** Where each byte leads, by place and byte: one look-up a byte, for that is the whole cost of a scan. */
const tableOf = (delimiter: string): Uint8Array => {
  const classes = new Uint8Array(256).fill(ordinary)
  classes[delimiter.charCodeAt(0)] = delimits
  classes[quote] = quotes
  classes[carriageReturn] = returns
  classes[lineFeed] = feeds
  return Uint8Array.from(moves.flatMap((row) => Array.from(classes, (sign) => row[sign] ?? 0)))
}

/**
 * Reads the form of RFC 4180 and nothing looser: fields between delimiters, in quotes or free of them, `""` for a quote,
 * every record with as many fields as the first, one kind of line end throughout. What passes has one reading only, so
 * the engine that loads it afterwards cannot read it otherwise. `onRecord` is told each record (0 is the header) and the
 * line it begins in.
 */
export const csvScanner = (
  delimiter: string,
  onRecord?: (record: number, line: number) => void,
): CsvScanner => {
  const table = tableOf(delimiter)
  const faults: CsvFault[] = []
  const records = recordCounter(faults, onRecord)
  let place = start
  let fields = 1
  let isOver = false

  const stop = (problem?: CsvFault['problem']): boolean => {
    if (problem !== undefined) records.fault(problem)
    isOver = true
    return false
  }
  const feed = (block: Uint8Array): boolean => {
    if (isOver) return false
    let from = 0
    // A variable of this function is held in a register, one of the scanner's is not.
    let here = place
    for (let at = 0; at < block.length; at += 1) {
      const move = table[(here << 8) | (block[at] ?? 0)] ?? 0
      if (move < endField) {
        here = move
        continue
      }
      if (move === endField) {
        fields += 1
        here = start
      } else if (move === endLine) records.lineWithin()
      else if (move === strayQuote) return stop('source/quote')
      else if (move === strayReturn) return stop('source/line-end')
      else {
        if (!records.close(at - from, fields, move === endReturned)) return stop()
        from = at + 1
        fields = 1
        here = start
      }
    }
    place = here
    return records.carry(block.length - from) || stop('source/line-too-long')
  }
  return {
    faults,
    records: records.count,
    line: records.line,
    spans: records.spans,
    feed,
    end: () => {
      if (isOver) return
      if (place === quoted) records.fault('source/open-quote')
      else if (place === returned) records.fault('source/line-end')
      else records.closeLast(fields)
    },
  }
}

type RecordCounter = {
  readonly fault: (problem: CsvFault['problem'], found?: number) => void
  readonly lineWithin: () => void
  /** Ends a record of so many further bytes; false where the scan is to end. */
  readonly close: (bytes: number, fields: number, withReturn: boolean) => boolean
  /** Ends a last record that has no line end. */
  readonly closeLast: (fields: number) => void
  /** Takes bytes of a record that goes on in the next block; false where it has become too long. */
  readonly carry: (bytes: number) => boolean
  readonly count: () => number
  readonly line: () => number
  readonly spans: () => boolean
}

const recordCounter = (
  faults: CsvFault[],
  onRecord?: (record: number, line: number) => void,
): RecordCounter => {
  let line = 1
  let linesWithin = 0
  let width = 0
  let count = 0
  let carried = 0
  let spans = false
  let ends: boolean | undefined

  const fault = (problem: CsvFault['problem'], found?: number): void => {
    faults.push(found === undefined ? { problem, line } : { problem, line, found })
  }
  const finish = (bytes: number, fields: number): boolean => {
    if (bytes === 0) fault('source/empty-line')
    else if (bytes > recordBytesMax) fault('source/line-too-long')
    else if (count === 0) width = fields
    else if (fields !== width) fault('source/width', fields)
    onRecord?.(count, line)
    count += 1
    line += 1 + linesWithin
    spans ||= linesWithin > 0
    linesWithin = 0
    carried = 0
    return faults.length < faultsMax
  }
  return {
    fault,
    lineWithin: () => void (linesWithin += 1),
    close: (bytes, fields, withReturn) => {
      ends ??= withReturn
      if (ends === withReturn) return finish(carried + bytes - (withReturn ? 1 : 0), fields)
      fault('source/line-end')
      return false
    },
    closeLast: (fields) => {
      if (carried > 0) finish(carried, fields)
    },
    carry: (bytes) => {
      carried += bytes
      return carried <= recordBytesMax + 1
    },
    count: () => count,
    line: () => line + linesWithin,
    spans: () => spans,
  }
}
