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

/** What a byte is to the form, and where within a field the scan stands. */
const [ordinary, delimits, quotes, returns, feeds] = [0, 1, 2, 3, 4]
const [start, plain, quoted, closing, returned] = [0, 1, 2, 3, 4]

const classesOf = (delimiter: string): Uint8Array => {
  const classes = new Uint8Array(256)
  classes[delimiter.charCodeAt(0)] = delimits
  classes[quote] = quotes
  classes[carriageReturn] = returns
  classes[lineFeed] = feeds
  return classes
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
  const classes = classesOf(delimiter)
  const faults: CsvFault[] = []
  const records = recordCounter(faults, onRecord)
  let state = start
  let over = false

  const stop = (problem: CsvFault['problem']): boolean => {
    records.fault(problem)
    over = true
    return false
  }
  const feed = (block: Uint8Array): boolean => {
    if (over) return false
    let from = 0
    for (let at = 0; at < block.length; at += 1) {
      const sign = classes[block[at] ?? 0]
      if (state === quoted) {
        if (sign === quotes) state = closing
        else if (sign === feeds) records.lineWithin()
      } else if (sign === ordinary && (state === plain || state === start)) state = plain
      else if (sign === feeds) {
        if (!records.close(at - from, state === returned)) return stopQuietly()
        from = at + 1
        state = start
      } else if (state === returned) return stop('source/line-end')
      else if (sign === returns) state = returned
      else if (sign === delimits) {
        records.field()
        state = start
      } else if (sign === quotes && state !== plain) state = quoted
      else return stop('source/quote')
    }
    return records.carry(block.length - from) || stop('source/line-too-long')
  }
  const stopQuietly = (): boolean => {
    over = true
    return false
  }
  return {
    faults,
    records: records.count,
    line: records.line,
    spans: records.spans,
    feed,
    end: () => {
      if (over) return
      if (state === quoted) records.fault('source/open-quote')
      else if (state === returned) records.fault('source/line-end')
      else records.closeLast()
    },
  }
}

type RecordCounter = {
  readonly fault: (problem: CsvFault['problem'], found?: number) => void
  readonly field: () => void
  readonly lineWithin: () => void
  /** Ends a record of so many further bytes; false where the scan is to end. */
  readonly close: (bytes: number, withReturn: boolean) => boolean
  /** Ends a last record that has no line end. */
  readonly closeLast: () => void
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
  let fields = 1
  let width = 0
  let count = 0
  let carried = 0
  let spans = false
  let ends: boolean | undefined

  const fault = (problem: CsvFault['problem'], found?: number): void => {
    faults.push(found === undefined ? { problem, line } : { problem, line, found })
  }
  const finish = (bytes: number): boolean => {
    if (bytes === 0) fault('source/empty-line')
    else if (bytes > recordBytesMax) fault('source/line-too-long')
    else if (count === 0) width = fields
    else if (fields !== width) fault('source/width', fields)
    onRecord?.(count, line)
    count += 1
    line += 1 + linesWithin
    spans ||= linesWithin > 0
    fields = 1
    linesWithin = 0
    carried = 0
    return faults.length < faultsMax
  }
  return {
    fault,
    field: () => void (fields += 1),
    lineWithin: () => void (linesWithin += 1),
    close: (bytes, withReturn) => {
      ends ??= withReturn
      if (ends === withReturn) return finish(carried + bytes - (withReturn ? 1 : 0))
      fault('source/line-end')
      return false
    },
    closeLast: () => {
      if (carried > 0) finish(carried)
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
