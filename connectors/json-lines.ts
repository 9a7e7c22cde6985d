import type { Dataset } from '../policies/dataset.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import { listed } from './csv.ts'
import { recordBytesMax } from './csv-scan.ts'

/** Turns JSON lines into CSV as they come. What it answers may be a refusal, and then nothing may follow. */
export type Converter = {
  readonly feed: (text: string) => string | Refusal
  readonly end: () => string | Refusal
}

/**
 * One flat object a line (RFC 8259): texts, numbers, booleans and nulls under the names of the dataset's columns, each at
 * most once. A column that a line leaves out is empty there; one that all lines leave out is missing. Numbers stay as they
 * are written, so that none is rounded on the way. The CSV has a header, the dataset's columns in their order, every text
 * in quotation marks, and nothing at all where a cell is empty: `null`, or a text of `csv.null`.
 */
export const jsonLines = (dataset: Dataset): Converter => {
  const names = dataset.columns.map(({ name }) => name)
  const places = new Map(names.map((name, place) => [name, place]))
  const seen = new Set<number>()
  const empty = new Set(dataset.csv.null)
  let rest = ''
  let line = 0

  const convert = (text: string): string | Refusal => {
    line += 1
    if (text.length > recordBytesMax)
      return refuse('source/line-too-long', { line, max: recordBytesMax })
    const cells = names.map(() => '')
    const problem = readObject(text, (key, value) => {
      const place = places.get(key)
      if (place === undefined || filled.has(place)) return false
      filled.add(place)
      seen.add(place)
      cells[place] = cellOf(value, empty)
      return true
    })
    filled.clear()
    return problem === undefined ? cells.join(',') : refuse(problem, { line })
  }
  const filled = new Set<number>()
  const convertAll = (lines: readonly string[]): string | Refusal => {
    let out = line === 0 && lines.length > 0 ? `${names.join(',')}\n` : ''
    for (const each of lines) {
      const row = convert(each)
      if (typeof row !== 'string') return row
      out += `${row}\n`
    }
    return out
  }
  return {
    feed: (text) => {
      const whole = line === 0 && rest === '' ? text.replace(/^\uFEFF/, '') : `${rest}${text}`
      const lines = whole.split('\n')
      rest = lines.pop() ?? ''
      return rest.length > recordBytesMax
        ? refuse('source/line-too-long', { line: line + lines.length + 1, max: recordBytesMax })
        : convertAll(lines)
    },
    end: () => {
      const out = convertAll(rest === '' ? [] : [rest])
      const missing = names.filter((_, place) => !seen.has(place))
      return typeof out === 'string' && line > 0 && missing.length > 0
        ? refuse('source/columns-missing', listed(missing))
        : out
    },
  }
}

/** A text, or the letters of a number or literal as they are written. */
type Value = { readonly text: string; readonly isText: boolean }

const cellOf = ({ text, isText }: Value, empty: ReadonlySet<string>): string => {
  if (isText) return empty.has(text) ? '' : `"${text.replaceAll('"', '""')}"`
  return text === 'null' ? '' : text
}

type Problem = 'source/json-line' | 'source/json-key' | 'source/nul'

const blanks = /[ \t\r]*/y
const plainText = /"([^"\\]*)"/y
const anyText = /"[^"\\]*(?:\\.[^"\\]*)*"/y
const literal = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null/y

/** Reads one flat object; `onMember` says whether its key may stand there. */
const readObject = (
  line: string,
  onMember: (key: string, value: Value) => boolean,
): Problem | undefined => {
  const reader = readerOf(line)
  if (!reader.sign('{')) return 'source/json-line'
  if (!reader.sign('}'))
    for (;;) {
      const key = reader.text()
      const value = key !== undefined && reader.sign(':') ? reader.value() : undefined
      if (key === undefined || value === undefined) return 'source/json-line'
      if (value.text.includes('\0')) return 'source/nul'
      if (!value.text.isWellFormed()) return 'source/json-line'
      if (!onMember(key, value)) return 'source/json-key'
      if (reader.sign('}')) break
      if (!reader.sign(',')) return 'source/json-line'
    }
  return reader.isAtEnd() ? undefined : 'source/json-line'
}

const readerOf = (line: string) => {
  // A control character within a text is for the runtime's parser to refuse.
  const isClean = !/\p{Cc}/u.test(line)
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(line)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  const text = (): string | undefined => {
    take(blanks)
    const plain = isClean ? take(plainText) : null
    if (plain !== null) return plain[1]
    const [letters] = take(anyText) ?? []
    return letters === undefined ? undefined : parseText(letters)
  }
  return {
    text,
    sign: (sign: string): boolean => {
      take(blanks)
      if (line.charAt(at) !== sign) return false
      at += 1
      return true
    },
    value: (): Value | undefined => {
      const found = text()
      if (found !== undefined) return { text: found, isText: true }
      const [letters] = take(literal) ?? []
      return letters === undefined ? undefined : { text: letters, isText: false }
    },
    isAtEnd: (): boolean => {
      take(blanks)
      return at === line.length
    },
  }
}

const parseText = (letters: string): string | undefined => {
  try {
    return JSON.parse(letters) as string
  } catch {
    return undefined
  }
}
