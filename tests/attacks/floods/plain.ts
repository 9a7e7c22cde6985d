import { readFileSync } from 'node:fs'
import { gunzipSync, inflateRawSync } from 'node:zlib'
import { parse } from 'yaml'
import { openCheckerEngine } from '../../../sandbox/run/checker-engine.ts'
import { townTables } from '../../support/town.ts'
import { endless } from './endless.ts'
import type { Reader } from './floods.ts'

/** What anybody would read it with: the same engine and libraries, and no bound. */
export const plain: Readonly<Record<Reader, (path: string) => unknown>> = {
  sql: async (path) =>
    (await openCheckerEngine()).serializePlan(readFileSync(path, 'utf8'), townTables),
  yaml: (path) => JSON.stringify(parse(readFileSync(path, 'utf8'), { maxAliasCount: -1 })),
  body: async () => JSON.parse(await endless().text()) as unknown,
  csv: (path) => linesOf(path).map((line) => line.split(',')),
  'json-lines': (path) => linesOf(path).map((line) => JSON.parse(line) as unknown),
  xlsx: (path) => contentsOf(readFileSync(path)).map((text) => text.match(/<x:row[^>]*>/g)),
}

const linesOf = (path: string): readonly string[] => {
  const bytes = readFileSync(path)
  const isPacked = bytes[0] === 0x1f
  return (isPacked ? gunzipSync(bytes) : bytes).toString('latin1').split('\n')
}

/** The texts of an archive, by what its local headers say. */
const contentsOf = (archive: Buffer): readonly string[] => {
  const texts: string[] = []
  for (let at = 0; archive.readUInt32LE(at) === 0x04034b50;) {
    const start = at + 30 + archive.readUInt16LE(at + 26) + archive.readUInt16LE(at + 28)
    const end = start + archive.readUInt32LE(at + 18)
    texts.push(inflateRawSync(archive.subarray(start, end)).toString('latin1'))
    at = end
  }
  return texts
}
