import { refuse, type Refusal } from '../../policies/refusal.ts'
import { recordBytesMax } from '../csv-scan.ts'
import { cellText, type Cell, type CellFault, type CellText } from './cell.ts'
import { textCollector, unescaped } from './strings.ts'
import { readXml, unreadable, type Attribute } from './xml.ts'

/** What the cells of a sheet are read with. */
export type SheetTerms = {
  readonly strings: readonly string[]
  readonly isDate: readonly boolean[]
  readonly from1904: boolean
  /** Texts that stand for an empty cell. */
  readonly empty: ReadonlySet<string>
}

/** Of Excel itself. */
const [rowsMax, columnsMax, textMax] = [1_048_576, 16_384, 32_767]
const placesMax = 5

/**
 * Reads a sheet and hands on each row as a record of CSV: the first is the header, rows follow each other without a gap.
 * Refuses all cells whose content is not what somebody wrote there: formulas, errors, cells that were merged, numbers of
 * which digits are lost.
 */
export const readSheet = async (
  blocks: AsyncIterable<Uint8Array>,
  terms: SheetTerms,
  onRecord: (record: string) => void,
): Promise<readonly Refusal[]> => {
  const rows = rowReader(terms, onRecord)
  const path: string[] = []
  const text = textCollector()
  let cell: Open | undefined
  let value = ''
  const found = await readXml(blocks, 'sheet', {
    open: (name, attribute) => {
      const parent = path.at(-1)
      path.push(name)
      if (parent === 'mergeCells' && name === 'mergeCell')
        return rows.merged(attribute('ref') ?? '')
      if (parent === 'sheetData') return name === 'row' ? rows.begin(attribute('r')) : odd()
      if (parent === 'row') {
        if (name !== 'c') return name === 'extLst' ? undefined : odd()
        const opened = rows.cell(attribute, terms)
        if (opened === undefined) return odd()
        cell = opened
        value = ''
        text.begin()
        return undefined
      }
      if (parent === 'c') {
        if (name === 'f' && cell !== undefined) cell.isFormula = true
        return ['v', 'f', 'is', 'extLst'].includes(name) ? undefined : odd()
      }
      text.open(name)
      return undefined
    },
    text: (letters) => {
      if (path.at(-1) === 'v' && path.at(-2) === 'c') value += letters
      else text.add(letters)
    },
    close: (name) => {
      path.pop()
      text.close(name)
      if (name === 'row' && path.at(-1) === 'sheetData') return rows.end()
      if (name !== 'c' || path.at(-1) !== 'row' || cell === undefined) return undefined
      const whole = cell.type === 'inlineStr' ? text.end() : unescaped(value)
      return whole === undefined ? odd() : rows.take(cell, whole)
    },
  })
  return found === undefined ? rows.faults() : [found]
}

const odd = (): Refusal => unreadable('sheet')

/** A cell that is being read. */
type Open = Omit<Cell, 'value'> & {
  readonly place: string
  readonly column: number
  isFormula: boolean
}

const rowReader = (terms: SheetTerms, onRecord: (record: string) => void) => {
  const notes = noteCells()
  let [row, column, width, bytes] = [0, 0, 0, 0]
  /** The last row that held something. */
  let last = 0
  let record: string[] = []
  let holdsFault = false
  const note = (why: keyof typeof noteCodes, place: string): undefined => {
    holdsFault = true
    notes.add(why, place)
  }
  const put = (cell: Open, { text, isText }: CellText): Refusal | undefined => {
    if (text === '') return undefined
    if (text.includes('\0')) return refuse('source/nul', { line: row })
    while (record.length < cell.column - 1) record.push('')
    bytes += text.length
    record.push(isText ? `"${text.replaceAll('"', '""')}"` : text)
    return bytes > recordBytesMax
      ? refuse('source/line-too-long', { line: row, max: recordBytesMax })
      : undefined
  }
  return {
    begin: (place: string | undefined): Refusal | undefined => {
      const next = place === undefined ? row + 1 : Number(/^[1-9][0-9]{0,6}$/.exec(place)?.[0])
      if (Number.isNaN(next) || next <= row || next > rowsMax) return odd()
      ;[row, column, bytes, record, holdsFault] = [next, 0, 0, [], false]
      return undefined
    },
    cell: (attribute: Attribute, { isDate }: SheetTerms): Open | undefined => {
      const place = attribute('r') ?? `${lettersOf(column + 1)}${row}`
      const next = columnOf(place, row)
      const style = Number(attribute('s') ?? '0')
      if (next === undefined || next <= column) return undefined
      if (isDate.length > 0 && isDate[style] === undefined) return undefined
      column = next
      return {
        place,
        column,
        type: attribute('t') ?? 'n',
        isDate: isDate[style] === true,
        isFormula: false,
      }
    },
    take: (cell: Open, value: string): Refusal | undefined => {
      if (cell.isFormula) return note('formula', cell.place)
      const text =
        cell.type === 's' ? sharedText(value, terms) : cellText({ ...cell, value }, terms)
      if (text === 'unreadable') return odd()
      if (typeof text === 'string') return note(text, cell.place)
      if (text.text.length > textMax) return odd()
      return text.isText && terms.empty.has(text.text) ? undefined : put(cell, text)
    },
    end: (): Refusal | undefined => {
      if (record.length === 0 && !holdsFault) return undefined
      if (row !== last + 1) return refuse('source/empty-line', { line: last + 1 })
      last = row
      if (row === 1) width = record.length
      if (record.length > width)
        return refuse('source/width', { line: row, found: record.length, expected: width })
      onRecord(record.join(',') + ','.repeat(width - record.length))
      return undefined
    },
    merged: (range: string): undefined => notes.add('merged', range.slice(0, 40)),
    faults: notes.all,
  }
}

const sharedText = (value: string, { strings }: SheetTerms): CellText | CellFault => {
  const text = /^[0-9]{1,9}$/.test(value) ? strings[Number(value)] : undefined
  return text === undefined ? 'unreadable' : { text, isText: true }
}

/** The column of a place like `AB12`, from 1; undefined where it is none, or of another row. */
const columnOf = (place: string, row: number): number | undefined => {
  const [, letters, digits] = /^([A-Z]{1,3})([1-9][0-9]{0,6})$/.exec(place) ?? []
  if (letters === undefined || Number(digits) !== row) return undefined
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column > columnsMax ? undefined : column
}

const lettersOf = (column: number): string =>
  column <= 0
    ? ''
    : `${lettersOf(Math.floor((column - 1) / 26))}${String.fromCharCode(65 + ((column - 1) % 26))}`

const noteCodes = {
  formula: 'source/xlsx-formula',
  merged: 'source/xlsx-merged',
  error: 'source/xlsx-error',
  digits: 'source/xlsx-digits',
} as const

/** Cells that are refused, by why: how many and where the first are. */
const noteCells = () => {
  const notes = new Map<keyof typeof noteCodes, { count: number; places: string[] }>()
  return {
    add: (why: keyof typeof noteCodes, place: string): undefined => {
      const note = notes.get(why) ?? { count: 0, places: [] }
      note.count += 1
      if (note.places.length < placesMax && /^[A-Z]+[0-9]+(:[A-Z]+[0-9]+)?$/.test(place))
        note.places.push(place)
      notes.set(why, note)
      return undefined
    },
    all: (): Refusal[] =>
      [...notes].map(([why, { count, places }]) =>
        refuse(noteCodes[why], { count, cells: places.join(', ') || '-' }),
      ),
  }
}
