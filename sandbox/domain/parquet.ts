import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { listed } from '../../connectors/csv.ts'
import { descriptorPath } from '../../connectors/inbox.ts'
import { identityOf } from '../../connectors/regular-file.ts'
import type { Dataset, DatasetColumn } from '../../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { EngineFailure, quoteName, quoteText, type Answer, type Engine } from '../run/engine.ts'
import type { Source, SourceFile } from './source.ts'

const blockBytes = 1 << 20
/** Also the end of a file. One that ends in `PARE` has an encrypted footer. */
const magic = 'PAR1'

/**
 * Opens a Parquet file: read by the engine, from the descriptor, into the columns that the dataset declares. What is in the
 * file is checked as text, like any other. `bytesMax` bounds what it says it unpacks to. Lines are places of rows.
 */
export const openParquet = async (
  file: FileHandle,
  { dataset, bytesMax }: { readonly dataset: Dataset; readonly bytesMax: number },
  onBytes: (fraction: number) => void,
): Promise<Outcome<SourceFile>> => {
  const identity = await identityOf(file)
  const { size } = await file.stat()
  const hash = createHash('sha256')
  const block = Buffer.alloc(blockBytes)
  let [start, end] = ['', '']
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(block, 0, blockBytes, position)
    if (bytesRead === 0) break
    const read = block.subarray(0, bytesRead)
    hash.update(read)
    if (position === 0) start = read.toString('latin1', 0, magic.length)
    end = `${end}${read.toString('latin1', Math.max(0, bytesRead - magic.length))}`.slice(-4)
    position += bytesRead
    onBytes(Math.min(1, position / size))
  }
  if (start !== magic || end !== magic) return refused(refuse('source/not-parquet'))
  return accepted({
    path: descriptorPath(file),
    sha256: hash.digest('hex'),
    bytes: size,
    read: (engine) => readParquet(engine, file, { dataset, bytesMax }),
    linesOf: (rows) => Promise.resolve(rows),
    isUnchanged: async () => (await identityOf(file)) === identity,
  })
}

const readParquet = async (
  engine: Engine,
  file: FileHandle,
  { dataset, bytesMax }: { readonly dataset: Dataset; readonly bytesMax: number },
): Promise<Outcome<Source>> => {
  const path = quoteText(descriptorPath(file))
  const from =
    `read_parquet(${path}, binary_as_string = false, filename = false, file_row_number = false, ` +
    'hive_partitioning = false, union_by_name = false)'
  const shape = await tryQuery(engine, `SELECT * FROM ${from} LIMIT 0`)
  const sizes = await tryQuery(
    engine,
    `SELECT CAST(coalesce(sum(total_uncompressed_size), 0) AS BIGINT), (SELECT count(*) FROM ${from}) FROM parquet_metadata(${path})`,
  )
  if (shape === undefined || sizes === undefined) return refused(refuse('source/not-parquet'))
  const wrong = [...checkNames(shape, dataset), ...checkTypes(shape, dataset)]
  if (wrong.length > 0) return refused(...wrong)
  const [bytes, rows] = (sizes.rows[0] ?? []).map(Number)
  if (bytes === undefined || bytes > bytesMax)
    return refused(refuse('source/unpacks-too-far', { max: bytesMax }))
  if (rows === undefined || rows === 0) return refused(refuse('source/empty'))
  const texts = dataset.columns.map((column) => textSql(dataset, column))
  const reader = `(SELECT ${texts.join(', ')} FROM ${from})`
  const nul = await firstNul(engine, dataset, reader)
  return nul === undefined ? accepted({ dataset, rows, reader }) : refused(nul)
}

/** A text that the dataset declares to stand for an empty cell is one here, too. */
const textSql = ({ csv }: Dataset, column: DatasetColumn): string => {
  const name = quoteName(column.name)
  if (column.type !== 'text') return `CAST(${name} AS VARCHAR) AS ${name}`
  const empty = csv.null.map((text) => quoteText(text)).join(', ')
  return empty === '' ? name : `CASE WHEN ${name} NOT IN (${empty}) THEN ${name} END AS ${name}`
}

/** Undefined where the engine cannot read the file; its words are dropped. */
const tryQuery = async (engine: Engine, sql: string): Promise<Answer | undefined> => {
  try {
    return await engine.query(sql)
  } catch (error) {
    if (error instanceof EngineFailure && error.fault === 'engine') return undefined
    throw error
  }
}

const checkNames = ({ columns: found }: Answer, { columns }: Dataset): readonly Refusal[] => {
  const known = columns.map(({ name }) => name)
  const missing = known.filter((name) => !found.includes(name))
  const unknown = found.flatMap((name, place) => (known.includes(name) ? [] : [place + 1]))
  return [
    ...(missing.length > 0 ? [refuse('source/columns-missing', listed(missing))] : []),
    ...(unknown.length > 0 ? [refuse('source/columns-unknown', listed(unknown))] : []),
  ]
}

const wholeNumbers = 'U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)'
/** The engine's types that are read as a type of the catalogue, and words for them. Nothing nested is. */
const readable: Readonly<Record<string, readonly [RegExp, string]>> = {
  text: [/^VARCHAR$/, 'a text in UTF-8'],
  integer: [new RegExp(`^${wholeNumbers}$`), 'a whole number'],
  decimal: [
    new RegExp(`^(?:${wholeNumbers}|DECIMAL\\(\\d+,\\d+\\)|DOUBLE|FLOAT)$`),
    'a decimal, a whole number or a double',
  ],
  date: [/^DATE$/, 'a date'],
  boolean: [/^BOOLEAN$/, 'a boolean'],
}

/** Of a type in the file only its first word is told: names of its parts are the file's own. */
const checkTypes = ({ columns: found, types }: Answer, { columns }: Dataset): readonly Refusal[] =>
  columns.flatMap(({ name, type }) => {
    const place = found.indexOf(name)
    const [pattern, allowed] = readable[type.replace(/\(.*/, '')] ?? []
    const given = types[place]
    if (given === undefined || pattern === undefined || pattern.test(given)) return []
    const word = /^\w+/.exec(given)?.[0] ?? '-'
    const shown = given.endsWith(']') ? 'LIST' : word
    return [
      refuse('source/parquet-type', { column: name, found: shown, type, allowed: allowed ?? '' }),
    ]
  })

/** No text of a CSV file has one, and C programs end a string there. */
const firstNul = async (
  engine: Engine,
  { columns }: Dataset,
  reader: string,
): Promise<Refusal | undefined> => {
  const texts = columns.filter(({ type }) => type === 'text')
  if (texts.length === 0) return undefined
  const any = texts.map(({ name }) => `contains(${quoteName(name)}, chr(0))`).join(' OR ')
  const { rows } = await engine.query(
    `SELECT min(__row) FROM (SELECT *, row_number() OVER () AS __row FROM ${reader}) WHERE ${any}`,
  )
  const [row] = rows[0] ?? []
  return typeof row === 'bigint' ? refuse('source/nul', { line: Number(row) }) : undefined
}
