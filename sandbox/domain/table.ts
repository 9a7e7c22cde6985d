import { createHmac } from 'node:crypto'
import { desensitizeSql } from '../../policies/desensitize/method.ts'
import type { Dataset } from '../../policies/dataset.ts'
import type { Policy } from '../../policies/policy.ts'
import { publishedColumns, rankColumn } from '../../policies/published.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { quoteName, type Cell, type Engine } from '../run/engine.ts'
import { rawTable } from './load.ts'
import { identifierSql } from './register.ts'

/** One entity kind of the dataset: the temporary table with its surrogates, and its key. */
export type Mapped = {
  readonly kind: string
  readonly column: string
  readonly map: string
  readonly hmacKey: Uint8Array
}

/**
 * Writes the published table: surrogates, desensitized columns, and for every kind after the unit that the policy
 * bounds by `unitsMax`, the row's place among the rows of that entity. That place is by SHA-256 of a key of the register
 * and the row's grain: fixed for the data, unlike any order of the source. Rows lie by unit, within a unit by a hash with
 * a fresh nonce. Throws where the table is not what `publishedColumns` says.
 */
export const writePublished = async (
  engine: Engine,
  table: string,
  { dataset, policy }: { readonly dataset: Dataset; readonly policy: Policy },
  { entities, nonce }: { readonly entities: readonly Mapped[]; readonly nonce: bigint },
): Promise<void> => {
  const params: Cell[] = [nonce]
  const ranked = entities.slice(1).filter(({ kind }) => policy.kinds[kind]?.unitsMax !== undefined)
  const ranks = ranked.map((entity) => {
    const first = params.length + 1
    params.push(rankKeyOf(entity.hmacKey))
    const surrogate = surrogateSql(entity.column)
    return (
      `CASE WHEN ${surrogate} IS NOT NULL THEN row_number() OVER (PARTITION BY ${surrogate} ` +
      `ORDER BY sha256(unhex($${first}) || encode(${grainSql(dataset)}))) END AS ${quoteName(rankColumn(entity.kind))}`
    )
  })
  const columns = publishedColumns(dataset, policy)
  const values = columns.map(({ name, kind }) =>
    kind === undefined
      ? `${publishedSql(dataset, policy, name)} AS ${quoteName(name)}`
      : `${surrogateSql(name)} AS ${quoteName(name)}`,
  )
  const joins = entities.map(
    ({ column, map }) =>
      `LEFT JOIN (SELECT identifier AS ${joined(column)}, surrogate AS ${surrogateSql(column)} FROM ${map}) ` +
      `ON ${identifierSql(column)} = ${joined(column)}`,
  )
  const order = [
    ...entities.slice(0, 1).map(({ column }) => surrogateSql(column)),
    'hash(__row, $1)',
  ]
  await engine.query(
    `CREATE TABLE ${table} AS SELECT ${[...values, ...ranks].join(', ')} ` +
      `FROM (SELECT rowid AS __row, * FROM ${rawTable}) ${joins.join(' ')} ORDER BY ${order.join(', ')}`,
    params,
  )
  const expected = [
    ...columns.map(({ name, type }) => `${name} ${typeSql(type)}`),
    ...ranked.map(({ kind }) => `${rankColumn(kind)} BIGINT`),
  ]
  const made = await engine.query(`SELECT * FROM ${table} LIMIT 0`)
  const found = made.columns.map((name, position) => `${name} ${made.types[position]}`)
  if (found.join() !== expected.join()) throw new Error('a published table of another form')
}

/** A key for this use alone, in hexadecimal (RFC 5869, one step: the register's key is uniform). */
const rankKeyOf = (hmacKey: Uint8Array): string =>
  createHmac('sha256', hmacKey).update('rank').digest('hex')

/** Names that no column has: they begin with `_`. */
const joined = (column: string): string => quoteName(`__id_${column}`)
const surrogateSql = (column: string): string => quoteName(`__entity_${column}`)

/** The published value of a column of the raw rows. */
export const publishedSql = (dataset: Dataset, policy: Policy, name: string): string => {
  const column = dataset.columns.find((column) => column.name === name)
  if (column === undefined) throw new Error('a published column that is not in the catalogue')
  const steps = policy.datasets[dataset.dataset]?.columns[name]?.desensitize ?? []
  return desensitizeSql(column, steps, quoteName(name))
}

/** The grain of a row as one text, no two grains alike: each part with its length, `-` for an empty cell. */
const grainSql = ({ grain }: Dataset): string =>
  grain
    .map((name) => {
      const text = identifierSql(name)
      return `coalesce(length(${text}) || ':' || ${text}, '-')`
    })
    .join(' || ')
