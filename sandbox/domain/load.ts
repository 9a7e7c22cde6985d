import type { Dataset, DatasetColumn } from '../../policies/dataset.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { quoteName, type Engine } from '../run/engine.ts'
import { isStandardSql, textSql, valueSql } from './cell.ts'
import { countRepairs, marks, valuesSql, type Repairs } from './values.ts'
import type { LinesOf, Source } from './source.ts'

/** Where the raw rows of a version are: typed, identifiers in normal form, in the order of the source. */
export const rawTable = 'raw.main.raw'
/** How many places a refusal names. */
export const placesMax = 5

export type Loaded = {
  readonly repairs: Repairs
  /** Every cell with text has a value. */
  readonly isRead: boolean
  /** And every value is of its standard. */
  readonly isSound: boolean
}

/**
 * Reads the rows of a file into `rawTable`; a cell that is not of its type becomes NULL. Reads the file once, and
 * once more to count where something was repaired.
 */
export const loadRows = async (
  engine: Engine,
  source: Source,
): Promise<Omit<Loaded, 'isSound'>> => {
  await engine.query(`CREATE TABLE ${rawTable} AS ${valuesSql(source)}`)
  const { rows } = await engine.query(
    `SELECT count(*), ${marks.map((mark) => `bool_or(${mark})`).join(', ')} FROM ${rawTable}`,
  )
  const [count, someUnread, someRepaired] = rows[0] ?? []
  if (count !== BigInt(source.rows)) throw new Error('the engine read other records than the scan')
  for (const mark of marks) await engine.query(`ALTER TABLE ${rawTable} DROP COLUMN ${mark}`)
  const isRead = someUnread === false
  return {
    repairs: someRepaired === true ? await countRepairs(engine, source) : new Map(),
    isRead,
  }
}

/** The texts of all columns, as they are compared. */
export const textsSql = (columns: readonly DatasetColumn[], reader: string): string =>
  `SELECT ${columns.map((column) => `${textSql(column)} AS ${quoteName(column.name)}`).join(', ')} FROM ${reader}`

/** Check digits are tried once for each identifier: an enterprise has many rows, and a check takes about a microsecond. */
export const meetsStandards = async (
  engine: Engine,
  { columns }: Pick<Dataset, 'columns'>,
): Promise<boolean> => {
  for (const column of columns) {
    const standard = isStandardSql(column)
    if (standard === undefined) continue
    const name = quoteName(column.name)
    // A condition after WHERE would be tried on all rows, before they are made distinct.
    const { rows } = await engine.query(
      `SELECT count(*) FILTER (WHERE (${standard}) IS NOT TRUE) ` +
        `FROM (SELECT DISTINCT ${name} FROM ${rawTable} WHERE ${name} IS NOT NULL)`,
    )
    if (rows[0]?.[0] !== 0n) return false
  }
  return true
}

/** Whether the text of a cell is there and is not what the column says. */
export const isBadSql = (column: DatasetColumn): string => {
  const isRight = isStandardSql(column) ?? `(${valueSql(column)}) IS NOT NULL`
  return `${quoteName(column.name)} IS NOT NULL AND (${isRight}) IS NOT TRUE`
}

/** Reads the file again to say which cells are wrong. */
export const explainCells = async (
  engine: Engine,
  { dataset: { columns }, reader }: Source,
  linesOf: LinesOf,
): Promise<readonly Refusal[]> => {
  const { rows } = await engine.query(
    `SELECT ${columns.map((column) => placesSql(isBadSql(column), '__row')).join(', ')} ` +
      `FROM (SELECT *, row_number() OVER () AS __row FROM (${textsSql(columns, reader)}))`,
  )
  const found = await Promise.all(
    columns.map(async (column, position) => {
      const places = await placesOf(rows[0]?.slice(2 * position, 2 * position + 2) ?? [], linesOf)
      return places && { column, places }
    }),
  )
  return found
    .filter((entry) => entry !== undefined)
    .map(({ column: { name, type, standard, codes }, places }) =>
      standard === undefined && codes === undefined
        ? refuse('source/cell-type', { column: name, type, ...places })
        : refuse('source/cell-standard', {
            column: name,
            standard: standard ?? 'codes',
            ...places,
          }),
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
