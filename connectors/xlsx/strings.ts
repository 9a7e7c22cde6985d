import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { readXml, unreadable } from './xml.ts'
import type { Zip } from './zip.ts'
import type { ZipEntry } from './zip-directory.ts'

/** They are held in memory while the sheet is read. */
const [stringsMax, stringsBytesMax] = [8_000_000, 256 << 20]

/** The texts that cells refer to by number. */
export const readStrings = async (
  zip: Zip,
  entry: ZipEntry | undefined,
): Promise<Outcome<readonly string[]>> => {
  if (entry === undefined) return accepted([])
  if (entry.bytes > stringsBytesMax)
    return refused(refuse('source/unpacks-too-far', { max: stringsBytesMax }))
  const strings: string[] = []
  const text = textCollector()
  const found = await readXml(zip.read(entry), 'strings', {
    open: (name) => {
      if (name === 'si') text.begin()
      text.open(name)
      return strings.length > stringsMax
        ? refuse('source/unpacks-too-far', { max: stringsBytesMax })
        : undefined
    },
    text: text.add,
    close: (name) => {
      text.close(name)
      if (name !== 'si') return undefined
      const whole = text.end()
      if (whole === undefined) return unreadable('strings')
      strings.push(whole)
      return undefined
    },
  })
  return found === undefined ? accepted(strings) : refused(found)
}

/**
 * Puts together the text of an `si` or `is`: of its `t` elements, those of runs among them, without the readings (`rPh`)
 * that stand over Chinese characters.
 */
export const textCollector = () => {
  let whole = ''
  let isText = false
  let isReading = false
  return {
    begin: (): void => void (whole = ''),
    open: (name: string): void => {
      if (name === 'rPh') isReading = true
      if (name === 't') isText = !isReading
    },
    add: (text: string): void => {
      if (isText) whole += text
    },
    close: (name: string): void => {
      if (name === 'rPh') isReading = false
      if (name === 't') isText = false
    },
    /** Undefined for what is no text: half a character. */
    end: (): string | undefined => unescaped(whole),
  }
}

/** What XML cannot hold is written `_x000D_`, and `_x005F_` for the sign that begins this (ECMA-376 part 1, 22.9.2.19). */
export const unescaped = (text: string): string | undefined => {
  const plain = text.includes('_x')
    ? text.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      )
    : text
  return plain.isWellFormed() ? plain : undefined
}
