import { standards } from '../../connectors/standards/standard.ts'
import { checkColumn } from '../../policies/check-column.ts'
import { dataTypeOf, type Dataset, type DatasetColumn } from '../../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import type { ColumnPolicy, Policy } from '../../policies/policy.ts'
import { publishedColumns } from '../../policies/published.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { quoteName, quoteText, type Engine } from '../run/engine.ts'
import { placesMax, placesOf, placesSql, rawTable } from './load.ts'
import type { LinesOf } from './source.ts'

/** What a policy relies on is looked up in the rows before anything is published, and refused when it is not so. */

export type Nulls = ReadonlyMap<string, number>
export type Verified = { readonly rows: number; readonly nulls: Nulls }

/**
 * Checks what the catalogue says of the raw rows: their columns and types, no empty cell where none may be, an entity
 * behind every row, no date after `today` where that is declared, and a grain that no two rows share (empty cells count
 * as equal there).
 */
export const verifyRaw = async (
  engine: Engine,
  dataset: Dataset,
  today: string,
  linesOf: LinesOf,
): Promise<Outcome<Verified>> => {
  const { columns } = dataset
  const drift = await verifyColumns(engine, rawTable, dataset)
  if (drift.length > 0) return refused(...drift)
  const places = columns.map(({ name }) => placesSql(`${quoteName(name)} IS NULL`, 'rowid + 1'))
  const { rows } = await engine.query(`SELECT count(*), ${places.join(', ')} FROM ${rawTable}`)
  const [count, ...cells] = rows[0] ?? []
  const refusals: Refusal[] = []
  for (const [position, column] of columns.entries()) {
    if (!isRequired(dataset, column)) continue
    const missing = await placesOf(cells.slice(2 * position, 2 * position + 2), linesOf)
    if (missing === undefined) continue
    const { name } = column
    const code =
      name === dataset.entities[0]?.column ? 'source/unit-missing' : 'source/cell-missing'
    refusals.push(refuse(code, { column: name, ...missing }))
  }
  refusals.push(
    ...(await verifyPast(engine, dataset, today, linesOf)),
    ...(await verifyGrain(engine, { table: rawTable }, dataset, linesOf)),
  )
  return refusals.length > 0
    ? refused(...refusals)
    : accepted({
        rows: Number(count),
        nulls: new Map(columns.map(({ name }, position) => [name, Number(cells[2 * position])])),
      })
}

/**
 * Whether a stored raw table has the columns that the catalogue says now, whatever their order; refuses with the
 * difference: `+` what only the catalogue has, `-` what only the table has, and types that changed.
 */
export const verifyColumns = async (
  engine: Engine,
  table: string,
  { dataset, columns }: Dataset,
): Promise<readonly Refusal[]> => {
  const stored = await engine.query(`SELECT * FROM ${table} LIMIT 0`)
  const types = new Map(stored.columns.map((name, place) => [name, stored.types[place]]))
  const differences = [
    ...columns.flatMap((column) => {
      const [found, declared] = [types.get(column.name), typeSql(dataTypeOf(column))]
      if (found === undefined) return [`+${column.name}`]
      return found === declared ? [] : [`${column.name}: ${found} → ${declared}`]
    }),
    ...stored.columns
      .filter((name) => !columns.some((column) => column.name === name))
      .map((name) => `-${name}`),
  ]
  const [shown, rest] = [differences.slice(0, 6), differences.length - 6]
  const difference = `${shown.join(', ')}${rest > 0 ? `, … (${rest})` : ''}`
  return differences.length === 0
    ? []
    : [refuse('source/raw-differs', { dataset, difference: difference.slice(0, 400) })]
}

/** A row that belongs to nobody cannot be protected, whatever the catalogue says of the column. */
export const isRequired = ({ entities }: Dataset, { name, nullable }: DatasetColumn): boolean =>
  !nullable || name === entities[0]?.column

/** Whether a date is after a day; both ISO. */
export const isFutureSql = ({ name }: DatasetColumn, today: string): string =>
  `${quoteName(name)} > DATE ${quoteText(today)}`

/** Whether rows of two tables agree in some columns; empty cells are alike. */
export const sameSql = (names: readonly string[], left: string, right: string): string =>
  names
    .map((name) => `${left}.${quoteName(name)} IS NOT DISTINCT FROM ${right}.${quoteName(name)}`)
    .join(' AND ')

/** Refuses rows whose grain is in another table already. */
export const verifyNew = async (
  engine: Engine,
  { grain }: Dataset,
  before: string,
  linesOf: LinesOf,
): Promise<readonly Refusal[]> => {
  const { rows } = await engine.query(
    `SELECT ${placesSql('true', '__row')} FROM (SELECT rowid + 1 AS __row, * FROM ${rawTable}) AS r ` +
      `WHERE EXISTS (FROM ${before} AS b WHERE ${sameSql(grain, 'r', 'b')})`,
  )
  const places = await placesOf(rows[0] ?? [], linesOf)
  return places === undefined
    ? []
    : [refuse('source/already-there', { columns: grain.join(', '), ...places })]
}

/**
 * Whether the identifiers of entities are what the catalogue says now: a stored version may be of a time when it said
 * otherwise, and whom a row is about must not depend on that.
 */
export const verifyEntities = async (
  engine: Engine,
  { dataset, entities, columns }: Dataset,
): Promise<readonly Refusal[]> => {
  const refusals: Refusal[] = []
  for (const { name, standard } of columns) {
    if (standard === undefined || !entities.some(({ column }) => column === name)) continue
    const quoted = quoteName(name)
    const { rows } = await engine.query(
      `SELECT count(*) FILTER (WHERE (${standards[standard].sql(quoted)}) IS FALSE) ` +
        `FROM (SELECT DISTINCT ${quoted} FROM ${rawTable})`,
    )
    if (rows[0]?.[0] !== 0n)
      refusals.push(refuse('source/raw-differs', { dataset, difference: `${name}: ${standard}` }))
  }
  return refusals
}

const verifyPast = async (
  engine: Engine,
  { columns }: Dataset,
  today: string,
  linesOf: LinesOf,
): Promise<readonly Refusal[]> => {
  const refusals: Refusal[] = []
  for (const column of columns.filter(({ past }) => past === true)) {
    const { rows } = await engine.query(
      `SELECT ${placesSql(isFutureSql(column, today), 'rowid + 1')} FROM ${rawTable}`,
    )
    const places = await placesOf(rows[0] ?? [], linesOf)
    if (places !== undefined)
      refusals.push(refuse('source/cell-future', { column: column.name, ...places }))
  }
  return refusals
}

/**
 * Groups that are counted at a time: the engine holds all groups of a statement, about 64 bytes and a long key's text
 * each. More rows are looked through several times, each time those of one share of the hashes.
 */
const grainsMax = 8_000_000

/** Refuses rows that share their grain; `atATime` bounds how many are grouped by one statement. */
export const verifyGrain = async (
  engine: Engine,
  { table, atATime = grainsMax }: { readonly table: string; readonly atATime?: number },
  { grain }: Pick<Dataset, 'grain'>,
  linesOf: LinesOf,
): Promise<readonly Refusal[]> => {
  const names = grain.map((name) => quoteName(name)).join(', ')
  const { rows: size } = await engine.query(`SELECT count(*) FROM ${table}`)
  const shares = 1 + Math.floor(Number(size[0]?.[0]) / atATime)
  let repeats = 0n
  const found: number[] = []
  for (let share = 0; share < shares; share += 1) {
    const { rows } = await engine.query(
      `SELECT CAST(coalesce(sum(size - 1), 0) AS BIGINT), array_to_string(min(row, ${placesMax}), ',') ` +
        `FROM (SELECT count(*) AS size, max(rowid) + 1 AS row FROM ${table} ` +
        `WHERE hash(${names}) % ${shares} = ${share} GROUP BY ${names} HAVING count(*) > 1)`,
    )
    const [count, first] = rows[0] ?? []
    repeats += BigInt(String(count))
    if (typeof first === 'string') found.push(...first.split(',').map(Number))
  }
  const first = found.toSorted((one, two) => one - two).slice(0, placesMax)
  const places = await placesOf([repeats, first.join(',')], linesOf)
  return places === undefined
    ? []
    : [refuse('source/grain-repeats', { columns: grain.join(', '), ...places })]
}

/** A policy that lists a column which is never published, or a method its type does not take, publishes nothing. */
export const verifyPolicy = (dataset: Dataset, policy: Policy): readonly Refusal[] =>
  Object.entries(policy.datasets[dataset.dataset]?.columns ?? {}).flatMap(([name, listed]) => {
    const column = dataset.columns.find((column) => column.name === name)
    const where = `datasets.${dataset.dataset}.columns.${name}`
    return column === undefined
      ? [refuse('source/unknown-name', { where, thing: 'column', name, allowed: '-' })]
      : checkColumn(column, listed, where)
  })

/**
 * Checks what the policy says of the rows as they will be published: domains, columns that are of the entity, and for a
 * public table the grain once more. Protected rows are joined to it on its grain, at most one to each, so no two of its
 * rows may have become alike by desensitization.
 */
export const verifyPublished = async (
  engine: Engine,
  table: string,
  { dataset, policy }: { readonly dataset: Dataset; readonly policy: Policy },
): Promise<readonly Refusal[]> => {
  const listed = Object.entries(policy.datasets[dataset.dataset]?.columns ?? {})
  const refusals: Refusal[] = []
  for (const [name, column] of listed) {
    if (column.use !== 'dimension' || column.domain === undefined) continue
    const { rows } = await engine.query(outsideSql(table, name, column.domain))
    const count = Number(rows[0]?.[0])
    if (count > 0) refusals.push(refuse('source/outside-domain', { column: name, count }))
  }
  const unit = dataset.entities[0]?.column
  const constant = listed.filter(([, { ofEntity }]) => ofEntity).map(([name]) => name)
  if (unit !== undefined && constant.length > 0)
    refusals.push(...(await verifyConstant(engine, table, unit, constant)))
  const names = publishedColumns(dataset, policy).map(({ name }) => name)
  if (unit === undefined && dataset.grain.every((name) => names.includes(name)))
    refusals.push(...(await verifyGrain(engine, { table }, dataset, () => Promise.resolve([]))))
  return refusals
}

type Domain = NonNullable<Extract<ColumnPolicy, { use: 'dimension' }>['domain']>

/** Rows whose value is outside a domain. Values are counted first, so that a long list of codes is joined to few. */
const outsideSql = (table: string, name: string, domain: Domain): string => {
  const column = quoteName(name)
  const values = `(SELECT ${column} AS value, count(*) AS size FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1)`
  const inside =
    'codes' in domain
      ? `value IN (SELECT code FROM (VALUES ${domain.codes.map((code) => `(${literalSql(code)})`).join(', ')}) AS codes(code))`
      : 'range' in domain
        ? `value BETWEEN ${domain.range[0]} AND ${domain.range[1]}`
        : `value BETWEEN DATE ${quoteText(domain.dates[0])} AND DATE ${quoteText(domain.dates[1])}`
  return `SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM ${values} WHERE NOT (${inside})`
}

const literalSql = (code: string | number | boolean): string =>
  typeof code === 'string' ? quoteText(code) : String(code)

const verifyConstant = async (
  engine: Engine,
  table: string,
  unit: string,
  names: readonly string[],
): Promise<readonly Refusal[]> => {
  const varies = names.map((name, position) => {
    const column = quoteName(name)
    return `(count(${column}) NOT IN (0, count(*)) OR min(${column}) IS DISTINCT FROM max(${column})) AS v${position}`
  })
  const { rows } = await engine.query(
    `SELECT ${names.map((_, position) => `count(*) FILTER (WHERE v${position})`).join(', ')} ` +
      `FROM (SELECT ${varies.join(', ')} FROM ${table} GROUP BY ${quoteName(unit)})`,
  )
  return names.flatMap((column, position) => {
    const count = Number(rows[0]?.[position])
    return count > 0 ? [refuse('source/not-of-entity', { column, count })] : []
  })
}
