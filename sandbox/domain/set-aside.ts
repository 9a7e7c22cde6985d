import type { Dataset } from '../../policies/dataset.ts'
import { badRowsAllowed, type BadReason } from '../../policies/quarantine.ts'
import { quoteName, quoteText, type Engine } from '../run/engine.ts'
import { contradictionsSql, type Authority } from './authority.ts'
import { isOutdatedSql, isStandardSql } from './cell.ts'
import { isBadSql, rawTable, textsSql, type Loaded } from './load.ts'
import type { Source } from './source.ts'
import { isFutureSql, isRequired, sameSql } from './verify.ts'

/**
 * What is wrong with which row: a temporary table (row BIGINT from 1, place INTEGER of the column from 1 or 0 for the row
 * as a whole, reason VARCHAR).
 */
export const faultTable = 'temp.main.fault'

/** Makes it, empty. */
export const openFaults = async (engine: Engine): Promise<void> => {
  await engine.query('CREATE TEMP TABLE fault (row BIGINT, place INTEGER, reason VARCHAR)')
}

/** The rows that stay, once faults are noted. */
export const keptSql = `${rawTable} WHERE rowid + 1 NOT IN (SELECT row FROM ${faultTable})`

/**
 * Finds every fault of the loaded rows and notes it in `faultTable`; with `before`, rows that are in that table already are
 * faults. False, and not all are noted, where more rows are bad than the dataset allows.
 */
export const findFaults = async (
  engine: Engine,
  source: Source,
  { isRead, isSound, today, before, authorities }: Pick<Loaded, 'isRead' | 'isSound'> & Beside,
): Promise<boolean> => {
  const allowed = badRowsAllowed(source.dataset, source.rows)
  const limit = `LIMIT ${allowed + 1}`
  const steps = [
    ...(isRead ? [] : [() => noteTypes(engine, source, limit)]),
    ...(isSound ? [] : [() => noteStandards(engine, source, limit)]),
    () => noteValues(engine, source.dataset, today, limit),
    ...contradictionsSql(source.dataset, authorities, faultTable).map(
      (sql) => () => engine.query(sql),
    ),
    () => noteRepetitions(engine, source.dataset),
    ...(before === undefined ? [] : [() => noteStored(engine, source.dataset, before)]),
  ]
  for (const step of steps) {
    await step()
    const { rows } = await engine.query(`SELECT count(DISTINCT row) FROM ${faultTable}`)
    if (Number(rows[0]?.[0]) > allowed) return false
  }
  return true
}

type Beside = {
  readonly today: string
  readonly before?: string | undefined
  readonly authorities: readonly Authority[]
}

/** Cells that are not of their type: seen in the file alone. */
const noteTypes = async (
  engine: Engine,
  { dataset: { columns }, reader }: Source,
  limit: string,
): Promise<void> => {
  const typed = columns.flatMap((column, position) =>
    column.type === 'text' ? [] : [{ place: position + 1, bad: isBadSql(column) }],
  )
  const numbered = `(SELECT *, row_number() OVER () AS __row FROM (${textsSql(columns, reader)}))`
  const flags = typed.map(({ place, bad }) => `${bad} AS __bad${place}`)
  const any = typed.map(({ place }) => `__bad${place}`).join(' OR ')
  await note(engine, {
    found: typed.map(({ place }) => ({ place, reason: 'type', conditionSql: `__bad${place}` })),
    from: `(SELECT * FROM (SELECT __row, ${flags.join(', ')} FROM ${numbered}) WHERE ${any} ${limit})`,
    row: '__row',
  })
}

/** Texts that are not of their standard or list. Each is tried once, as in loading. */
const noteStandards = async (
  engine: Engine,
  { dataset: { columns } }: Source,
  limit: string,
): Promise<void> => {
  for (const [position, column] of columns.entries()) {
    const standard = isStandardSql(column)
    if (standard === undefined) continue
    const name = quoteName(column.name)
    await engine.query(
      `CREATE OR REPLACE TEMP TABLE code AS SELECT DISTINCT ${name} FROM ${rawTable} WHERE ${name} IS NOT NULL`,
    )
    await engine.query(`DELETE FROM temp.main.code WHERE ${standard}`)
    await engine.query(
      `INSERT INTO ${faultTable} SELECT rowid + 1, ${position + 1}, ` +
        `CASE WHEN ${isOutdatedSql(column)} THEN 'outdated' ELSE 'standard' END FROM ${rawTable} ` +
        `WHERE ${name} IN (FROM temp.main.code) ${limit}`,
    )
    await engine.query('DROP TABLE temp.main.code')
  }
}

/** Empty cells where none may be, unless what stood there is noted already, and dates that are still to come. */
const noteValues = async (
  engine: Engine,
  dataset: Dataset,
  today: string,
  limit: string,
): Promise<void> => {
  const found = dataset.columns.flatMap((column, position) => [
    ...(isRequired(dataset, column)
      ? [
          {
            place: position + 1,
            reason: 'missing' as const,
            conditionSql: `${quoteName(column.name)} IS NULL`,
          },
        ]
      : []),
    ...(column.past === true
      ? [
          {
            place: position + 1,
            reason: 'future' as const,
            conditionSql: isFutureSql(column, today),
          },
        ]
      : []),
  ])
  if (found.length === 0) return
  const any = found.map(({ conditionSql }) => `(${conditionSql})`).join(' OR ')
  const from = `(SELECT rowid + 1 AS __row, * FROM ${rawTable} WHERE ${any} ${limit})`
  await note(engine, { found, from, row: '__row' })
  await engine.query(
    `DELETE FROM ${faultTable} AS f WHERE reason = 'missing' AND EXISTS (FROM ${faultTable} AS o ` +
      `WHERE o.row = f.row AND o.place = f.place AND o.reason <> 'missing')`,
  )
}

type Noted = {
  readonly found: readonly {
    readonly place: number
    readonly reason: BadReason
    readonly conditionSql: string
  }[]
  readonly from: string
  readonly row: string
}

const note = async (engine: Engine, { found, from, row }: Noted): Promise<void> => {
  const faults = found.map(
    ({ place, reason, conditionSql }) =>
      `CASE WHEN ${conditionSql} THEN {'place': ${place}, 'reason': ${quoteText(reason)}} END`,
  )
  await engine.query(
    `INSERT INTO ${faultTable} SELECT __row, fault.place, fault.reason FROM ` +
      `(SELECT ${row} AS __row, unnest([${faults.join(', ')}]) AS fault FROM ${from}) WHERE fault IS NOT NULL`,
  )
}

/**
 * Among the rows without a fault: of rows that are alike the first stays; rows of one grain that differ are set aside
 * together.
 */
const noteRepetitions = async (engine: Engine, { grain, columns }: Dataset): Promise<void> => {
  const [keys, all] = [grain, columns.map(({ name }) => name)].map((names) =>
    names.map((name) => quoteName(name)).join(', '),
  )
  await engine.query(
    `INSERT INTO ${faultTable} WITH sound AS (SELECT rowid + 1 AS __row, * FROM ${keptSql}), ` +
      `shared AS (SELECT ${keys}, min(__row) AS __first FROM sound GROUP BY ${keys} HAVING count(*) > 1), ` +
      `member AS (SELECT r.*, g.__first FROM sound AS r JOIN shared AS g ON ${sameSql(grain, 'r', 'g')}), ` +
      `variety AS (SELECT __first, count(*) AS forms FROM (SELECT DISTINCT __first, ${all} FROM member) GROUP BY __first) ` +
      `SELECT __row, 0, CASE WHEN forms > 1 THEN 'conflict' ELSE 'repeats' END ` +
      `FROM member JOIN variety USING (__first) WHERE forms > 1 OR __row > __first`,
  )
}

/** Among the rows without a fault: what is stored already is a repetition, and what is stored otherwise a conflict. */
const noteStored = async (
  engine: Engine,
  { grain, columns }: Dataset,
  before: string,
): Promise<void> => {
  const all = columns.map(({ name }) => name)
  await engine.query(
    `INSERT INTO ${faultTable} SELECT __row, 0, CASE WHEN ${sameSql(all, 'r', 'b')} THEN 'repeats' ELSE 'conflict' END ` +
      `FROM (SELECT rowid + 1 AS __row, * FROM ${keptSql}) AS r JOIN ${before} AS b ON ${sameSql(grain, 'r', 'b')}`,
  )
}
