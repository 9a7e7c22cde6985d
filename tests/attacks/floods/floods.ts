import { gzipSync } from 'node:zlib'
import { taxHeader } from '../../support/publishing.ts'
import { workbookOf } from '../../support/workbook.ts'

/** Who reads it. */
export type Reader = 'sql' | 'yaml' | 'body' | 'csv' | 'json-lines' | 'xlsx'

/** An input that is refused for its form, and large or slow where nobody sets a bound. */
export type Flood = { readonly reader: Reader; readonly make: () => string | Buffer }

const times = (text: string, count: number): string => text.repeat(count)
const stretch = 2 ** 24
const long = 60 * 2 ** 20

/** A gigabyte in a megabyte: one member of an archive again and again. */
const members = (): Buffer => {
  const member = gzipSync(Buffer.alloc(stretch, 'x'))
  return Buffer.concat([
    gzipSync(`${taxHeader}\n`),
    ...Array.from({ length: 2 ** 30 / stretch }, () => member),
  ])
}

export const floods: Readonly<Record<string, Flood>> = {
  'joins that double': {
    reader: 'sql',
    make: () =>
      `WITH ${Array.from({ length: 13 }, (_, at) => `c${at} AS (SELECT * FROM ${at === 0 ? 'tax a, tax b' : `c${at - 1} a, c${at - 1} b`})`).join(', ')} SELECT count(*) FROM c12`,
  },
  'stars that double': {
    reader: 'sql',
    make: () => `SELECT count(*) FROM ${times('(SELECT *, * FROM ', 17)}tax${times(')', 17)}`,
  },
  'aliases of aliases': {
    reader: 'yaml',
    make: () =>
      Array.from({ length: 10 }, (_, at) =>
        at === 0
          ? `a0: &a0 [${times('x, ', 9)}]`
          : `a${at}: &a${at} [${times(`*a${at - 1}, `, 9)}]`,
      ).join('\n'),
  },
  'lists in lists': { reader: 'yaml', make: () => times('[', 1_000_000) },
  'half a million words': { reader: 'yaml', make: () => times('- a\n', 250_000) },
  'a body without end': { reader: 'body', make: () => '' },
  'a gigabyte behind a megabyte': { reader: 'csv', make: members },
  'a quote without end': {
    reader: 'csv',
    make: () => Buffer.concat([Buffer.from(`${taxHeader}\n"`), Buffer.alloc(long, 'x\n')]),
  },
  'a gigabyte of one value': { reader: 'json-lines', make: members },
  'values in values': {
    reader: 'json-lines',
    make: () => Buffer.concat([Buffer.alloc(long / 2, '['), Buffer.alloc(long / 2, ']')]),
  },
  'a sheet of empty rows': {
    reader: 'xlsx',
    make: () => workbookOf({ rows: times('<x:row/>', 2 ** 24) }),
  },
}
