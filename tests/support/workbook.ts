import { crc32, deflateRawSync } from 'node:zlib'

/** A part of an archive, or what its headers say instead of the truth. */
export type ZipPart = {
  readonly name: string
  readonly content: Buffer | string
  readonly said?: {
    readonly bytes?: number
    readonly crc?: number
    readonly localName?: string
    readonly flags?: number
  }
}
export type ZipShape = {
  readonly comment?: string
  readonly trailing?: string
  /** Bytes between the directory and what points to it. */
  readonly gap?: number
  /** Sizes and places in the fields for archives beyond 4 GB, as some writers always do. */
  readonly large?: boolean
}

const numbers = (...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Buffer =>
  Buffer.concat(
    fields.map(([bytes, value]) => {
      const buffer = Buffer.alloc(bytes)
      if (bytes === 8) buffer.writeBigUInt64LE(BigInt(value))
      else buffer.writeUIntLE(value, 0, bytes)
      return buffer
    }),
  )

/** A ZIP archive, written apart from what reads it. */
export const zipOf = (parts: readonly ZipPart[], shape: ZipShape = {}): Buffer => {
  const { large = false, gap = 0, comment = '', trailing = '' } = shape
  const [local, central]: [Buffer[], Buffer[]] = [[], []]
  let at = 0
  for (const { name, content, said = {} } of parts) {
    const plain = Buffer.from(content)
    const packed = deflateRawSync(plain)
    const { bytes = plain.length, crc = crc32(plain), localName = name, flags = 0 } = said
    const [label, localLabel] = [Buffer.from(name), Buffer.from(localName)]
    const header = Buffer.concat([
      numbers([4, 0x04034b50], [2, 20], [2, flags], [2, 8], [4, 0], [4, crc]),
      numbers([4, packed.length], [4, bytes], [2, localLabel.length], [2, 0]),
      localLabel,
    ])
    const extra = large
      ? numbers([2, 1], [2, 24], [8, bytes], [8, packed.length], [8, at])
      : Buffer.alloc(0)
    const sizes: readonly [number, number, number] = large
      ? [0xffffffff, 0xffffffff, 0xffffffff]
      : [packed.length, bytes, at]
    central.push(
      numbers([4, 0x02014b50], [2, 20], [2, 20], [2, flags], [2, 8], [4, 0], [4, crc]),
      numbers([4, sizes[0]], [4, sizes[1]], [2, label.length], [2, extra.length]),
      numbers([2, 0], [2, 0], [2, 0], [4, 0], [4, sizes[2]]),
      label,
      extra,
    )
    local.push(header, packed)
    at += header.length + packed.length
  }
  const directory = Buffer.concat(central)
  const start = at
  const end = start + directory.length + gap
  const largeEnd = large
    ? Buffer.concat([
        numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0]),
        numbers([8, parts.length], [8, parts.length], [8, directory.length], [8, start]),
        numbers([4, 0x07064b50], [4, 0], [8, end], [4, 1]),
      ])
    : Buffer.alloc(0)
  return Buffer.concat([
    ...local,
    directory,
    Buffer.alloc(gap),
    largeEnd,
    numbers([4, 0x06054b50], [2, 0], [2, 0], [2, parts.length], [2, parts.length]),
    numbers([4, large ? 0xffffffff : directory.length], [4, large ? 0xffffffff : start]),
    numbers([2, Buffer.byteLength(comment)]),
    Buffer.from(comment),
    Buffer.from(trailing),
  ])
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packages = 'http://schemas.openxmlformats.org/package/2006'
const relation = (id: string, kind: string, target: string, more = ''): string =>
  `<Relationship Id="${id}" Type="${office}/${kind}" Target="${target}"${more}/>`
const relations = (...all: readonly string[]): string =>
  `<Relationships xmlns="${packages}/relationships">${all.join('')}</Relationships>`

export type Book = {
  /** What stands in `sheetData` of the only sheet, or of each by name. */
  readonly rows?: string
  readonly sheets?: Readonly<Record<string, string>>
  /** What follows `sheetData`. */
  readonly after?: string
  readonly strings?: string
  readonly formats?: string
  /** `xf` elements; the usual: style 1 shows a date, style 2 a time of day, style 3 format 164. */
  readonly styles?: string
  readonly from1904?: boolean
  readonly type?: string
  readonly doctype?: string
  readonly more?: readonly ZipPart[]
  readonly shape?: ZipShape
  readonly sheetMode?: string
}

/** A workbook's parts; a test may put others in their place. */
export const partsOf = (book: Book): ZipPart[] => {
  const sheets = Object.entries(book.sheets ?? { one: book.rows ?? '' })
  const type = book.type ?? 'openxmlformats-officedocument.spreadsheetml.sheet.main'
  return [
    {
      name: '[Content_Types].xml',
      content: `<Types xmlns="${packages}/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.${type}+xml"/></Types>`,
    },
    { name: '_rels/.rels', content: relations(relation('a', 'officeDocument', 'xl/workbook.xml')) },
    {
      name: 'xl/workbook.xml',
      content:
        `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr date1904="${book.from1904 ?? false}"/><sheets>` +
        `${sheets.map(([name], at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="s${at}"/>`).join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relations(
        ...sheets.map((_, at) =>
          relation(`s${at}`, 'worksheet', `worksheets/sheet${at}.xml`, book.sheetMode),
        ),
        relation('t', 'sharedStrings', '/xl/sharedStrings.xml'),
        relation('y', 'styles', 'styles.xml'),
      ),
    },
    ...sheets.map(([, rows], at) => ({
      name: `xl/worksheets/sheet${at}.xml`,
      content: `<?xml version="1.0" encoding="UTF-8"?>${book.doctype ?? ''}<x:worksheet xmlns:x="${main}" xmlns="urn:other"><x:sheetData>${rows}</x:sheetData>${book.after ?? ''}</x:worksheet>`,
    })),
    {
      name: 'xl/styles.xml',
      content: `<styleSheet xmlns="${main}"><numFmts>${book.formats ?? ''}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${book.styles ?? '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/><xf numFmtId="164"/>'}</cellXfs></styleSheet>`,
    },
    { name: 'xl/sharedStrings.xml', content: `<sst xmlns="${main}">${book.strings ?? ''}</sst>` },
    ...(book.more ?? []),
  ]
}
export const workbookOf = (book: Book): Buffer => zipOf(partsOf(book), book.shape)

/** Rows of cells, each an element's inside: a text becomes an inline text, an element stays. */
export const rowsOf = (...rows: readonly (readonly string[])[]): string =>
  rows
    .map(
      (cells) =>
        `<x:row>${cells.map((cell) => (cell.startsWith('<x:c') ? cell : inline(cell))).join('')}</x:row>`,
    )
    .join('')

const inline = (text: string): string =>
  `<x:c t="inlineStr"><x:is><x:t>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</x:t></x:is></x:c>`
