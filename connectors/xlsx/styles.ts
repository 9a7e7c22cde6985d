import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { readXml, unreadable } from './xml.ts'
import type { Zip } from './zip.ts'
import type { ZipEntry } from './zip-directory.ts'

/**
 * Formats that every program knows without being told (ECMA-376 part 1, 18.8.30), those of Chinese and Japanese among
 * them, whose number is a date. Times of day alone are not.
 */
const dateFormats: ReadonlySet<number> = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58,
])

/** Excel keeps 65,490 styles at most. */
const stylesMax = 70_000

/** For each style of a cell, whether its number is shown as a date. */
export const readStyles = async (
  zip: Zip,
  entry: ZipEntry | undefined,
): Promise<Outcome<readonly boolean[]>> => {
  if (entry === undefined) return accepted([])
  const own = new Map<string, boolean>()
  const isDate: boolean[] = []
  let isInside = false
  const found = await readXml(zip.read(entry), 'styles', {
    open: (name, attribute) => {
      if (name === 'numFmt')
        own.set(attribute('numFmtId') ?? '', isDateFormat(attribute('formatCode') ?? ''))
      if (name === 'cellXfs') isInside = true
      if (name === 'xf' && isInside) {
        const id = attribute('numFmtId') ?? '0'
        isDate.push(own.get(id) ?? dateFormats.has(Number(id)))
      }
      return isDate.length > stylesMax || own.size > stylesMax ? unreadable('styles') : undefined
    },
    close: (name) => {
      if (name === 'cellXfs') isInside = false
      return undefined
    },
  })
  return found === undefined ? accepted(isDate) : refused(found)
}

/**
 * Whether a format shows a number as a date: a year or day in its first section, or a month with no hour or second
 * beside it, for then `m` is minutes. Texts in quotation marks, escaped signs, colours and conditions say nothing.
 */
export const isDateFormat = (code: string): boolean => {
  const plain = code.replaceAll(/"[^"]*"?|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]/gi, '')
  const bare = plain.replace(/;.*$/s, '').replaceAll(/general|AM\/PM|A\/P|E[-+]/gi, '')
  return /[yde]/i.test(bare) || (/m/i.test(bare) && !/[hs]/i.test(bare))
}
