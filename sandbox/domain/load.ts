import type { FileHandle } from 'node:fs/promises'
import type { CsvFile } from '../../connectors/csv.ts'
import type { Dataset, DatasetColumn } from '../../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { quoteName, quoteText, type Engine } from '../run/engine.ts'
import { isRoundedSql, isStandardSql, textSql, valueSql } from './cell.ts'

/** Where the raw rows of a version are: typed, identifiers in normal form, in the order of the source. */
export const rawTable = 'raw.main.raw'
/** How many places a refusal names. */
export const placesMax = 5

/** Tells the lines of rows (from 1, without the header); undefined where there is no file to point into. */
export type LinesOf = (rows: readonly number[]) => Promise<readonly number[]>

/** Cells per column that were rounded to the declared scale. */
export type Rounded = ReadonlyMap<string, number>

/**
 * Reads a checked file into `rawTable`, or refuses with every column that has a cell which is not of its type or its
 * standard. The happy way reads the file once: a cell that does not parse becomes NULL, and the number of cells with
 * text is compared with the number of values.
 */
export const loadCsv = async (
  engine: Engine,
  source: { readonly file: FileHandle; readonly csv: CsvFile; readonly dataset: Dataset },
  linesOf: LinesOf,
): Promise<Outcome<Rounded>> => {
  const { columns } = source.dataset
  const reader = readerSql(source)
  const rounded = columns.flatMap((column) => isRoundedSql(column) ?? [])
  await engine.query(
    `CREATE TABLE ${rawTable} AS SELECT ` +
      columns.map((column) => `${valueSql(column)} AS ${quoteName(column.name)}`).join(', ') +
      `, ${sumSql(columns.map(({ name }) => `${quoteName(name)} IS NOT NULL`))} AS __filled` +
      `, ${sumSql(rounded)} AS __rounded FROM (${textsSql(columns, reader)})`,
  )
  const counts = columns.map(({ name }) => `count(${quoteName(name)})`).join(' + ')
  const { rows } = await engine.query(
    `SELECT count(*), sum(__filled) = ${counts}, sum(__rounded) > 0 FROM ${rawTable}`,
  )
  const [count, sound, someRounded] = rows[0] ?? []
  if (count !== BigInt(source.csv.rows))
    throw new Error('the engine read other records than the scan')
  if (sound !== true || !(await meetsStandards(engine, columns)))
    return explain(engine, columns, reader, linesOf)
  for (const helper of ['__filled', '__rounded'])
    await engine.query(`ALTER TABLE ${rawTable} DROP COLUMN ${helper}`)
  return accepted(someRounded === true ? await countRounded(engine, columns, reader) : new Map())
}

/**
 * The engine's reader over the very file that was checked: by its descriptor, so neither a name with wildcards nor a
 * file put in its place is read. Everything is text; no dialect is guessed.
 */
const readerSql = ({
  file,
  csv,
  dataset,
}: {
  readonly file: FileHandle
  readonly csv: CsvFile
  readonly dataset: Dataset
}): string => {
  const names = csv.columns.map((name) => quoteText(name))
  const { delimiter, null: nulls } = dataset.csv
  const empty =
    nulls.length > 0
      ? `nullstr = [${nulls.map((text) => quoteText(text)).join(', ')}]`
      : `force_not_null = [${names.join(', ')}]`
  return (
    `read_csv(${quoteText(descriptorPath(file))}, columns = {${names.map((name) => `${name}: 'VARCHAR'`).join(', ')}}, ` +
    `auto_detect = false, header = true, delim = ${quoteText(delimiter)}, quote = '"', escape = '"', comment = '', ` +
    `strict_mode = true, null_padding = false, ignore_errors = false, compression = 'none', encoding = 'utf-8', ${empty})`
  )
}

export const descriptorPath = (file: FileHandle): string => `/proc/self/fd/${file.fd}`

const textsSql = (columns: readonly DatasetColumn[], reader: string): string =>
  `SELECT ${columns.map((column) => `${textSql(column)} AS ${quoteName(column.name)}`).join(', ')} FROM ${reader}`

const sumSql = (conditions: readonly string[]): string =>
  conditions.length === 0
    ? 'CAST(0 AS INTEGER)'
    : `CAST(${conditions.map((condition) => `CAST(${condition} AS INTEGER)`).join(' + ')} AS INTEGER)`

/** Check digits are tried once for each identifier: an enterprise has many rows, and a check takes about a microsecond. */
const meetsStandards = async (
  engine: Engine,
  columns: readonly DatasetColumn[],
): Promise<boolean> => {
  for (const column of columns) {
    const standard = isStandardSql(column)
    if (standard === undefined) continue
    const name = quoteName(column.name)
    const { rows } = await engine.query(
      `SELECT count(*) FROM (SELECT DISTINCT ${name} FROM ${rawTable} WHERE ${name} IS NOT NULL) ` +
        `WHERE (${standard}) IS NOT TRUE`,
    )
    if (rows[0]?.[0] !== 0n) return false
  }
  return true
}

/** Reads the file again to say which cells are wrong. */
const explain = async (
  engine: Engine,
  columns: readonly DatasetColumn[],
  reader: string,
  linesOf: LinesOf,
): Promise<Outcome<never>> => {
  const bad = columns.map((column) => {
    const right = isStandardSql(column) ?? `(${valueSql(column)}) IS NOT NULL`
    return `${quoteName(column.name)} IS NOT NULL AND (${right}) IS NOT TRUE`
  })
  const { rows } = await engine.query(
    `SELECT ${bad.map((condition) => placesSql(condition, '__row')).join(', ')} ` +
      `FROM (SELECT *, row_number() OVER () AS __row FROM (${textsSql(columns, reader)}))`,
  )
  const found = await Promise.all(
    columns.map(async (column, position) => {
      const places = await placesOf(rows[0]?.slice(2 * position, 2 * position + 2) ?? [], linesOf)
      return places && { column, places }
    }),
  )
  return refused(
    ...found
      .filter((entry) => entry !== undefined)
      .map(({ column: { name, type, standard }, places }) =>
        standard === undefined
          ? refuse('source/cell-type', { column: name, type, ...places })
          : refuse('source/cell-standard', { column: name, standard, ...places }),
      ),
  )
}

/** Two output columns: how many rows satisfy a condition, and the first of their numbers. */
export const placesSql = (condition: string, row: string): string =>
  `count(*) FILTER (WHERE ${condition}), ` +
  `array_to_string(min(${row}, ${placesMax}) FILTER (WHERE ${condition}), ',')`

/** Reads the two columns of `placesSql` as parameters of a refusal, undefined where there is nothing to refuse. */
export const placesOf = async (
  [count, first]: readonly unknown[],
  linesOf: LinesOf,
): Promise<{ readonly count: number; readonly lines: string } | undefined> => {
  if (typeof count !== 'bigint' || count === 0n) return undefined
  const rows = typeof first === 'string' ? first.split(',').map(Number) : []
  return { count: Number(count), lines: (await linesOf(rows)).join(', ') || '-' }
}

const countRounded = async (
  engine: Engine,
  columns: readonly DatasetColumn[],
  reader: string,
): Promise<Rounded> => {
  const decimals = columns.filter((column) => isRoundedSql(column) !== undefined)
  const { rows } = await engine.query(
    `SELECT ${decimals.map((column) => `count(*) FILTER (WHERE ${isRoundedSql(column)})`).join(', ')} ` +
      `FROM (${textsSql(columns, reader)})`,
  )
  return new Map(decimals.map(({ name }, position) => [name, Number(rows[0]?.[position])]))
}
