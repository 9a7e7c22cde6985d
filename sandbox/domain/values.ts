import type { DatasetColumn } from '../../policies/dataset.ts'
import { quoteName, type Engine } from '../run/engine.ts'
import { isExactSql, isRoundedSql, isIdentifier, textSql, valueSql } from './cell.ts'
import type { Source } from './source.ts'

/** What the statement of `valuesSql` says of a row as a whole, in columns of these names. */
export const marks = ['__unread', '__repaired'] as const

/**
 * The values of all columns, and of a row whether a cell could not be read (`__unread`), and whether one was respelled or
 * may have been rounded (`__repaired`). In layers, so that nothing is computed twice: the texts, what is exact, the values.
 */
export const valuesSql = ({ dataset: { columns }, reader }: Source): string => {
  const layers = columns.map((column, place) => layersOf(column, String(place)))
  const texts = layers.flatMap(({ texts }) => texts)
  const exact = layers.flatMap(({ exact }) => exact)
  const values = layers.flatMap(({ values }) => values)
  const marked = marks.map((mark) => `${anySql(layers.flatMap((layer) => layer[mark]))} AS ${mark}`)
  return (
    `SELECT ${[...layers.map(({ final }) => final), ...marked].join(', ')} ` +
    `FROM (SELECT ${['*', ...values].join(', ')} FROM (SELECT ${['*', ...exact].join(', ')} ` +
    `FROM (SELECT ${texts.join(', ')} FROM ${reader})))`
  )
}

type Layers = {
  readonly texts: readonly string[]
  readonly exact: readonly string[]
  readonly values: readonly string[]
  readonly final: string
} & { readonly [mark in (typeof marks)[number]]: readonly string[] }

const layersOf = (column: DatasetColumn, place: string): Layers => {
  const name = quoteName(column.name)
  const [file, exact, value] = [`__file${place}`, `__exact${place}`, `__value${place}`]
  const isRespelt = isIdentifier(column)
  const texts = [`${textSql(column)} AS ${name}`, ...(isRespelt ? [`${name} AS ${file}`] : [])]
  const respelt = isRespelt ? [`(${file} <> ${name})`] : []
  if (column.type === 'text')
    return { texts, exact: [], values: [], final: name, __unread: [], __repaired: respelt }
  const exactSql = isExactSql(column)
  const rounded = exactSql === undefined ? [] : [`(NOT ${exact} AND ${value} IS NOT NULL)`]
  return {
    texts,
    exact: exactSql === undefined ? [] : [`${exactSql} AS ${exact}`],
    values: [`${valueSql(column, exactSql && exact)} AS ${value}`],
    final: `${value} AS ${name}`,
    __unread: [`(${name} IS NOT NULL AND ${value} IS NULL)`],
    __repaired: [...respelt, ...rounded],
  }
}

const anySql = (conditions: readonly string[]): string =>
  conditions.length === 0 ? 'false' : `coalesce(${conditions.join(' OR ')}, false)`

/** Cells of a column that were rounded to the declared scale, and identifiers that were respelled. */
export type Repairs = ReadonlyMap<string, { readonly rounded: number; readonly respelled: number }>

/** Reads the file again and counts. */
export const countRepairs = async (
  engine: Engine,
  { dataset: { columns }, reader }: Source,
): Promise<Repairs> => {
  const counts = columns.flatMap((column) => {
    const changed = isIdentifier(column)
      ? `${textSql(column)} <> ${quoteName(column.name)}`
      : undefined
    return [isRoundedSql(column), changed].map((sql) =>
      sql === undefined ? '0' : `count(*) FILTER (WHERE ${sql})`,
    )
  })
  const { rows } = await engine.query(`SELECT ${counts.join(', ')} FROM ${reader}`)
  return new Map(
    columns.map(({ name }, place) => [
      name,
      { rounded: Number(rows[0]?.[2 * place]), respelled: Number(rows[0]?.[2 * place + 1]) },
    ]),
  )
}
