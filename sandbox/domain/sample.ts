import type { Dataset } from '../../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { Policy } from '../../policies/policy.ts'
import { publishedColumns, type PublishedColumn } from '../../policies/published.ts'
import { quoteName, type Engine } from '../run/engine.ts'
import { explainCells, loadRows, meetsStandards, rawTable } from './load.ts'
import { identifierSql } from './register.ts'
import { publishedSql, writePublished, type Mapped } from './table.ts'
import { verifyPolicy, verifyPublished } from './verify.ts'

/** Cells as they stand in a file, by column; a column that a row leaves out is not looked at. */
export type SampleRow = Readonly<Record<string, string | null>>
export type Sample = {
  readonly columns: readonly PublishedColumn[]
  /** In the order of the raw rows: canonical text of each column's type. */
  readonly rows: readonly (readonly (string | null)[])[]
}

type Documents = { readonly dataset: Dataset; readonly policy: Policy }

const texts = 'sample_texts'

/**
 * Publishes a few raw rows by the publisher's own statements, in an engine that reaches no file, so that an author of a
 * policy can see what becomes of them. Surrogates count up in the order of the rows, where a domain draws them; a row
 * without an identifier is an entity of its own. Refuses what the publisher would refuse of the cells that are there:
 * types, standards, domains, and columns that are not of the entity. Empty cells are not looked at.
 */
export const publishSample = async (
  engine: Engine,
  { dataset, policy }: Documents,
  rows: readonly SampleRow[],
): Promise<Outcome<Sample>> => {
  const wrong = verifyPolicy(dataset, policy)
  if (wrong.length > 0) return refused(...wrong)
  for (const name of ['raw', 'out']) await engine.query(`ATTACH ':memory:' AS ${name}`)
  try {
    await writeTexts(engine, dataset, rows)
    const source = { dataset, rows: rows.length, reader: texts }
    const { isRead } = await loadRows(engine, source)
    return isRead && (await meetsStandards(engine, dataset))
      ? await publishRaw(engine, { dataset, policy }, rows)
      : refused(...(await explainCells(engine, source, (places) => Promise.resolve(places))))
  } finally {
    await engine.query(`DROP TABLE IF EXISTS ${texts}`)
    for (const name of ['raw', 'out']) await engine.query(`DETACH ${name}`)
  }
}

const writeTexts = async (
  engine: Engine,
  { columns }: Dataset,
  rows: readonly SampleRow[],
): Promise<void> => {
  const lists = columns.map(
    ({ name }, at) => `unnest(from_json($${at + 1}::JSON, '["VARCHAR"]')) AS ${quoteName(name)}`,
  )
  await engine.query(
    `CREATE TABLE ${texts} AS SELECT ${lists.join(', ')}`,
    columns.map(({ name }) => JSON.stringify(rows.map((row) => row[name] ?? null))),
  )
}

const publishRaw = async (
  engine: Engine,
  { dataset, policy }: Documents,
  rows: readonly SampleRow[],
): Promise<Outcome<Sample>> => {
  await nameUnits(engine, dataset)
  const entities: Mapped[] = []
  for (const { kind, column } of dataset.entities)
    entities.push({ kind, column, map: await mapOf(engine, kind, column), hmacKey: noKey })
  const table = `out.main.${quoteName(dataset.dataset)}`
  await writePublished(engine, table, { dataset, policy }, { entities, nonce: 0n })
  const refusals = await verifyPublished(engine, table, { dataset, policy })
  const isGrainThere = rows.every((row) => dataset.grain.every((name) => row[name] !== undefined))
  const looked = refusals.filter(({ code }) => code !== 'source/grain-repeats' || isGrainThere)
  return looked.length > 0
    ? refused(...looked)
    : accepted(await readSample(engine, { dataset, policy }, entities))
}

/** Nothing of a sample is kept: its keyed ranks need no secret. */
const noKey = new Uint8Array(32)

/** Gives each row without an identifier of its unit one that no other row has. */
const nameUnits = async (engine: Engine, { columns, entities }: Dataset): Promise<void> => {
  const unit = columns.find(({ name }) => name === entities[0]?.column)
  const own = { text: "'row ' || rowid", integer: '-1 - rowid' }[String(unit?.type)]
  if (unit === undefined || own === undefined) return
  const name = quoteName(unit.name)
  await engine.query(`UPDATE ${rawTable} SET ${name} = ${own} WHERE ${name} IS NULL`)
}

const mapOf = async (engine: Engine, kind: string, column: string): Promise<string> => {
  const map = quoteName(`sample_${kind}`)
  await engine.query(
    `CREATE OR REPLACE TEMP TABLE ${map} AS SELECT identifier, row_number() OVER (ORDER BY first) AS surrogate ` +
      `FROM (SELECT ${identifierSql(column)} AS identifier, min(rowid) AS first FROM ${rawTable} GROUP BY 1) WHERE identifier IS NOT NULL`,
  )
  return map
}

const readSample = async (
  engine: Engine,
  { dataset, policy }: Documents,
  entities: readonly Mapped[],
): Promise<Sample> => {
  const columns = publishedColumns(dataset, policy)
  const maps = new Map(entities.map(({ column, map }) => [column, map]))
  const values = columns.map(({ name }) => {
    const map = maps.get(name)
    return map === undefined
      ? publishedSql(dataset, policy, name)
      : `(SELECT surrogate FROM ${map} WHERE identifier = ${identifierSql(name)})`
  })
  const { rows } = await engine.query(
    `SELECT ${values.map((value) => `CAST(${value} AS VARCHAR)`).join(', ')} FROM ${rawTable} ORDER BY rowid`,
  )
  return {
    columns,
    rows: rows.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
  }
}
