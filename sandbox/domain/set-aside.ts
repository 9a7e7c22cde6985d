import type { Dataset } from '../../policies/dataset.ts'
import { badRowsAllowed, type BadReason } from '../../policies/quarantine.ts'
import { quoteName, quoteText, type Engine } from '../run/engine.ts'
import { isBadSql, rawTable, textsSql } from './load.ts'
import type { Source } from './values.ts'
import { isFutureSql, isRequired } from './verify.ts'

/**
 * What is wrong with which row: a temporary table (row BIGINT from 1, place INTEGER of the column from 1 or 0 for the row
 * as a whole, reason VARCHAR).
 */
export const faultTable = 'temp.main.fault'

/**
 * Finds every fault of the loaded rows and notes it in `faultTable`. False, and not all are noted, where more rows are bad
 * than the dataset allows.
 */
export const findFaults = async (
  engine: Engine,
  source: Source & { readonly isSound: boolean },
  today: string,
): Promise<boolean> => {
  const allowed = badRowsAllowed(source.dataset, source.rows)
  const isTooMuch = async (): Promise<boolean> => {
    const { rows } = await engine.query(`SELECT count(DISTINCT row) FROM ${faultTable}`)
    return Number(rows[0]?.[0]) > allowed
  }
  await engine.query(`CREATE TEMP TABLE fault (row BIGINT, place INTEGER, reason VARCHAR)`)
  const limit = `LIMIT ${allowed + 1}`
  if (!source.isSound) await noteCells(engine, source, limit)
  if (await isTooMuch()) return false
  await noteValues(engine, source.dataset, today, limit)
  if (await isTooMuch()) return false
  await noteRepetitions(engine, source.dataset)
  return !(await isTooMuch())
}

/** Cells that are not of their type or standard: seen in the file alone. */
const noteCells = async (
  engine: Engine,
  { dataset: { columns }, reader }: Source,
  limit: string,
): Promise<void> => {
  const numbered = `(SELECT *, row_number() OVER () AS __row FROM (${textsSql(columns, reader)}))`
  const flags = columns.map((column, position) => `${isBadSql(column)} AS __bad${position}`)
  const any = columns.map((_, position) => `__bad${position}`).join(' OR ')
  await note(engine, {
    found: columns.map(({ standard }, position) => ({
      place: position + 1,
      reason: standard === undefined ? 'type' : 'standard',
      conditionSql: `__bad${position}`,
    })),
    from: `(SELECT * FROM (SELECT __row, ${flags.join(', ')} FROM ${numbered}) WHERE ${any} ${limit})`,
    row: '__row',
  })
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
  const same = grain.map((name) => `r.${quoteName(name)} IS NOT DISTINCT FROM g.${quoteName(name)}`)
  await engine.query(
    `INSERT INTO ${faultTable} WITH sound AS (SELECT rowid + 1 AS __row, * FROM ${rawTable} ` +
      `WHERE rowid + 1 NOT IN (SELECT row FROM ${faultTable})), ` +
      `shared AS (SELECT ${keys}, min(__row) AS __first FROM sound GROUP BY ${keys} HAVING count(*) > 1), ` +
      `member AS (SELECT r.*, g.__first FROM sound AS r JOIN shared AS g ON ${same.join(' AND ')}), ` +
      `variety AS (SELECT __first, count(*) AS forms FROM (SELECT DISTINCT __first, ${all} FROM member) GROUP BY __first) ` +
      `SELECT __row, 0, CASE WHEN forms > 1 THEN 'conflict' ELSE 'repeats' END ` +
      `FROM member JOIN variety USING (__first) WHERE forms > 1 OR __row > __first`,
  )
}
