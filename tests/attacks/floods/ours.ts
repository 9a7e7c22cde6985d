import { mkdtempSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readBody } from '../../../api/body.ts'
import { readDocuments } from '../../../policies/documents.ts'
import type { Outcome } from '../../../policies/outcome.ts'
import { check } from '../../support/checker.ts'
import { taxDataset, testHome } from '../../support/publishing.ts'
import { townTables } from '../../support/town.ts'
import { endless } from './endless.ts'
import type { Reader } from './floods.ts'

/** What reads it in the product: a text, a document, a body, a file of a department. */
export const ours: Readonly<Record<Reader, (path: string) => Promise<Outcome<unknown>>>> = {
  sql: (path) => check(readFileSync(path, 'utf8'), townTables),
  yaml: (path) => Promise.resolve(readDocuments([readFileSync(path, 'utf8')]).read[0]!),
  body: () => readBody(endless(), { media: 'application/json', bytesMax: 2_100_000 }),
  csv: (path) => publish(path, 'csv'),
  'json-lines': (path) => publish(path, 'json-lines'),
  xlsx: (path) => publish(path, 'xlsx'),
}

const publish = (
  path: string,
  format: 'csv' | 'json-lines' | 'xlsx',
): Promise<Outcome<unknown>> => {
  const home = testHome(join(mkdtempSync(`${path}-`), 'home'))
  return home.fromCsv(readFileSync(path), { dataset: taxDataset({ ingest: { format } }) })
}
