import { SaxesParser } from 'saxes'
import { refuse, type Refusal } from '../../policies/refusal.ts'

/** Which part of a workbook is read, as refusals name it. */
export type Part =
  | 'package'
  | 'content types'
  | 'relations'
  | 'workbook'
  | 'styles'
  | 'strings'
  | 'sheet'

/** Told what a part holds. What an answer refuses ends the reading. */
export type Visitor = {
  /** `name` as of the namespaces that workbooks use; an element of another has a name that begins with `?`. */
  readonly open: (name: string, attribute: Attribute) => Refusal | undefined
  readonly text?: (text: string) => void
  readonly close?: (name: string) => Refusal | undefined
}
/** Value of an attribute without a namespace, or, for `r:id`, of the namespace of relations. */
export type Attribute = (name: string) => string | undefined

/** Namespaces of ECMA-376 in its transitional and its strict form, and those of packages. */
const known = new Set([
  'http://schemas.openxmlformats.org/spreadsheetml/2006/main',
  'http://purl.oclc.org/ooxml/spreadsheetml/main',
  'http://schemas.openxmlformats.org/package/2006/relationships',
  'http://schemas.openxmlformats.org/package/2006/content-types',
])
const relations = new Set([
  'http://schemas.openxmlformats.org/officeDocument/2006/relationships',
  'http://purl.oclc.org/ooxml/officeDocument/relationships',
])

/** A cell has 32,767 characters at most, each of them ten letters of XML at most; so much is held of what is not closed. */
const openMax = 1 << 20
const depthMax = 64
const sliceMax = 1 << 16

export const unreadable = (part: Part): Refusal => refuse('source/not-xlsx', { part })

/**
 * Reads XML 1.0 in UTF-8 as it comes, holding no more than one element. Refuses what is not well-formed, and every
 * document type: where none is declared there is no entity to expand and nothing to fetch.
 */
export const readXml = async (
  blocks: AsyncIterable<Uint8Array>,
  part: Part,
  visitor: Visitor,
): Promise<Refusal | undefined> => {
  const reader = xmlReader(part, visitor)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (block?: Uint8Array): string | undefined => {
    try {
      return block === undefined ? decoder.decode() : decoder.decode(block, { stream: true })
    } catch {
      return undefined
    }
  }
  for await (const block of blocks) {
    const text = decode(block)
    if (text === undefined) return unreadable(part)
    const found = reader.feed(text)
    if (found !== undefined) return found
  }
  return decode() === '' ? reader.end() : unreadable(part)
}

const xmlReader = (part: Part, visitor: Visitor) => {
  const parser = new SaxesParser({ xmlns: true, position: false })
  let found: Refusal | undefined
  let depth = 0
  let unclosed = 0
  const note = (refusal: Refusal | undefined): void => {
    found ??= refusal
  }
  parser.on('error', () => note(unreadable(part)))
  parser.on('doctype', () => note(refuse('source/xml-doctype')))
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) note(unreadable(part))
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    depth += 1
    unclosed = 0
    if (depth > depthMax) note(unreadable(part))
    if (found !== undefined) return
    const attribute = (name: string): string | undefined => {
      const { uri: space, value } = attributes[name] ?? {}
      if (name !== 'r:id') return value
      if (space !== undefined && relations.has(space)) return value
      return Object.values(attributes).find(
        (each) => each.local === 'id' && relations.has(each.uri),
      )?.value
    }
    note(visitor.open(known.has(uri) ? local : `?${local}`, attribute))
  })
  const onText = (text: string): void => {
    unclosed = 0
    if (found === undefined) visitor.text?.(text)
  }
  parser.on('text', onText)
  parser.on('cdata', onText)
  parser.on('closetag', ({ uri, local }) => {
    depth -= 1
    unclosed = 0
    if (found === undefined) note(visitor.close?.(known.has(uri) ? local : `?${local}`))
  })
  const feed = (text: string): Refusal | undefined => {
    for (let from = 0; from < text.length; from += sliceMax) {
      if (found !== undefined) return found
      const slice = text.slice(from, from + sliceMax)
      unclosed += slice.length
      parser.write(slice)
      if (unclosed > openMax) note(unreadable(part))
    }
    return found
  }
  return {
    feed,
    end: (): Refusal | undefined => {
      parser.close()
      return found
    },
  }
}
