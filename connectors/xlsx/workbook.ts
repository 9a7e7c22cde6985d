import { posix } from 'node:path'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { readStyles } from './styles.ts'
import { readXml, unreadable, type Part, type Visitor } from './xml.ts'
import type { Zip } from './zip.ts'
import type { ZipEntry } from './zip-directory.ts'

/** What of a workbook is needed to read one of its sheets. */
export type Workbook = {
  readonly sheet: ZipEntry
  readonly strings: ZipEntry | undefined
  /** For each style of a cell, whether its number is shown as a date. */
  readonly isDate: readonly boolean[]
  /** Whether dates count from 1904-01-01 instead of 1900-01-01. */
  readonly from1904: boolean
}

const office = /^http:\/\/(schemas\.openxmlformats\.org|purl\.oclc\.org\/ooxml)\/officeDocument\//
const plainType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml'
const sheetsMax = 1024

/** Finds the sheet of a name, or the first. `sheet` is a name of the dataset's document. */
export const readWorkbook = async (
  zip: Zip,
  sheet: string | undefined,
): Promise<Outcome<Workbook>> => {
  const root = await relationsOf(zip, '')
  if (!root.ok) return root
  const path = root.value.find(({ kind }) => kind === 'officeDocument')?.target
  const entry = path === undefined ? undefined : zip.entry(path)
  if (path === undefined || entry === undefined) return refused(unreadable('relations'))
  const macros = await macrosOf(zip, path)
  if (macros !== undefined) return refused(macros)
  const book = await readBook(zip, entry)
  if (!book.ok) return book
  const relations = await relationsOf(zip, path)
  if (!relations.ok) return relations
  const { sheets, from1904 } = book.value
  const wanted = sheet === undefined ? sheets[0] : sheets.find(({ name }) => name === sheet)
  if (wanted === undefined)
    return refused(refuse('source/sheet-missing', { sheet: sheet ?? '1', count: sheets.length }))
  const partOf = (kind: string, id?: string): ZipEntry | undefined => {
    const relation = relations.value.find(
      (each) => each.kind === kind && (id === undefined || each.id === id),
    )
    return relation && zip.entry(relation.target)
  }
  const found = partOf('worksheet', wanted.relation)
  if (found === undefined) return refused(unreadable('workbook'))
  const styles = await readStyles(zip, partOf('styles'))
  return styles.ok
    ? accepted({ sheet: found, strings: partOf('sharedStrings'), isDate: styles.value, from1904 })
    : styles
}

type Relation = { readonly id: string; readonly kind: string; readonly target: string }

/** The relations of a part (of the package itself: the empty path) to others within the package. */
const relationsOf = async (zip: Zip, path: string): Promise<Outcome<readonly Relation[]>> => {
  const { dir, base } = posix.parse(path)
  const entry = zip.entry(posix.join(dir, '_rels', `${base}.rels`))
  if (entry === undefined) return refused(unreadable('relations'))
  const relations: Relation[] = []
  const found = await read(zip, entry, 'relations', {
    open: (name, attribute) => {
      const [type, id, target] = [attribute('Type'), attribute('Id'), attribute('Target')]
      if (name !== 'Relationship' || attribute('TargetMode') === 'External') return undefined
      if (type === undefined || id === undefined || target === undefined)
        return unreadable('relations')
      if (relations.length >= sheetsMax) return unreadable('relations')
      if (office.test(type))
        relations.push({
          id,
          kind: type.slice(type.lastIndexOf('/') + 1),
          target: target.startsWith('/') ? target.slice(1) : posix.join(dir, target),
        })
      return undefined
    },
  })
  return found === undefined ? accepted(relations) : refused(found)
}

/** A workbook that brings programs says so by its type; one that hides them has them all the same. */
const macrosOf = async (zip: Zip, path: string): Promise<Refusal | undefined> => {
  if (zip.names.some((name) => name.endsWith('vbaproject.bin') || name.includes('/macrosheets/')))
    return refuse('source/xlsx-macros')
  const entry = zip.entry('[Content_Types].xml')
  if (entry === undefined) return unreadable('content types')
  let type: string | undefined
  const found = await read(zip, entry, 'content types', {
    open: (name, attribute) => {
      const isWorkbook = attribute('PartName')?.toLowerCase() === `/${path.toLowerCase()}`
      if (name === 'Override' && isWorkbook) type = attribute('ContentType')
      if (name === 'Default' && attribute('Extension')?.toLowerCase() === 'xml')
        type ??= attribute('ContentType')
      return undefined
    },
  })
  if (found !== undefined) return found
  if (/macroenabled/i.test(type ?? '')) return refuse('source/xlsx-macros')
  return type === plainType ? undefined : unreadable('content types')
}

type Book = {
  readonly sheets: readonly { readonly name: string; readonly relation: string }[]
  readonly from1904: boolean
}

const readBook = async (zip: Zip, entry: ZipEntry): Promise<Outcome<Book>> => {
  const sheets: { name: string; relation: string }[] = []
  let from1904 = false
  const found = await read(zip, entry, 'workbook', {
    open: (name, attribute) => {
      if (name === 'workbookPr') from1904 = isTrue(attribute('date1904'))
      if (name !== 'sheet') return undefined
      const [title, relation] = [attribute('name'), attribute('r:id')]
      if (title === undefined || relation === undefined || sheets.length >= sheetsMax)
        return unreadable('workbook')
      sheets.push({ name: title, relation })
      return undefined
    },
  })
  return found === undefined ? accepted({ sheets, from1904 }) : refused(found)
}

const isTrue = (text: string | undefined): boolean => text === '1' || text === 'true'

const read = (zip: Zip, entry: ZipEntry, part: Part, visitor: Visitor) =>
  readXml(zip.read(entry), part, visitor)
