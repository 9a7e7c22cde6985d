import * as z from 'zod'
import {
  badCountSchema,
  badReasonSchema,
  badRowSchema,
  type BadCount,
  type BadRow,
} from '../../policies/quarantine.ts'
import {
  openEngine,
  quoteName,
  quoteText,
  type Attachment,
  type Engine,
  type Row,
} from '../run/engine.ts'
import type { LinesOf, Source } from './source.ts'
import { replacedTable } from './authority.ts'
import { faultTable } from './set-aside.ts'
import { attachFile, closeFile } from './workshop.ts'

/**
 * Rows that were left out of a raw version, or came into it with a value replaced, as their file has them: an encrypted
 * file of its own, under a key of its own, with one table (number, line, faults, cells) and the names of the columns that
 * places and cells count by.
 */
const [bad, names] = ['quarantine.main.bad', 'quarantine.main.names']

export type Aside = {
  /** Left out. */
  readonly rows: number
  /** With more against them than an empty cell where none may be: left out, or kept with a value replaced. */
  readonly wrongRows: number
  readonly reasons: BadCount[]
}

/** Of rows that stay and had a value replaced, so many are kept as they came; all are counted. */
const replacedMax = 100_000

/** What is wrong with every row that is left out, and what was replaced in rows that stay. */
const notesSql =
  `SELECT row, place, reason FROM ${faultTable} UNION ALL SELECT row, place, 'replaced' FROM ${replacedTable} ` +
  `WHERE NOT filled AND row NOT IN (SELECT row FROM ${faultTable})`

/**
 * Writes the rows of `faultTable`, and those in which a value was replaced, into a new file, as they came. Undefined, and no
 * file, where there are none.
 */
export const writeQuarantine = async (
  engine: Engine,
  file: { readonly path: string; readonly key: Uint8Array },
  { dataset: { columns }, reader }: Source,
  linesOf: LinesOf,
): Promise<Aside | undefined> => {
  await engine.query(`CREATE TEMP TABLE note AS ${notesSql}`)
  const { rows: numbers } = await engine.query(
    `SELECT DISTINCT row FROM ${faultTable} UNION ` +
      `(SELECT DISTINCT row FROM temp.main.note WHERE reason = 'replaced' ORDER BY row LIMIT ${replacedMax}) ORDER BY row`,
  )
  if (numbers.length === 0) return undefined
  const wanted = numbers.map(([row]) => Number(row))
  const lines = await linesOf(wanted)
  await attachFile(engine, { ...file, alias: 'quarantine' }, 'write')
  await engine.query(
    `CREATE TABLE ${names} AS SELECT * FROM (VALUES ` +
      `${columns.map(({ name }, position) => `(${position + 1}, ${quoteText(name)})`).join(', ')}) n(place, name)`,
  )
  const cells = columns.map(({ name }) => quoteName(name)).join(', ')
  await engine.query(
    `CREATE TABLE ${bad} AS SELECT row_number() OVER (ORDER BY row) AS number, line, faults, cells FROM ` +
      `(SELECT row_number() OVER () AS row, [${cells}] AS cells FROM ${reader}) ` +
      `JOIN (SELECT row, list({'place': place, 'reason': reason} ORDER BY place, reason) AS faults FROM temp.main.note GROUP BY row) USING (row) ` +
      `JOIN (SELECT unnest(CAST(string_split($1, ',') AS BIGINT[])) AS row, unnest(CAST(string_split($2, ',') AS BIGINT[])) AS line) USING (row) ` +
      'ORDER BY number',
    [wanted.join(','), lines.join(',')],
  )
  const counted = await engine.query(
    `SELECT count(DISTINCT row) FILTER (WHERE reason <> 'replaced'), ` +
      `count(DISTINCT row) FILTER (WHERE reason <> 'missing') FROM temp.main.note`,
  )
  const [left, wrong] = (counted.rows[0] ?? []).map(Number)
  const { rows } = await engine.query(
    `SELECT reason, name, count(*) FROM temp.main.note LEFT JOIN ${names} USING (place) GROUP BY ALL ORDER BY 3 DESC, 1, 2`,
  )
  await closeFile(engine, 'quarantine')
  return { rows: left ?? 0, wrongRows: wrong ?? 0, reasons: rows.map(countOf) }
}

const countOf = ([reason, name, rows]: readonly unknown[]): BadCount =>
  badCountSchema.parse({ reason, ...(name !== null && { column: name }), rows: Number(rows) })

/** A longer text is cut, and a page ends early once its texts are this long together. */
const [textMax, pageMax] = [1000, 1_000_000]

const faultsSchema = z.array(z.strictObject({ place: z.int(), reason: badReasonSchema }))
const cellsSchema = z.array(z.strictObject({ text: z.string().nullable(), cut: z.boolean() }))

/** Reads rows of a quarantine, as many as `from` left out, at most `limit`; `next` where there are more. */
export const readQuarantine = async (
  file: Omit<Attachment, 'alias'>,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<{ readonly rows: readonly BadRow[]; readonly next?: number }> => {
  const attach = [{ ...file, alias: 'quarantine' }]
  const engine = await openEngine({ threads: 1, memoryMb: 512, attach })
  try {
    const columns = await engine.query(`SELECT name FROM ${names} ORDER BY place`)
    const shown = `{'text': left(cell, ${textMax}), 'cut': coalesce(length(cell) > ${textMax}, false)}`
    const { rows } = await engine.query(
      `SELECT line, faults, cells, number < (SELECT count(*) FROM ${bad}) FROM ` +
        `(SELECT number, line, to_json(faults) AS faults, to_json(list_transform(cells, lambda cell: ${shown})) AS cells ` +
        `FROM ${bad} WHERE number > ${from} AND number <= ${from + limit}) ` +
        `QUALIFY sum(length(cells)) OVER (ORDER BY number) <= ${pageMax} OR number = ${from + 1} ORDER BY number`,
    )
    const list = columns.rows.map(([name]) => String(name))
    const next = rows.at(-1)?.[3] === true && from + rows.length
    return { rows: rows.map((row) => badRowOf(list, row)), ...(next !== false && { next }) }
  } finally {
    engine.close()
  }
}

const badRowOf = (columns: readonly string[], [line, faults, cells]: Row): BadRow => {
  const texts = cellsSchema.parse(JSON.parse(String(cells)))
  return badRowSchema.parse({
    line: Number(line),
    faults: faultsSchema
      .parse(JSON.parse(String(faults)))
      .map(({ place, reason }) => ({ reason, ...(place > 0 && { column: columns[place - 1] }) })),
    cells: texts.map(({ text, cut }, position) => ({
      column: columns[position],
      text,
      ...(cut && { isCut: true }),
    })),
  })
}
